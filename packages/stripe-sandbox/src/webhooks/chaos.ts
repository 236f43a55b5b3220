import type { Response } from 'express'

/** How deliveries go wrong: shares from 0 to 1, and a delay for all. */
export interface DeliveryChaos {
  readonly drop: number
  readonly duplicate: number
  readonly reorder: number
  readonly delayMs: number
}

/** How the next API calls go wrong. */
export interface CallFailure {
  readonly status?: number
  /** Never answer. */
  readonly timeout?: boolean
  /** Break the connection. */
  readonly reset?: boolean
  /** Do what was asked, and then fail. */
  readonly afterExecution?: boolean
  /** Keep a failure of 500 or more under the idempotency key, as Stripe keeps its own: a repeat gets it again. */
  readonly kept?: boolean
  /** Answer late, and well unless something else is asked for too. */
  readonly delayMs?: number
}

const CALM: DeliveryChaos = { drop: 0, duplicate: 0, reorder: 0, delayMs: 0 }

/** The bad days that can be had at the press of a button. They are forgotten when the sandbox stops. */
export class Chaos {
  deliveries: DeliveryChaos = CALM
  #failure: CallFailure | null = null
  #remaining = 0

  failNext(count: number, failure: CallFailure): void {
    this.#remaining = count
    this.#failure = failure
  }

  /** What the call at hand is to suffer, counted down. */
  nextFailure(): CallFailure | null {
    if (this.#remaining <= 0) return null
    this.#remaining -= 1
    return this.#failure
  }

  get remaining(): number {
    return this.#remaining
  }

  /** Fails the response as asked; false if there is nothing to do but be late. */
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

/** What a call that fails with this status is told. */
export function failureAnswer(status: number | undefined): { status: number; body: string } | null {
  if (status === undefined) return null
  const error = {
    type: status === 429 ? 'rate_limit_error' : 'api_error',
    ...(status === 429 && { code: 'rate_limit' }),
    message: 'This failure was asked for at /_/fail-next.',
  }
  return { status, body: JSON.stringify({ error }) }
}
