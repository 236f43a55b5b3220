import type { SecretSource } from '../../mail/index.ts'
import type { AuthDeps } from '../auth-scope.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'
import { issueLoginCode } from './issue-login-code.ts'

/** Makes the links and codes of mails, in the worker and just before sending: no job ever holds one. */
export function createSecretSource(auth: AuthDeps): SecretSource {
  return {
    async linkFor({ em, clock }, tokenId) {
      const token = await em.findOne(OneTimeToken, { jti: tokenId }, { populate: ['user'] })
      if (!token || token.usedAt || token.isExpired(clock.now())) return null

      const { jti, purpose, expiresAt } = token
      const now = clock.now()
      const jwt = auth.tokens.signValidation({ jti, userId: token.user.id, purpose, expiresAt }, now)
      return {
        text: `${auth.settings.webUrl}/${purpose}?token=${jwt}`, // each purpose has a page of its own name
        lifetime: expiresAt.getTime() - now.getTime(),
      }
    },
    async codeFor(scope, userId, email) {
      const code = await issueLoginCode({ ...scope, auth }, { userId, email })
      return code === null ? null : { text: code, lifetime: auth.settings.loginCodeTtl }
    },
  }
}
