import { Identity } from './identity.entity.ts'
import { LoginCode } from './login-code.entity.ts'
import { OneTimeToken } from './one-time-token.entity.ts'
import { Profile } from './profile.entity.ts'
import { RefreshToken } from './refresh-token.entity.ts'
import { Session } from './session.entity.ts'
import { User } from './user.entity.ts'

export { AccountClosed, CleanUpAuth, EmailChanged, RequestedLoginCode, RequestedPasswordReset } from './auth.queues.ts'
export { authenticate } from './authenticate.ts'
export type { AuthParts } from './auth-scope.ts'
export { createAuthRouter } from './auth.router.ts'
export { cleanUpAuth } from './clean-up.ts'
export { createProfileRouter } from './profile.router.ts'
export { createSecretSource } from './secret-source.ts'
export { createSessionRouter } from './session.router.ts'
export { mailLoginCode } from './mail-login-code.ts'
export { mailResetLink } from './mail-reset-link.ts'
export { createPasswords } from './password.ts'
export { createTokens } from './tokens.ts'
export { seedAccount } from './seed-account.ts'
export { User }

export const authEntities = [User, Profile, Session, RefreshToken, OneTimeToken, LoginCode, Identity]
