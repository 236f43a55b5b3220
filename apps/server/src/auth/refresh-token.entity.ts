import { defineEntity, p } from '@mikro-orm/core'
import { Session } from './session.entity.ts'

/**
 * A refresh token in a session's family. Only a keyed hash of the JWT is stored. The row has what it takes to sign the
 * identical token again (key, time of issue, expiry), for a second tab that refreshes within the leeway.
 */
const RefreshTokenSchema = defineEntity({
  name: 'RefreshToken',
  tableName: 'refresh_tokens',
  // At most one token of a family has no successor, so a second chain can't exist.
  indexes: [{ name: 'refresh_tokens_expires_at', properties: ['expiresAt'], type: 'brin' }],
  uniques: [{ name: 'refresh_tokens_newest', properties: ['session'], where: { rotatedAt: null } }],
  properties: {
    jti: p.uuid().primary(),
    /** Without a foreign key: for each deleted session it would read all tokens. A token without a session is refused. */
    session: () => p.manyToOne(Session).ref().createForeignKeyConstraint(false),
    hash: p.string().length(64),
    /** The id of the configured secret that signed it. */
    keyId: p.string().length(16),
    issuedAt: p.datetime(6),
    expiresAt: p.datetime(6),
    rotatedAt: p.datetime(6).nullable(),
    replacedByJti: p.uuid().nullable(),
  },
})

export class RefreshToken extends RefreshTokenSchema.class {}
RefreshTokenSchema.setClass(RefreshToken)
