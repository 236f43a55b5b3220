import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from './cannot-start.ts'
import { startChild, type Child, type Command } from './child-process.ts'

export interface Service extends Command {
  /** As people call it: `API`, `mail inbox`. */
  title: string
  /** Resolves once this child answers; the signal ends the waiting. */
  isReady(child: Child, signal: AbortSignal): Promise<void>
}

export interface SupervisorEvents {
  /** At every start and restart, before it is ready. */
  onStart(pid: number): void
  /** It ended by itself and is about to be started again. */
  onDeath(how: string): void
}

export interface Supervised extends AsyncDisposable {
  /** Resolves once the service first answers; rejects with `CannotStart` when it ends, or is silent, before that. */
  ready: Promise<void>
}

/** A slow machine with other work may need a while. */
const STARTUP_PATIENCE = 120_000
const STOP_PATIENCE = 12_000
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000
/** One that ran this long had nothing wrong with its start: the next pause is a short one again. */
const SETTLED = 10_000

/** Runs a service until disposed of, and starts it again within seconds whenever it ends by itself. */
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
          `The ${service.title} ended while starting (${how}), see ${service.logFile}:\n${child.lastLines()}`,
        )
      }),
      sleep(STARTUP_PATIENCE, undefined, { signal }).then(() => {
        throw new CannotStart(`The ${service.title} gave no answer for two minutes, see ${service.logFile}.`)
      }),
    ])
    stopping.throwIfAborted()
  } finally {
    waiting.abort()
  }
}

/** Ready once this URL answers with a success. */
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

/** Ready once it prints a line that holds this text: for a program without a port. */
export function prints(text: string): Service['isReady'] {
  return (child) => new Promise((resolve) => child.onLine((line) => line.includes(text) && resolve()))
}
