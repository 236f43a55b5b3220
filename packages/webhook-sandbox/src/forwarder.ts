import { setTimeout as sleep } from 'node:timers/promises'
import type { Delivery, Forward } from './delivery.ts'
import type { Disturbance } from './disturbance.ts'

/** How long your own app may take to answer, in milliseconds. */
const PATIENCE = 20_000
/** How long a delivery that is held back waits for another one to go first, in milliseconds. */
const LONGEST_HOLD = 10_000

/** Names the forwarder to the receiver, which refuses its own deliveries. */
export const USER_AGENT = 'tollgate-webhook-receiver'

/** What an app needs to verify the signature. */
const PASSED_ON = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature', 'webhook-test']

interface ForwarderOptions {
  target(): string | null
  disturbance(): Disturbance
}

/** Passes deliveries on to your own app, each as it came, and disturbed as set. */
export class Forwarder {
  readonly #options: ForwarderOptions
  readonly #closing = new AbortController()
  /** Ends the wait of the delivery that is held back. */
  #release: (() => void) | undefined

  constructor(options: ForwarderOptions) {
    this.#options = options
  }

  /** Passes on a delivery that just arrived, unless it is to be dropped. */
  async pass(delivery: Delivery): Promise<void> {
    const { drop, duplicate, reorder, delayMs } = this.#options.disturbance()
    if (this.#options.target() === null) return
    if (Math.random() < drop) {
      delivery.isDropped = true
      return
    }
    if (delayMs > 0) await this.#sleep(delayMs)
    const isHeld = Math.random() < reorder && !this.#release
    if (isHeld) await this.#held()
    await this.send(delivery)
    if (Math.random() < duplicate) await this.send(delivery)
    if (!isHeld) this.#release?.()
  }

  /** Passes a delivery on at once. */
  async send(delivery: Delivery): Promise<void> {
    const target = this.#options.target()
    if (target === null || this.#closing.signal.aborted) return
    delivery.forwards.push({ at: new Date().toISOString(), ...(await this.#post(target, delivery)) })
  }

  close(): void {
    this.#closing.abort()
    this.#release?.()
  }

  /** Waits until another delivery has been passed on, at most for a while. */
  async #held(): Promise<void> {
    const ended = new AbortController()
    this.#release = () => ended.abort()
    await sleep(LONGEST_HOLD, undefined, { signal: ended.signal }).catch(() => {})
    this.#release = undefined
  }

  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => {})
  }

  async #post(target: string, { headers, body }: Delivery): Promise<Omit<Forward, 'at'>> {
    const passed = PASSED_ON.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]))
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: { ...Object.fromEntries(passed), 'user-agent': USER_AGENT },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(PATIENCE)]),
      })
      await response.arrayBuffer()
      return { status: response.status, error: null }
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      return { status: null, error: cause instanceof Error ? cause.message || cause.name : String(cause) }
    }
  }
}
