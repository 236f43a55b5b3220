import { DomainError } from '../platform/errors/errors.ts'

export class ServiceKeyNotFound extends DomainError {
  static readonly when = 'There is no service key with this id.'
  readonly reason = 'SERVICE_KEY_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This service key does not exist.')
  }
}

/** Every call that waits keeps a connection open. */
export class TooManyWaitingCalls extends DomainError {
  static readonly when =
    'This service key has 50 waiting calls in this process already. Call without `wait`, let one reader serve the whole program, or give each program a key of its own.'
  readonly reason = 'TOO_MANY_WAITING_CALLS'
  readonly code = 'TOO_MANY_REQUESTS'
  override readonly retryAfter = 5

  constructor(atOnce: number) {
    super(
      `${atOnce} calls of this service key are waiting already. Call without wait, or use another key for another program.`,
    )
  }
}
