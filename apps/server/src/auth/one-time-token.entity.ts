import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { User } from './user.entity.ts'

/** The token of a mailed link: for one purpose and one address, and used at most once. */
const OneTimeTokenSchema = defineEntity({
  name: 'OneTimeToken',
  tableName: 'one_time_tokens',
  indexes: [{ name: 'one_time_tokens_user_purpose', properties: ['user', 'purpose'] }],
  properties: {
    /** The `jti` of the mailed JWT. The JWT itself is never stored. */
    jti: p.uuid().primary().onCreate(newId),
    user: () => p.manyToOne(User).ref().deleteRule('cascade'),
    purpose: p.enum(['verify-email', 'reset-password', 'confirm-email'] as const),
    /** The address that the link proves: the account's current one, or the one to change to. */
    email: p.string().length(254),
    /** The console's path that the page of the link leads on to. */
    redirectTo: p.text().nullable(),
    createdAt: p.datetime(6),
    expiresAt: p.datetime(6).index('one_time_tokens_expires_at'),
    usedAt: p.datetime(6).nullable(),
  },
})

export class OneTimeToken extends OneTimeTokenSchema.class {
  isExpired(at: Date): boolean {
    return at >= this.expiresAt
  }
}
OneTimeTokenSchema.setClass(OneTimeToken)
