import { DomainError } from '../platform/errors/errors.ts'

export class EmailTaken extends DomainError {
  static readonly when = 'Another account has this email address. Log in, or reset the password.'
  readonly reason = 'EMAIL_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('An account with this email address already exists. Log in, or reset your password.')
  }
}

export class UsernameTaken extends DomainError {
  static readonly when = 'Another account has this username, perhaps in other letter case. Choose another.'
  readonly reason = 'USERNAME_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('This username is taken. Please choose another.')
  }
}

/** A hook of the server's configuration decides who may sign up. */
export class SignUpDenied extends DomainError {
  static readonly when =
    'The server’s configuration does not let this person sign up, or have this address. The message says why. Nothing has changed.'
  readonly reason = 'SIGN_UP_DENIED'
  readonly code = 'FORBIDDEN'

  /** @param message the words of the configuration. */
  constructor(message = 'You cannot sign up here with this address.') {
    super(message)
  }
}

export class InvalidCredentials extends DomainError {
  static readonly when = 'The email address or the password is wrong. The caller does not learn which.'
  readonly reason = 'INVALID_CREDENTIALS'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('Wrong email address or password.')
  }
}

export class RefreshTokenMissing extends DomainError {
  static readonly when = 'The request has no refresh token. Log in.'
  readonly reason = 'REFRESH_TOKEN_MISSING'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('Please log in.')
  }
}

const TRANSPORT_MESSAGES = {
  browser:
    'In a browser, the refresh token is only in its HttpOnly cookie. Send no x-tollgate-transport: body from a page.',
  both: 'This request has a refresh cookie and asks for the refresh token in the body. Use one of them.',
  unannounced: 'A refresh token in the body needs the header x-tollgate-transport: body.',
  apps: 'This is for apps that keep their refresh token, with the header x-tollgate-transport: body. Send a browser to /google/login or /github/login.',
  browsers:
    'This links an account in the browser that has the refresh cookie. An app with x-tollgate-transport: body calls identities.linkUrl.',
  linking:
    'This is for apps that keep their refresh token, with the header x-tollgate-transport: body. In a browser, call identities.link.',
}

/** Refresh tokens in the body are for apps that no injected script can read. */
export class TransportNotAllowed extends DomainError {
  static readonly when =
    'A refresh token was sent or asked for in the body: by a browser, together with a refresh cookie, or without the header `x-tollgate-transport: body`; or the call is not for this transport. The message says which. Nothing ran.'
  readonly reason = 'TRANSPORT_NOT_ALLOWED'
  readonly code = 'BAD_REQUEST'

  constructor(why: keyof typeof TRANSPORT_MESSAGES = 'browser') {
    super(TRANSPORT_MESSAGES[why])
  }
}

export class RefreshTokenInvalid extends DomainError {
  static readonly when = 'The refresh token is malformed, expired or unknown, or its session has ended. Log in again.'
  readonly reason = 'REFRESH_TOKEN_INVALID'
  readonly code = 'UNAUTHORIZED'
  override readonly endedBecause: 'LOGGED_IN_ELSEWHERE' | undefined

  /** @param endedBecause why the session ended. Only for a caller that has shown a genuine token of this session. */
  constructor(endedBecause?: 'LOGGED_IN_ELSEWHERE') {
    super(
      endedBecause
        ? 'You logged in on another device, which ended this session. Please log in again.'
        : 'Your session has ended. Please log in again.',
    )
    this.endedBecause = endedBecause
  }
}

/** The caller named a user, but the refresh cookie belongs to another one, who has logged in in the same browser. */
export class SessionReplaced extends DomainError {
  static readonly when =
    'Another user has logged in in this browser. The call named another user and did nothing. Log in again.'
  readonly reason = 'REPLACED'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('Another user has logged in in this browser. Please log in again.')
  }
}

/** A rotated refresh token was used again, so there is a stolen copy: the caller's, or another person's. */
export class RefreshTokenReused extends DomainError {
  static readonly when = 'An old refresh token was used again, so the session was ended for safety. Log in again.'
  readonly reason = 'REFRESH_TOKEN_REUSED'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('We ended your session for your security. Please log in again.')
  }
}

export class TokenInvalid extends DomainError {
  static readonly when = 'The link is unknown, used, void, or meant for something else. Ask for a new one.'
  readonly reason = 'TOKEN_INVALID'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This link is no longer valid. Please request a new one.')
  }
}

export class TokenExpired extends DomainError {
  static readonly when = 'The link is too old. Ask for a new one.'
  readonly reason = 'TOKEN_EXPIRED'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This link has expired. Please request a new one.')
  }
}

export class WrongPassword extends DomainError {
  static readonly when = "The password given to confirm the change is not the account's password."
  readonly reason = 'WRONG_PASSWORD'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('This is not your current password.')
  }
}

/** The account has only been used with Google, GitHub, or login codes. */
export class NoPassword extends DomainError {
  static readonly when = 'The account has no password. Set one with the link of a password-reset mail.'
  readonly reason = 'NO_PASSWORD'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your account has no password yet. Request a password reset to set one.')
  }
}

export class CodeInvalid extends DomainError {
  static readonly when =
    'The login code or its address is wrong, or the code has expired, was used, or had 5 wrong tries. Ask for a new one.'
  readonly reason = 'CODE_INVALID'
  readonly code = 'UNAUTHORIZED'

  constructor() {
    super('This code is wrong or has expired. Please check it, or request a new one.')
  }
}

export class LastAdmin extends DomainError {
  static readonly when = 'No administrator would be left. Make someone else an administrator first.'
  readonly reason = 'LAST_ADMIN'
  readonly code = 'CONFLICT'

  constructor() {
    super('This is the last administrator. Make another user an administrator first.')
  }
}

export class CannotChangeSelf extends DomainError {
  static readonly when = "Admins can't change their own account here. Ask another administrator."
  readonly reason = 'CANNOT_CHANGE_SELF'
  readonly code = 'CONFLICT'

  constructor() {
    super('You cannot change your own account. Ask another administrator to do it.')
  }
}

export class SessionNotFound extends DomainError {
  static readonly when = 'The caller has no such session (`sessions.revoke`).'
  readonly reason = 'SESSION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This session does not exist. It may have already ended.')
  }
}

export class UserNotFound extends DomainError {
  static readonly when = 'There is no user with this id.'
  readonly reason = 'USER_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This user does not exist.')
  }
}

export class OAuthDenied extends DomainError {
  static readonly when = 'The user refused the login at Google or GitHub. Nothing has changed.'
  readonly reason = 'OAUTH_DENIED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('You did not allow the login, so nothing has changed.')
  }
}

export class OAuthStateInvalid extends DomainError {
  static readonly when =
    'The login at Google or GitHub is too old, was used, or began in another browser or app. Start again.'
  readonly reason = 'OAUTH_STATE'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This login took too long, or was started in another browser. Please try again.')
  }
}

export class OAuthFailed extends DomainError {
  static readonly when = 'The provider is not set up, could not be reached, or gave a wrong answer. Try again.'
  readonly reason = 'OAUTH_FAILED'
  readonly code = 'BAD_GATEWAY'
  /** For the log; contains no token and no personal data. */
  readonly why: string

  constructor(why: string) {
    super('The login failed. Please try again.')
    this.why = why
  }
}

/** The provider has not verified that the address belongs to this person, so we can't rely on it. */
export class EmailUnverified extends DomainError {
  static readonly when =
    'Google or GitHub has not verified the address, or Google gave none. Verify it there and try again.'
  readonly reason = 'EMAIL_UNVERIFIED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Your email address is not verified there. Please verify it there, and try again.')
  }
}

export class IdentityTaken extends DomainError {
  static readonly when = 'This Google or GitHub account already logs in to another account here.'
  readonly reason = 'IDENTITY_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('That account is already linked to another user.')
  }
}

export class IdentityNotFound extends DomainError {
  static readonly when = "No account of this provider is linked to the caller's account."
  readonly reason = 'IDENTITY_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('Your account is not linked to this provider.')
  }
}

export class LastLoginMethod extends DomainError {
  static readonly when =
    'This identity is the only way to log in to the account. Link another or add an email address first.'
  readonly reason = 'LAST_LOGIN_METHOD'
  readonly code = 'CONFLICT'

  constructor() {
    super('This is the only way to log in to your account. Link another account or add an email address first.')
  }
}
