import type { LinkSource } from '../mail/index.ts'
import type { AuthParts } from './auth-scope.ts'
import { OneTimeToken } from './one-time-token.entity.ts'
import type { Purpose } from './tokens.ts'

const PAGES: Record<Purpose, string> = {
  'verify-email': 'verify-email',
  'reset-password': 'reset-password',
  'confirm-email': 'confirm-email',
}

/** Signs the links of mails, in the worker and just before sending: no job and no row ever holds a token. */
export function createLinkSource({ tokens, settings }: AuthParts): LinkSource {
  return {
    async linkFor({ em, clock }, tokenId) {
      const token = await em.findOne(OneTimeToken, { jti: tokenId }, { populate: ['user'] })
      if (!token || token.usedAt || token.isExpired(clock.now())) return null

      const { jti, purpose, expiresAt } = token
      const jwt = tokens.signValidation({ jti, userId: token.user.id, purpose, expiresAt }, clock.now())
      return `${settings.webUrl}/${PAGES[purpose]}?token=${jwt}`
    },
  }
}
