import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { User } from './user.entity.ts'

/** One log-in on one device: the family of all refresh tokens that descend from it. */
const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  indexes: [{ name: 'sessions_user_live', properties: ['user'], where: { endedAt: null } }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    user: () => p.manyToOne(User).ref().deleteRule('cascade'),
    ip: p.string().length(64),
    userAgent: p.string().length(400),
    createdAt: p.datetime(6),
    /** Absolute: no rotation takes a session past it. */
    expiresAt: p.datetime(6).index('sessions_expires_at'),
    /** Access tokens of an ended session are refused at the next request, not only its refresh token. */
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
