import type { SecretSource } from '../../mail/index.ts'
import type { AuthDeps } from '../auth-scope.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'
import { Profile } from '../profile.entity.ts'
import { User } from '../user.entity.ts'
import { issueLoginCode } from './issue-login-code.ts'

/** Creates the links and codes for mails. The worker calls it just before sending, so no job contains a secret. */
export function createSecretSource(
  auth: AuthDeps,
): Pick<SecretSource, 'linkFor' | 'codeFor' | 'isAnothers' | 'timeZoneOf'> {
  return {
    async linkFor({ em, clock }, tokenId) {
      const token = await em.findOne(OneTimeToken, { jti: tokenId }, { populate: ['user'] })
      if (!token || token.usedAt || token.isExpired(clock.now())) return null

      const { jti, purpose, expiresAt, redirectTo } = token
      const now = clock.now()
      const jwt = auth.tokens.signValidation({ jti, userId: token.user.id, purpose, expiresAt }, now)
      const rest = redirectTo ? `&redirectTo=${encodeURIComponent(redirectTo)}` : ''
      return {
        text: `${auth.settings.webUrl}/${purpose}?token=${jwt}${rest}`, // the page for each purpose has its name
        lifetime: expiresAt.getTime() - now.getTime(),
      }
    },
    // Someone who only claims the address must not keep its owner's mails back.
    isAnothers: async ({ em }, email, userId) =>
      (await em.count(User, { email, isVerified: true, id: { $ne: userId } })) > 0,
    timeZoneOf: async ({ em }, userId) =>
      (await em.findOne(Profile, { user: userId }, { fields: ['timeZone'] }))?.timeZone ?? null,
    async codeFor(scope, userId, email) {
      const code = await issueLoginCode({ ...scope, auth }, { userId, email })
      return code === null ? null : { text: code, lifetime: auth.settings.loginCodeTtl }
    },
  }
}
