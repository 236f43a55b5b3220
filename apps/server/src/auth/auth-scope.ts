import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditActor } from '../platform/audit/audit.ts'
import type { Hook } from '../platform/hook.ts'
import type { RequestInfo } from '../platform/http/request-info.ts'
import type { RateLimits } from '../platform/limits/rate-limits.ts'
import type { OwnFields } from '../platform/own-data.ts'
import type { Scope } from '../platform/scope.ts'
import type { AuthSettings } from './auth.settings.ts'
import type { Passwords } from './credentials/password.ts'
import type { RotateRefreshToken } from './credentials/rotate-refresh-token.ts'
import type { Tokens } from './credentials/tokens.ts'
import type { IdentityProviders, ProviderName } from './providers/provider.ts'

/** What a user belongs to. Auth does not know accounts, so the slice above it implements this. */
export interface Memberships {
  /**
   * Ends a user's memberships because they close their own account, as part of the transaction.
   *
   * @param scope whose `em` is the transaction. It has locked the user's row.
   * @throws {DomainError} when a membership can't end. Then nothing is closed.
   */
  leaveAll(scope: Scope, user: AuditActor & { readonly actorId: string }): Promise<void>
  /** Whether an address has an invitation that its owner could accept now. */
  isInvited(em: EntityManager, of: { email: string; now: Date }): Promise<boolean>
}

/** What the configuration's code gets about a person who is about to become a user, or a user who wants another address. */
export interface SignUp {
  /** With a password, the address is not proven yet. Null for a GitHub account without an address. */
  readonly email: string | null
  /** Null with Google or GitHub: the server makes one of what the provider says. */
  readonly username: string | null
  readonly method: 'password' | ProviderName | 'email-change'
  /** Whether an organization has invited this address. */
  readonly isInvited: boolean
  readonly publicData: Readonly<Record<string, unknown>>
  readonly ip: string
  readonly userAgent: string
}

/** What auth needs for the lifetime of the process. */
export interface AuthDeps {
  readonly tokens: Tokens
  readonly rotateToken: RotateRefreshToken
  readonly passwords: Passwords
  readonly limits: RateLimits
  /** The configured providers. */
  readonly providers: IdentityProviders
  readonly memberships: Memberships
  /** The fields that this server's configuration adds to users. */
  readonly ownFields: OwnFields
  /** The configuration's own rule for new users; null without one. */
  readonly beforeSignUp: Hook<SignUp> | null
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
