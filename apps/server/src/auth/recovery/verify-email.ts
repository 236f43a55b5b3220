import type { AuthScope } from '../auth-scope.ts'
import { TokenInvalid } from '../auth.errors.ts'
import type { VerifyEmailInput } from '../auth.schemas.ts'
import { proveAddress } from '../links/prove-address.ts'
import { lockToken, readToken } from '../links/redeem-token.ts'

/**
 * Marks an address as verified with a mailed link. A second click changes nothing.
 *
 * @param input.token a validation JWT for `verify-email`.
 * @throws {TokenInvalid} when it is unknown or for another purpose, or the address has changed since, or the account is
 *   disabled.
 * @throws {TokenExpired}
 */
export async function verifyEmail(scope: AuthScope, input: VerifyEmailInput): Promise<{ alreadyVerified: boolean }> {
  const claims = readToken(scope, input.token, 'verify-email')

  return scope.em.transactional(async (em) => {
    const { token, user } = await lockToken(em, claims, 'verify-email')
    const alreadyVerified = user.isVerified
    if (!proveAddress(user, token.email)) throw new TokenInvalid()
    if (!alreadyVerified) token.usedAt = scope.clock.now()
    return { alreadyVerified }
  })
}
