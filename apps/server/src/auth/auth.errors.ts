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

/** The password given to confirm a change is not the account's. */
export class WrongPassword extends DomainError {
  readonly reason = 'WRONG_PASSWORD'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('This is not your present password.')
  }
}

/** The account has always been used with Google, GitHub or codes. */
export class NoPassword extends DomainError {
  readonly reason = 'NO_PASSWORD'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your account has no password yet. Set one with the link of a password-reset mail.')
  }
}

/** Unknown address, wrong, expired, used, or tried too often: the caller is not told which. */
export class CodeInvalid extends DomainError {
  readonly reason = 'CODE_INVALID'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('This code is not valid. Please check it, or ask for a new one.')
  }
}

export class LastAdmin extends DomainError {
  readonly reason = 'LAST_ADMIN'
  readonly code = 'CONFLICT'

  constructor() {
    super('This is the last administrator. Make somebody else one first.')
  }
}

/** No live session of this account has that id. */
export class SessionNotFound extends DomainError {
  readonly reason = 'SESSION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such session. It may have ended already.')
  }
}

export class UserNotFound extends DomainError {
  readonly reason = 'USER_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such user.')
  }
}
