import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuthScope } from '../auth-scope.ts'
import { TokenExpired, TokenInvalid } from '../auth.errors.ts'
import type { Purpose, ValidationClaims } from '../credentials/tokens.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'
import type { User } from '../user.entity.ts'
import { lockUser } from './lock-user.ts'

/**
 * Verifies the token of a mailed link.
 *
 * @throws {TokenInvalid} when the token is forged or for another purpose.
 * @throws {TokenExpired}
 */
export function readToken({ auth, clock }: AuthScope, token: string, purpose: Purpose): ValidationClaims {
  const verified = auth.tokens.verifyValidation(token, purpose, clock.now())
  if (!verified.ok) throw verified.expired ? new TokenExpired() : new TokenInvalid()
  return verified.claims
}

/**
 * Finds and locks a token's row and its user. Of two simultaneous clicks, the second waits here and then sees that the
 * token is used. All code locks the user first and then the token, so that two transactions can't deadlock.
 *
 * @throws {TokenInvalid} when the token is unknown or for another purpose, or the account is disabled.
 */
export async function lockToken(
  em: EntityManager,
  { jti, userId }: ValidationClaims,
  purpose: Purpose,
): Promise<{ token: OneTimeToken; user: User }> {
  const user = await lockUser(em, userId)
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
  const token = await em.findOne(OneTimeToken, { jti, purpose, user: userId }, options)
  if (!token || !user?.isActive) throw new TokenInvalid()
  return { token, user }
}
