import type { Response } from 'express'

/** How deliveries fail: shares from 0 to 1, and a delay for all of them. */
export interface DeliveryChaos {
  readonly drop: number
  readonly duplicate: number
  readonly reorder: number
  readonly delayMs: number
}

/** How the next API calls fail. */
export interface CallFailure {
  readonly status?: number
  /** Never answer. */
  readonly timeout?: boolean
  /** Break the connection. */
  readonly reset?: boolean
  /** Carry out the call, then fail. */
  readonly afterExecution?: boolean
  /**
   * Keep a failure of 500 or more under the idempotency key, as Stripe does with its own, so that a retry gets it
   * again.
   */
  readonly kept?: boolean
  /** Delay the response, which succeeds unless another failure is set, too. */
  readonly delayMs?: number
}

const CALM: DeliveryChaos = { drop: 0, duplicate: 0, reorder: 0, delayMs: 0 }

/** The failures that the controls can cause. They are forgotten when the sandbox stops. */
export class Chaos {
  deliveries: DeliveryChaos = CALM
  #failure: CallFailure | null = null
  #remaining = 0

  failNext(count: number, failure: CallFailure): void {
    this.#remaining = count
    this.#failure = failure
  }

  /** Takes the failure of the current call from the count; null if it is not to fail. */
  nextFailure(): CallFailure | null {
    if (this.#remaining <= 0) return null
    this.#remaining -= 1
    return this.#failure
  }

  get remaining(): number {
    return this.#remaining
  }

  /**
   * Makes a response fail.
   *
   * @returns false if the failure is only a delay.
   */
  fail({ status, timeout, reset }: CallFailure, response: Response): boolean {
    if (reset) {
      response.socket?.destroy()
      return true
    }
    if (timeout) return true
    const answer = failureAnswer(status)
    if (!answer) return false
    response.status(answer.status).type('application/json').send(answer.body)
    return true
  }
}

/** The response of a call that fails with this status; null without one. */
export function failureAnswer(status: number | undefined): { status: number; body: string } | null {
  if (status === undefined) return null
  const error = {
    type: status === 429 ? 'rate_limit_error' : 'api_error',
    ...(status === 429 && { code: 'rate_limit' }),
    message: 'This failure was requested at /_/fail-next.',
  }
  return { status, body: JSON.stringify({ error }) }
}
