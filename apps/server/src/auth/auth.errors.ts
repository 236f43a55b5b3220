import { DomainError } from '../platform/errors/errors.ts'

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

export class CannotChangeSelf extends DomainError {
  readonly reason = 'CANNOT_CHANGE_SELF'
  readonly code = 'CONFLICT'

  constructor() {
    super('This is your own account. Ask another administrator to change it.')
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

/** The person chose «cancel» at the provider. */
export class OAuthDenied extends DomainError {
  readonly reason = 'OAUTH_DENIED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('You did not allow the log-in, so nothing has changed.')
  }
}

/** Forged, too old, used, or begun in another browser: the caller is not told which. */
export class OAuthStateInvalid extends DomainError {
  readonly reason = 'OAUTH_STATE'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This log-in was too old, or was begun in another browser. Please try again.')
  }
}

/** The provider is not set up, does not answer, or answers what it must not. */
export class OAuthFailed extends DomainError {
  readonly reason = 'OAUTH_FAILED'
  readonly code = 'BAD_GATEWAY'
  /** For the log; holds no token and nothing personal. */
  readonly why: string

  constructor(why: string) {
    super('The log-in did not work. Please try again.')
    this.why = why
  }
}

/** The provider has not seen that the address belongs to this person, so neither have we. */
export class EmailUnverified extends DomainError {
  readonly reason = 'EMAIL_UNVERIFIED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Your e-mail address is not verified there. Please verify it there, and try again.')
  }
}

/** This Google or GitHub account already logs somebody else in. */
export class IdentityTaken extends DomainError {
  readonly reason = 'IDENTITY_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('This account is linked to somebody else here.')
  }
}

/** The account has no log-in with that provider. */
export class IdentityNotFound extends DomainError {
  readonly reason = 'IDENTITY_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('Your account is not linked to this provider.')
  }
}

/** Without it, nobody could ever log in to the account again. */
export class LastLoginMethod extends DomainError {
  readonly reason = 'LAST_LOGIN_METHOD'
  readonly code = 'CONFLICT'

  constructor() {
    super('This is the only way to log in to your account. Link another one, or add an e-mail address, first.')
  }
}
