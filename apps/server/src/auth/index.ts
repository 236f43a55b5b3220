import { Identity } from './identity.entity.ts'
import { LoginCode } from './login-code.entity.ts'
import { OAuthCode } from './oauth-code.entity.ts'
import { OAuthState } from './oauth-state.entity.ts'
import { OneTimeToken } from './one-time-token.entity.ts'
import { Profile } from './profile.entity.ts'
import { RefreshToken } from './refresh-token.entity.ts'
import { SessionEnd } from './session-end.entity.ts'
import { Session } from './session.entity.ts'
import { User } from './user.entity.ts'

export {
  AccountClosed,
  EmailChanged,
  RequestedLoginCode,
  RequestedPasswordReset,
  type RequestedMail,
} from './auth.queues.ts'
export { createAuthenticator } from './sessions/authenticate.ts'
export { createIntrospection } from './sessions/introspect-token.ts'
export type { AuthDeps, SignUp } from './auth-scope.ts'
export { createAuthRouter } from './auth.router.ts'
export { countAccounts } from './accounts/count-accounts.ts'
export { findAdmins } from './accounts/find-admins.ts'
export { authRetention } from './auth.retention.ts'
export { createIdentityRouter } from './identity.router.ts'
export { createJwksRoutes } from './jwks.routes.ts'
export { createOAuthRoutes } from './oauth.routes.ts'
export { createProfileRouter } from './profile.router.ts'
export { createRevocationFeed } from './revocations/revocation-feed.ts'
export { createSecretSource } from './links/secret-source.ts'
export { lockUser } from './links/lock-user.ts'
export { proveAddress } from './links/prove-address.ts'
export { createSessionRouter } from './session.router.ts'
export { getAccount } from './accounts/get-account.ts'
export { findUser, readUser } from './accounts/read-user.ts'
export { grantAdmin } from './accounts/grant-admin.ts'
export { endAllSessions } from './accounts/end-all-sessions.ts'
export { listAccounts, type Condition } from './accounts/list-accounts.ts'
export { resendVerification } from './accounts/resend-verification.ts'
export { sendResetLink } from './accounts/send-reset-link.ts'
export { listSessions } from './sessions/list-sessions.ts'
export { mailLoginCode } from './links/mail-login-code.ts'
export { mailResetLink } from './links/mail-reset-link.ts'
export { createPasswords } from './credentials/password.ts'
export { createRefreshTokenRotation } from './credentials/rotate-refresh-token.ts'
export { createTokens, type Tokens } from './credentials/tokens.ts'
export { createGithub } from './providers/github.ts'
export { createGoogle } from './providers/google.ts'
export { seedAccount } from './accounts/seed-account.ts'
export { updateAccount } from './accounts/update-account.ts'
export { EmailAddress } from './auth.schemas.ts'
export { UserNotFound } from './auth.errors.ts'
export { User }

export const authEntities = [
  User,
  Profile,
  Session,
  SessionEnd,
  RefreshToken,
  OneTimeToken,
  LoginCode,
  Identity,
  OAuthState,
  OAuthCode,
]
