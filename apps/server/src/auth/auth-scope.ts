import type { RequestInfo } from '../platform/http/request-info.ts'
import type { RateLimits } from '../platform/limits/rate-limits.ts'
import type { Scope } from '../platform/scope.ts'
import type { AuthSettings } from './auth.settings.ts'
import type { Passwords } from './credentials/password.ts'
import type { RotateRefreshToken } from './credentials/rotate-refresh-token.ts'
import type { Tokens } from './credentials/tokens.ts'
import type { IdentityProviders } from './providers/provider.ts'

/** What auth needs for the lifetime of the process. */
export interface AuthDeps {
  readonly tokens: Tokens
  readonly rotateToken: RotateRefreshToken
  readonly passwords: Passwords
  readonly limits: RateLimits
  /** The configured providers. */
  readonly providers: IdentityProviders
  readonly settings: AuthSettings
}

/** What auth's use cases may use. */
export interface AuthScope extends Scope {
  readonly auth: AuthDeps
}

/** The same, for use cases that need the request: a session remembers the device that opened it. */
export interface AuthRequestScope extends AuthScope {
  readonly request: Pick<RequestInfo, 'id' | 'ip' | 'userAgent' | 'expectedUser'>
}

/** Where a request or a session comes from, as a notice by mail says it. */
export const requesterOf = ({ ip, userAgent }: Pick<RequestInfo, 'ip' | 'userAgent'>) => ({ ip, userAgent })
