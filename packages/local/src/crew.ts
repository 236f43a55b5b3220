import { CannotStart } from './cannot-start.ts'
import { startChild, type Child, type Command } from './child-process.ts'
import type { RunLock } from './run-lock.ts'
import { supervise, type Service, type Supervised } from './supervisor.ts'

export interface CrewEvents {
  /** Prints a line about the stack: a part is ready, has died, or restarts. */
  say(line: string): void
  /** Cancels the start. The parts that are already running are stopped, too. */
  signal: AbortSignal
}

/** A program that runs once and ends. */
export interface Task extends Command {
  /** The name shown to people: `migrations`. */
  title: string
}

/** How long a task gets to stop, in milliseconds. */
const TASK_PATIENCE = 5_000

/** The processes of one run. They are recorded in the lock, reported in the terminal, and stopped together. */
export class Crew implements AsyncDisposable {
  readonly #services: Supervised[] = []
  readonly #tasks = new Set<Child>()
  readonly #lock: RunLock
  readonly #events: CrewEvents
  /** Rejects when the start is canceled; never resolves. */
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
   * Starts a service and waits until it answers. It is restarted whenever it dies, until the crew is disposed of.
   *
   * @param onStart gets the pid at every start and restart.
   * @throws {CannotStart} when the service ends or times out before it is ready.
   */
  async add(service: Service, onStart: (pid: number) => void = () => undefined): Promise<void> {
    const { say, signal } = this.#events
    signal.throwIfAborted()
    const supervised = supervise(service, {
      onStart: (pid) => {
        this.#lock.remember(service.title, pid)
        onStart(pid)
      },
      onDeath: (how) => say(`${service.title} died (${how}); restarting it`),
    })
    this.#services.push(supervised)
    await timed(service.title, Promise.race([supervised.ready, this.#aborted]), say)
  }

  /**
   * Runs a task to its end.
   *
   * @throws {CannotStart} when the task fails; the message has the last lines of its output.
   */
  async finish(task: Task): Promise<void> {
    const { say, signal } = this.#events
    signal.throwIfAborted()
    const child = startChild(task)
    this.#tasks.add(child)
    this.#lock.remember(task.title, child.pid)

    const outcome = child.ended.then(({ ok, how }) => {
      this.#tasks.delete(child)
      if (!ok)
        throw new CannotStart(`Setup step "${task.title}" failed (${how}). Log: ${task.logFile}\n${child.lastLines()}`)
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

/** Waits for `work`, then prints how long it took. */
export async function timed<T>(title: string, work: Promise<T>, say: (line: string) => void): Promise<T> {
  const startedAt = performance.now()
  const result = await work
  say(`${title} ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return result
}
