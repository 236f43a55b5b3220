import { setTimeout as sleep } from 'node:timers/promises'
import type { CallbackRow } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import type { Chaos } from './chaos.ts'
import { Turns } from './turns.ts'

interface DeliveryOptions {
  /** Milliseconds from each failed attempt to the next. Paymob's documentation names no retries. */
  readonly retryDelaysMs: readonly number[]
  /** How long a receiver may take to answer. */
  readonly timeoutMs: number
}

/** Maximum random delay of a callback that is reordered or duplicated. */
const REORDER_MS = 400

/** Maximum number of callbacks that are sent at the same time, in the order in which they were made. */
const CONCURRENCY = 8

/** Sends callbacks, outside the requests that caused them. */
export class Deliverer {
  readonly #state: State
  readonly #chaos: Chaos
  readonly #options: DeliveryOptions
  #running = 0
  /** Called whenever a callback has ended. */
  readonly #watchers = new Set<() => void>()
  readonly #turns = new Turns(CONCURRENCY)
  readonly #closing = new AbortController()

  constructor(state: State, chaos: Chaos, options: DeliveryOptions) {
    this.#state = state
    this.#chaos = chaos
    this.#options = options
  }

  /** Resumes the callbacks that were pending when the sandbox stopped. */
  start(): void {
    for (const row of this.#state.callbacks.all()) if (row.status === 'pending') this.#run(row, 0)
  }

  /** Sends a new callback, unless chaos has other plans for it. */
  admit(row: CallbackRow): void {
    const { drop, duplicate, reorder, delayMs } = this.#chaos.callbacks
    if (Math.random() < drop) {
      row.status = 'dropped'
      return
    }
    this.#run(row, delayMs + (Math.random() < reorder ? Math.random() * REORDER_MS : 0))
    if (Math.random() < duplicate) this.#run(row, delayMs + Math.random() * REORDER_MS)
  }

  /** Sends exactly these bytes again, however long ago they were first sent. */
  resend(row: CallbackRow): void {
    row.status = 'pending'
    this.#run(row, 0)
  }

  /** Waits until no callback is on its way, or until none has ended for `patienceMs`. */
  async drained(patienceMs: number): Promise<void> {
    if (this.#running === 0) return
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        this.#watchers.delete(strike)
        clearTimeout(timer)
        resolve()
      }
      const strike = (): void => {
        if (this.#running === 0) finish()
        else timer.refresh()
      }
      const timer = setTimeout(finish, patienceMs)
      this.#watchers.add(strike)
    })
  }

  close(): void {
    this.#closing.abort()
  }

  #run(row: CallbackRow, delayMs: number): void {
    this.#running += 1
    void this.#deliver(row, delayMs)
      .catch(() => undefined) // aborted by close
      .finally(() => {
        this.#running -= 1
        for (const watcher of this.#watchers) watcher()
      })
  }

  async #deliver(row: CallbackRow, delayMs: number): Promise<void> {
    const { signal } = this.#closing
    // Always after the request that caused it, as at Paymob.
    await sleep(delayMs, undefined, { signal })
    for (const retryDelay of [...this.#options.retryDelaysMs, null]) {
      const status = await this.#turns.take(() => this.#post(row))
      signal.throwIfAborted()
      row.attempts += 1
      row.responseStatus = status
      if (status !== null && status >= 200 && status < 300) {
        row.status = 'delivered'
        this.#state.save()
        return
      }
      if (retryDelay !== null) await sleep(retryDelay, undefined, { signal })
    }
    // The second copy of a duplicate must not undo the success of the first.
    if (row.status !== 'delivered') row.status = 'failed'
    this.#state.save()
  }

  /** @returns the status of the response, or null if there was none in time. Redirects are not followed. */
  async #post({ url, hmac, body }: CallbackRow): Promise<number | null> {
    const target = new URL(url)
    if (hmac !== null) target.searchParams.set('hmac', hmac)
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#options.timeoutMs)]),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return null
    }
  }
}
