import { defineEntity, p } from '@mikro-orm/core'
import { User } from './user.entity.ts'

/**
 * A finished login with Google or GitHub that waits for the app that asked for it. The row holds only hashes: of the
 * code, which was in a URL, and of the verifier, which only that app has.
 */
const OAuthCodeSchema = defineEntity({
  name: 'OAuthCode',
  tableName: 'oauth_codes',
  properties: {
    hash: p.string().length(64).primary(),
    verifierHash: p.string().length(64),
    user: () => p.manyToOne(User).ref().deleteRule('cascade').index('oauth_codes_user'),
    expiresAt: p.datetime(6).index('oauth_codes_expires_at'),
  },
})

export class OAuthCode extends OAuthCodeSchema.class {}
OAuthCodeSchema.setClass(OAuthCode)
