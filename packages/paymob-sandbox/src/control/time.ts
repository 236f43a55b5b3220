import type { Paymob } from '../callbacks/paymob.ts'
import type { FollowedClock } from '../clock/followed-clock.ts'
import { advanceTo, catchUp } from '../subscriptions/due.ts'

/** How long an advance waits for the next callback to be delivered. */
const CALLBACK_PATIENCE_MS = 60_000

/** The sandbox's time: its own, or that of another sandbox which it follows. */
export class Timekeeper {
  readonly #paymob: Paymob
  readonly #followed: FollowedClock | null

  constructor(paymob: Paymob, followed: FollowedClock | null) {
    this.#paymob = paymob
    this.#followed = followed
  }

  /** Does everything that is due by now. */
  async catchUp(): Promise<void> {
    const time = await this.#followed?.now()
    // The other clock counts in whole seconds, and must not pull this one back and forth.
    if (typeof time === 'number' && time > this.#paymob.clock.now()) advanceTo(this.#paymob, time)
    else catchUp(this.#paymob)
  }

  /** Moves the clock forward, does everything that is due on the way, and waits until its callbacks are delivered. */
  async advance(to: number): Promise<void> {
    await this.#followed?.advance(to)
    advanceTo(this.#paymob, to)
    this.#paymob.state.save()
    await this.#paymob.deliverer.drained(CALLBACK_PATIENCE_MS)
  }
}
