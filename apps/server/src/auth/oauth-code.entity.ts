import { defineEntity, p } from '@mikro-orm/core'
import { User } from './user.entity.ts'

/**
 * A finished login with Google or GitHub that waits for the app that asked for it, or an account that waits to be linked.
 * The row has only hashes of the code, which was in a URL, and of the verifier, which only that app has.
 */
const OAuthCodeSchema = defineEntity({
  name: 'OAuthCode',
  tableName: 'oauth_codes',
  properties: {
    hash: p.string().length(64).primary(),
    verifierHash: p.string().length(64),
    user: () => p.manyToOne(User).ref().deleteRule('cascade').index('oauth_codes_user'),
    /** The session that asked to link an account; null for a login. The link is made only by a call of this session. */
    sessionId: p.uuid().nullable(),
    /** The account to link, by the provider's own id. Set together with `sessionId`. */
    provider: p.enum(['google', 'github'] as const).nullable(),
    subject: p.string().length(255).nullable(),
    /** Its verified address; null for a GitHub account without one. */
    email: p.string().length(254).nullable(),
    expiresAt: p.datetime(6).index('oauth_codes_expires_at'),
  },
})

export class OAuthCode extends OAuthCodeSchema.class {}
OAuthCodeSchema.setClass(OAuthCode)
