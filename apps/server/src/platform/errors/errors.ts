/** tRPC's error codes that are used here, each with its HTTP status. */
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
 * A refusal that a caller can understand: a reason for programs, a sentence for people.
 *
 * Everything else that is thrown is a fault of the server, and its text never leaves the server.
 *
 * Each class also has a static `when`, which says when it is thrown and what the caller can do. The table of all
 * reasons in docs/contract/errors.md is generated from it.
 */
export abstract class DomainError extends Error {
  abstract readonly reason: string
  abstract readonly code: ErrorCode
  /** Dotted path of each bad input field, with a sentence about it. */
  readonly fieldErrors?: Record<string, string>
  /** Seconds to wait before another try. */
  readonly retryAfter?: number
  /** The cheapest plan that would allow what was denied. */
  readonly unlockedBy?: { planCode: string } | undefined
  /** Why the caller's session has ended, if they may know. */
  readonly endedBecause?: 'LOGGED_IN_ELSEWHERE' | undefined

  override get name() {
    return this.constructor.name
  }
}

/** Found by a schema, or by a rule that a schema can't express. */
export class InvalidInput extends DomainError {
  static readonly when = 'A value is invalid; `fieldErrors` names each bad field.'
  readonly reason = 'INVALID_INPUT'
  readonly code = 'BAD_REQUEST'
  override readonly fieldErrors: Record<string, string>

  constructor(fieldErrors: Record<string, string>) {
    super('Some values are invalid.')
    this.fieldErrors = fieldErrors
  }
}

/** Two people change the same thing, and the second one has not seen what the first one did. */
export class RevisionStale extends DomainError {
  static readonly when =
    'It was changed after the caller read it, as its `revision` shows. Nothing has changed. Read it again, and repeat the change if it is still right.'
  readonly reason = 'REVISION_STALE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This was changed after you opened it. Load it again, then repeat your change.')
  }
}

export class InvalidToken extends DomainError {
  static readonly when =
    'The access token is missing or invalid, or its session has ended. Refresh the session, or log in.'
  readonly reason = 'INVALID_TOKEN'
  readonly code = 'UNAUTHORIZED'

  constructor(message = 'Please log in.') {
    super(message)
  }
}

export class AccountDisabled extends DomainError {
  static readonly when =
    'The account is closed or an admin disabled it. Only callers who proved that the account is theirs see this.'
  readonly reason = 'ACCOUNT_DISABLED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('This account has been disabled.')
  }
}

export class EmailNotVerified extends DomainError {
  static readonly when = "The account's email address is not verified yet. Use the link in the verification mail."
  readonly reason = 'EMAIL_NOT_VERIFIED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Please verify your email address first. Use the link in the email that we sent you.')
  }
}

export class AdminOnly extends DomainError {
  static readonly when = 'The caller is not an administrator, or lost that right a moment ago.'
  readonly reason = 'ADMIN_ONLY'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Only administrators can do this.')
  }
}

/** The code of the server's own configuration has failed, or took too long. */
export class HookFailed extends DomainError {
  static readonly when =
    'A hook of the server’s configuration failed or took too long, and denies in this case. Nothing has changed. Try again; the log has the details.'
  readonly reason = 'HOOK_FAILED'
  readonly code = 'SERVICE_UNAVAILABLE'

  constructor() {
    super('We could not check this right now. Please try again in a moment.')
  }
}

export class InvalidServiceKey extends DomainError {
  static readonly when =
    'The service key is missing, unknown, revoked or expired. Send a valid one as `Authorization: Bearer tgsk_…`.'
  readonly reason = 'INVALID_SERVICE_KEY'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('A valid service key is required: Authorization: Bearer tgsk_…')
  }
}

export class ScopeRequired extends DomainError {
  static readonly when = 'The service key lacks the scope that the message names. Create a key that has it.'
  readonly reason = 'SCOPE_REQUIRED'
  readonly code = 'FORBIDDEN'

  constructor(scope = 'users:read') {
    super(`The service key needs the scope ${scope}.`)
  }
}

export class OriginNotAllowed extends DomainError {
  static readonly when =
    'A page of an unlisted origin tried to use or set the refresh cookie. Add the origin to `CORS_ORIGINS`.'
  readonly reason = 'ORIGIN_NOT_ALLOWED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Requests from this origin are not allowed.')
  }
}

export class UnreadableRequest extends DomainError {
  static readonly when = 'The address or the JSON of the request could not be read.'
  readonly reason = 'INVALID_INPUT'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('The request could not be read: its address or its JSON is invalid.')
  }
}

export class BatchTooLarge extends DomainError {
  static readonly when = 'The batch has more calls than `MAX_BATCH`. None of them ran; send smaller batches.'
  readonly reason = 'BATCH_TOO_LARGE'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('Too many calls in one batch. None of them ran.')
  }
}

export class PayloadTooLarge extends DomainError {
  static readonly when = 'The request body is too large.'
  readonly reason = 'PAYLOAD_TOO_LARGE'
  readonly code = 'PAYLOAD_TOO_LARGE'

  constructor() {
    super('The request is too large.')
  }
}

export class UnsupportedMediaType extends DomainError {
  static readonly when =
    'A body is not JSON with `Content-Type: application/json`: a form or a file, for example. In REST, also if it is compressed or not in UTF-8.'
  readonly reason = 'UNSUPPORTED_MEDIA_TYPE'
  readonly code = 'UNSUPPORTED_MEDIA_TYPE'

  constructor() {
    super('The body must be JSON in UTF-8, not compressed, with the header Content-Type: application/json.')
  }
}

export class UnknownProcedure extends DomainError {
  static readonly when = 'There is no such procedure.'
  readonly reason = 'UNKNOWN_PROCEDURE'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such procedure.')
  }
}

export class RouteNotFound extends DomainError {
  static readonly when = 'There is no such route (REST and other plain HTTP).'
  readonly reason = 'NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is nothing at this address.')
  }
}

export class MethodNotAllowed extends DomainError {
  static readonly when =
    'The path exists, but not for this HTTP method. In REST, the header `Allow` names the allowed methods.'
  readonly reason = 'METHOD_NOT_ALLOWED'
  readonly code = 'METHOD_NOT_SUPPORTED'

  constructor(message = 'This method is not allowed here.') {
    super(message)
  }
}

/** What a caller sees of a fault of the server. */
export class InternalError extends DomainError {
  static readonly when = 'A fault in the server. Try again later; the log has the details under `x-request-id`.'
  readonly reason = 'INTERNAL_ERROR'
  readonly code = 'INTERNAL_SERVER_ERROR'

  constructor() {
    super('Something went wrong on our side. Please try again later.')
  }
}
