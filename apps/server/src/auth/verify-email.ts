import { LockMode } from '@mikro-orm/core'
import { TokenExpired, TokenInvalid } from './auth.errors.ts'
import type { AuthScope } from './auth-scope.ts'
import type { VerifyEmailInput } from './auth.schemas.ts'
import { OneTimeToken } from './one-time-token.entity.ts'

/**
 * Marks the address verified that a mailed link proves; a second click finds it verified and changes nothing.
 *
 * @param input.token a validation JWT of purpose `verify-email`.
 * @throws {TokenInvalid} unknown, of another purpose, the address has changed since, or the account is disabled.
 * @throws {TokenExpired}
 */
export async function verifyEmail(scope: AuthScope, input: VerifyEmailInput): Promise<{ alreadyVerified: boolean }> {
  const { clock, auth } = scope
  const verified = auth.tokens.verifyValidation(input.token, 'verify-email', clock.now())
  if (!verified.ok) throw verified.expired ? new TokenExpired() : new TokenInvalid()

  return scope.em.transactional(async (em) => {
    const token = await em.findOne(
      OneTimeToken,
      { jti: verified.claims.jti, purpose: 'verify-email' },
      { lockMode: LockMode.PESSIMISTIC_WRITE, populate: ['user'] },
    )
    const user = token?.user.$
    if (!token || !user?.isActive || user.email !== token.email) throw new TokenInvalid()
    if (user.isVerified) return { alreadyVerified: true }
    if (token.usedAt) throw new TokenInvalid()

    user.isVerified = true
    token.usedAt = clock.now()
    return { alreadyVerified: false }
  })
}
