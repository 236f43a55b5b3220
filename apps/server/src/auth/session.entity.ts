import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { User } from './user.entity.ts'

/** One login on one device, with the family of refresh tokens that descend from it. */
const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  indexes: [
    { name: 'sessions_user_live', properties: ['user'], where: { endedAt: null } },
    { name: 'sessions_user_newest', properties: ['user', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    user: () => p.manyToOne(User).ref().deleteRule('cascade'),
    ip: p.string().length(64),
    userAgent: p.string().length(400),
    createdAt: p.datetime(6),
    /** The absolute end: no rotation extends it. */
    expiresAt: p.datetime(6).index('sessions_expires_at'),
    /** From here on, the session's access tokens are refused too, not only its refresh token. */
    endedAt: p.datetime(6).nullable(),
    endedReason: p
      .enum([
        'logged_out',
        'replaced',
        'revoked',
        'reused',
        'password_changed',
        'email_changed',
        'address_proven',
        'deactivated',
      ] as const)
      .nullable(),
  },
})

export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session)
