import type { RequestInfo } from '../platform/http/request-info.ts'
import type { RateLimits } from '../platform/limits/rate-limits.ts'
import type { Scope } from '../platform/scope.ts'
import type { AuthSettings } from './auth.settings.ts'
import type { Passwords } from './credentials/password.ts'
import type { RotateRefreshToken } from './credentials/rotate-refresh-token.ts'
import type { Tokens } from './credentials/tokens.ts'
import type { IdentityProviders } from './providers/provider.ts'

/** The process-lifetime things that auth stands on. */
export interface AuthDeps {
  readonly tokens: Tokens
  readonly rotateToken: RotateRefreshToken
  readonly passwords: Passwords
  readonly limits: RateLimits
  /** Those that are set up. */
  readonly providers: IdentityProviders
  readonly settings: AuthSettings
}

/** What auth's use cases may touch. */
export interface AuthScope extends Scope {
  readonly auth: AuthDeps
}

/** The same, where the request's origin matters: a session remembers the device that opened it. */
export interface AuthRequestScope extends AuthScope {
  readonly request: Pick<RequestInfo, 'id' | 'ip' | 'userAgent'>
}
