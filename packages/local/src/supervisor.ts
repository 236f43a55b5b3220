import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from './cannot-start.ts'
import { startChild, type Child, type Command } from './child-process.ts'

export interface Service extends Command {
  /** The name shown to people: `API`, `mail inbox`. */
  title: string
  /** Resolves when this child is ready, or when the signal aborts. */
  isReady(child: Child, signal: AbortSignal): Promise<void>
}

export interface SupervisorEvents {
  /** Called at every start and restart, before the service is ready. */
  onStart(pid: number): void
  /** Called when the service has died, before it is restarted. */
  onDeath(how: string): void
}

export interface Supervised extends AsyncDisposable {
  /** Resolves when the service is first ready. Rejects with `CannotStart` if it exits or times out before that. */
  ready: Promise<void>
}

// Durations in milliseconds.
/** How long a service may take to start. Generous, for a slow or busy machine. */
const STARTUP_PATIENCE = 120_000
/** How long a service gets to stop. */
const STOP_PATIENCE = 12_000
/** How long to wait before the first restart. Each further restart waits twice as long as the one before. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000
/** After running this long, a service waits only for the first pause again. */
const SETTLED = 10_000

/** Runs a service until disposed of, and restarts it within seconds when it dies. */
export function supervise(service: Service, { onStart, onDeath }: SupervisorEvents): Supervised {
  const stopping = new AbortController()
  const isStopping = () => stopping.signal.aborted
  let child = start()
  const ready = whenReady(service, child, stopping.signal)
  const kept = ready.then(keepAlive, () => undefined)

  function start() {
    const started = startChild(service)
    onStart(started.pid)
    return started
  }

  async function keepAlive() {
    let pause = FIRST_PAUSE
    for (;;) {
      const startedAt = Date.now()
      const { how } = await child.ended
      if (isStopping()) return
      onDeath(how)
      if (Date.now() - startedAt > SETTLED) pause = FIRST_PAUSE
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (isStopping()) return
      pause = Math.min(pause * 2, LONGEST_PAUSE)
      child = start()
    }
  }

  return {
    ready,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await child.stop(STOP_PATIENCE)
      await kept
    },
  }
}

async function whenReady(service: Service, child: Child, stopping: AbortSignal): Promise<void> {
  const waiting = new AbortController()
  const signal = AbortSignal.any([waiting.signal, stopping])
  try {
    await Promise.race([
      service.isReady(child, signal),
      child.ended.then(({ how }) => {
        throw new CannotStart(
          `The ${service.title} exited during its start (${how}). Log: ${service.logFile}\n${child.lastLines()}`,
        )
      }),
      sleep(STARTUP_PATIENCE, undefined, { signal }).then(() => {
        throw new CannotStart(`The ${service.title} did not start within two minutes. Log: ${service.logFile}`)
      }),
    ])
    stopping.throwIfAborted()
  } finally {
    waiting.abort()
  }
}

/** Ready when this URL answers with a 2xx status. */
export function answersAt(url: string): Service['isReady'] {
  return async (_child, signal) => {
    while (!signal.aborted) {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) }).catch(
        () => undefined,
      )
      await response?.body?.cancel()
      if (response?.ok) return
      await sleep(50, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Ready when the program prints a line with this text. For programs without a port. */
export function prints(text: string): Service['isReady'] {
  return (child) => new Promise((resolve) => child.onLine((line) => line.includes(text) && resolve()))
}
