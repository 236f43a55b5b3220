/** How callbacks go wrong: shares from 0 to 1, and a delay for all of them. */
export interface CallbackChaos {
  readonly drop: number
  readonly duplicate: number
  readonly reorder: number
  readonly delayMs: number
}

/** How an API call fails. */
export interface CallFailure {
  readonly status?: number
  /** Never answer. */
  readonly timeout?: boolean
  /** Break the connection. */
  readonly reset?: boolean
  /** Carry out the call, then fail: the effect is there, its answer is lost. */
  readonly afterExecution?: boolean
  /** Delay the answer, which succeeds unless another failure is set, too. */
  readonly delayMs?: number
  /** Only calls whose path contains this text count. */
  readonly path?: string
}

/** The bad days that the controls can cause. They are forgotten when the sandbox stops. */
export class Chaos {
  callbacks: CallbackChaos = { drop: 0, duplicate: 0, reorder: 0, delayMs: 0 }
  /** Whether every API call is answered with 503, and the checkout page is unavailable. */
  isDown = false
  /** How long every API call takes at least. */
  slowMs = 0
  #failure: CallFailure = {}
  #remaining = 0

  failNext(count: number, failure: CallFailure): void {
    this.#remaining = count
    this.#failure = failure
  }

  get remaining(): number {
    return this.#remaining
  }

  /** Takes the failure of an API call from the count; null if it is not to fail. */
  nextFailure(path: string): CallFailure | null {
    if (this.#remaining <= 0 || !path.includes(this.#failure.path ?? '')) return null
    this.#remaining -= 1
    return this.#failure
  }
}
