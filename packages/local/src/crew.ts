import type { RunLock } from './run-lock.ts'
import { supervise, type Service, type Supervised } from './supervisor.ts'

export interface CrewEvents {
  /** Something worth a line happened: a part is ready, died, was started again. */
  say(line: string): void
  /** Stops the start; what runs by then is stopped as well. */
  signal: AbortSignal
}

/** The services of one run: the lock knows their processes, the terminal hears of them, they end together. */
export class Crew implements AsyncDisposable {
  readonly #members: Supervised[] = []
  readonly #lock: RunLock
  readonly #events: CrewEvents

  /** Never resolves. */
  readonly #aborted: Promise<never>

  constructor(lock: RunLock, events: CrewEvents) {
    const { promise, reject } = Promise.withResolvers<never>()
    promise.catch(() => undefined)
    events.signal.addEventListener('abort', () => reject(events.signal.reason), { once: true })
    this.#aborted = promise
    this.#lock = lock
    this.#events = events
  }

  /**
   * Starts a service and waits until it answers; it is started again for as long as the crew lives.
   *
   * @param onStart hears the pid at every start and restart.
   * @throws {CannotStart} it ended, or said nothing, before it was ready.
   */
  async add(service: Service, onStart: (pid: number) => void = () => undefined): Promise<void> {
    const { say, signal } = this.#events
    signal.throwIfAborted()
    const member = supervise(service, {
      onStart: (pid) => {
        this.#lock.remember(service.title, pid)
        onStart(pid)
      },
      onDeath: (how) => say(`${service.title} ended by itself (${how}); starting it again`),
    })
    this.#members.push(member)
    await timed(service.title, Promise.race([member.ready, this.#aborted]), say)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member[Symbol.asyncDispose]()))
  }
}

/** Says how long it took until something was ready. */
export async function timed<T>(title: string, work: Promise<T>, say: (line: string) => void): Promise<T> {
  const startedAt = performance.now()
  const result = await work
  say(`${title} ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return result
}
