/** The error codes of tRPC that this product answers with; each has one HTTP status. */
export const HTTP_STATUS = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  PAYMENT_REQUIRED: 402,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_SUPPORTED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
} as const

export type ErrorCode = keyof typeof HTTP_STATUS

/**
 * Something that a caller did or met and can be told about: a reason for programs, a sentence for people.
 *
 * Everything else that is thrown is a fault of ours; its text never leaves the server.
 */
export abstract class DomainError extends Error {
  abstract readonly reason: string
  abstract readonly code: ErrorCode
  /** Dotted path of each bad input field, with a sentence about it. */
  readonly fieldErrors?: Record<string, string>
  /** Seconds until it is worth trying again. */
  readonly retryAfter?: number

  override get name() {
    return this.constructor.name
  }
}

/** Input that is well-formed but not acceptable, found by a rule that a schema can't express. */
export class InvalidInput extends DomainError {
  readonly reason = 'INVALID_INPUT'
  readonly code = 'BAD_REQUEST'
  override readonly fieldErrors: Record<string, string>

  constructor(fieldErrors: Record<string, string>) {
    super('Some of the values given are not acceptable.')
    this.fieldErrors = fieldErrors
  }
}

/** No access token, a bad one, or one of a session that has ended. */
export class InvalidToken extends DomainError {
  readonly reason = 'INVALID_TOKEN'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('Please log in.')
  }
}

export class AccountDisabled extends DomainError {
  readonly reason = 'ACCOUNT_DISABLED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('This account has been disabled.')
  }
}

export class EmailNotVerified extends DomainError {
  readonly reason = 'EMAIL_NOT_VERIFIED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Please verify your e-mail address first: use the link in the mail that we sent you.')
  }
}

export class AdminOnly extends DomainError {
  readonly reason = 'ADMIN_ONLY'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('This is for administrators.')
  }
}

/** A browser page of an origin that is not on the list tried to use the refresh cookie. */
export class OriginNotAllowed extends DomainError {
  readonly reason = 'ORIGIN_NOT_ALLOWED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Requests from this origin are not allowed.')
  }
}

/** A body that is not JSON, or was cut off. */
export class UnreadableRequest extends DomainError {
  readonly reason = 'INVALID_INPUT'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('The request could not be read: its address or its JSON is not valid.')
  }
}

export class PayloadTooLarge extends DomainError {
  readonly reason = 'PAYLOAD_TOO_LARGE'
  readonly code = 'PAYLOAD_TOO_LARGE'

  constructor() {
    super('The request is too large.')
  }
}

export class UnsupportedMediaType extends DomainError {
  readonly reason = 'UNSUPPORTED_MEDIA_TYPE'
  readonly code = 'UNSUPPORTED_MEDIA_TYPE'

  constructor() {
    super('The body must be JSON in UTF-8, not compressed, with the header Content-Type: application/json.')
  }
}
