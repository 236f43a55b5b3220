/** Any error of this package. */
export class TollgateError extends Error {
  override readonly name: string = 'TollgateError'
}

/** An option, or what was passed to a function, is wrong. Fix the program: a repeat fails in the same way. */
export class TollgateMisuse extends TollgateError {
  override readonly name = 'TollgateMisuse'
}

/** The backend could not be reached, did not answer in time, or failed. It may work later. */
export class TollgateUnavailable extends TollgateError {
  override readonly name = 'TollgateUnavailable'
}

/** What an error of the backend says about itself. */
export interface RefusalFacts {
  /** The HTTP status. */
  readonly status: number
  /** One stable word, such as `ACCOUNT_NOT_FOUND`. Decide by it. */
  readonly reason: string
  /** Sentences about invalid fields by the field's name, with `INVALID_INPUT`. */
  readonly fieldErrors?: Readonly<Record<string, string>> | undefined
  /** In how many seconds a repeat makes sense, with `RATE_LIMITED` and `TOO_MANY_WAITING_CALLS`. */
  readonly retryAfter?: number | undefined
  /** Finds the request in the backend's log. */
  readonly requestId?: string | undefined
}

/** The backend answered, and refused the call. */
export class TollgateRefusal extends TollgateError implements RefusalFacts {
  override readonly name = 'TollgateRefusal'
  readonly status: number
  readonly reason: string
  readonly fieldErrors: Readonly<Record<string, string>> | undefined
  readonly retryAfter: number | undefined
  readonly requestId: string | undefined

  constructor(message: string, facts: RefusalFacts) {
    super(message)
    this.status = facts.status
    this.reason = facts.reason
    this.fieldErrors = facts.fieldErrors
    this.retryAfter = facts.retryAfter
    this.requestId = facts.requestId
  }
}
