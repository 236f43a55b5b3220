import type { State } from '../state/state.ts'

/** The sandbox's billing time: the wall clock and an offset that grows when the clock is advanced. */
export class Clock {
  readonly #state: State
  /** The time of the due work that is being done. */
  #fixed: number | null = null

  constructor(state: State) {
    this.#state = state
  }

  now(): number {
    return this.#fixed ?? Date.now() + this.#state.clockOffset
  }

  /** Moves the clock forward. An earlier time does nothing. */
  moveTo(time: number): void {
    this.#state.clockOffset = Math.max(this.#state.clockOffset, time - Date.now())
  }

  /** Does `work` while the clock stands still at this time. */
  at(time: number, work: () => void): void {
    this.#fixed = time
    try {
      work()
    } finally {
      this.#fixed = null
    }
  }
}
