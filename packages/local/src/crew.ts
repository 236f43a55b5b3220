import { CannotStart } from './cannot-start.ts'
import { startChild, type Child, type Command } from './child-process.ts'
import type { RunLock } from './run-lock.ts'
import { supervise, type Service, type Supervised } from './supervisor.ts'

export interface CrewEvents {
  /** Something worth a line happened: a part is ready, died, was started again. */
  say(line: string): void
  /** Stops the start; what runs by then is stopped as well. */
  signal: AbortSignal
}

/** A program that does its work and ends. */
export interface Task extends Command {
  /** As people call it: `migrations`. */
  title: string
}

const TASK_PATIENCE = 5_000

/** The processes of one run: the lock knows them, the terminal hears of them, they end together. */
export class Crew implements AsyncDisposable {
  readonly #services: Supervised[] = []
  readonly #tasks = new Set<Child>()
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
    const supervised = supervise(service, {
      onStart: (pid) => {
        this.#lock.remember(service.title, pid)
        onStart(pid)
      },
      onDeath: (how) => say(`${service.title} ended by itself (${how}); starting it again`),
    })
    this.#services.push(supervised)
    await timed(service.title, Promise.race([supervised.ready, this.#aborted]), say)
  }

  /**
   * Runs a task to its end.
   *
   * @throws {CannotStart} it failed, with its last words.
   */
  async finish(task: Task): Promise<void> {
    const { say, signal } = this.#events
    signal.throwIfAborted()
    const child = startChild(task)
    this.#tasks.add(child)
    this.#lock.remember(task.title, child.pid)

    const outcome = child.ended.then(({ ok, how }) => {
      this.#tasks.delete(child)
      if (!ok) throw new CannotStart(`The ${task.title} failed (${how}), see ${task.logFile}:\n${child.lastLines()}`)
    })
    await timed(task.title, Promise.race([outcome, this.#aborted]), say)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      ...this.#services.map((service) => service[Symbol.asyncDispose]()),
      ...[...this.#tasks].map((task) => task.stop(TASK_PATIENCE)),
    ])
  }
}

/** Says how long it took until something was ready. */
export async function timed<T>(title: string, work: Promise<T>, say: (line: string) => void): Promise<T> {
  const startedAt = performance.now()
  const result = await work
  say(`${title} ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return result
}
