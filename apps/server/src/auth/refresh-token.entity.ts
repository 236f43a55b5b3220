import { defineEntity, p } from '@mikro-orm/core'
import { Session } from './session.entity.ts'

/**
 * One refresh token of a session's family. The JWT itself is not stored, only a keyed hash; its row keeps all that
 * is needed to sign the very same token again (key, time of issue, expiry), for a second tab within the leeway.
 */
const RefreshTokenSchema = defineEntity({
  name: 'RefreshToken',
  tableName: 'refresh_tokens',
  // At most one token of a family has no successor: a second chain can't exist.
  indexes: [{ name: 'refresh_tokens_expires_at', properties: ['expiresAt'], type: 'brin' }],
  uniques: [{ name: 'refresh_tokens_newest', properties: ['session'], where: { rotatedAt: null } }],
  properties: {
    jti: p.uuid().primary(),
    session: () => p.manyToOne(Session).ref().deleteRule('cascade'),
    hash: p.string().length(64),
    /** Which of the configured secrets signed it. */
    keyId: p.string().length(16),
    issuedAt: p.datetime(6),
    expiresAt: p.datetime(6),
    rotatedAt: p.datetime(6).nullable(),
    replacedByJti: p.uuid().nullable(),
  },
})

export class RefreshToken extends RefreshTokenSchema.class {}
RefreshTokenSchema.setClass(RefreshToken)
