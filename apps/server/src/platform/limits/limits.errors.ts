import { SECOND } from '../durations.ts'
import { DomainError } from '../errors/errors.ts'

/** A subject has used up its points in the current period. */
export class RateLimited extends DomainError {
  static readonly when = 'Too many calls, or too many wrong passwords or codes. Try again after `retryAfter` seconds.'
  readonly reason = 'RATE_LIMITED'
  readonly code = 'TOO_MANY_REQUESTS'
  override readonly retryAfter: number

  constructor(msToWait: number) {
    const seconds = Math.max(1, Math.ceil(msToWait / SECOND))
    super(`Too many requests. Please try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`)
    this.retryAfter = seconds
  }
}

/** Too much work is waiting already. The caller had better come back than wait for minutes. */
export class Busy extends DomainError {
  static readonly when =
    'Too many such calls are waiting already, or others kept changing the same thing first. Try again after `retryAfter` seconds.'
  readonly reason = 'BUSY'
  readonly code = 'SERVICE_UNAVAILABLE'
  override readonly retryAfter = 2

  constructor() {
    super('The server is busy. Please try again in a moment.')
  }
}
