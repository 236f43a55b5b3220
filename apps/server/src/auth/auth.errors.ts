import { DomainError } from '../platform/errors.ts'

export class EmailTaken extends DomainError {
  readonly reason = 'EMAIL_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('There is an account with this e-mail address already. Log in, or reset your password.')
  }
}

export class UsernameTaken extends DomainError {
  readonly reason = 'USERNAME_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('This username is taken. Please choose another.')
  }
}

/** Unknown address, account without password or wrong password: the caller is not told which. */
export class InvalidCredentials extends DomainError {
  readonly reason = 'INVALID_CREDENTIALS'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('E-mail address or password is wrong.')
  }
}

export class RefreshTokenMissing extends DomainError {
  readonly reason = 'REFRESH_TOKEN_MISSING'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('Please log in.')
  }
}

/** Malformed, expired, unknown, or of a session that has ended. */
export class RefreshTokenInvalid extends DomainError {
  readonly reason = 'REFRESH_TOKEN_INVALID'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('Your session has ended. Please log in again.')
  }
}

/** A token that had a successor was used again: either its owner or somebody else holds a stolen copy. */
export class RefreshTokenReused extends DomainError {
  readonly reason = 'REFRESH_TOKEN_REUSED'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('Your session was ended for your safety. Please log in again.')
  }
}

/** Unknown, used, or meant for something else; the caller is not told which. */
export class TokenInvalid extends DomainError {
  readonly reason = 'TOKEN_INVALID'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This link is no longer valid. Please ask for a new one.')
  }
}

export class TokenExpired extends DomainError {
  readonly reason = 'TOKEN_EXPIRED'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This link is too old. Please ask for a new one.')
  }
}
