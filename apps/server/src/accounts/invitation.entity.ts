import { defineEntity, p } from '@mikro-orm/core'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'
import { Account } from './account.entity.ts'

/** An invitation to join an organization. Its id is the `jti` of the mailed token, which is never stored. */
const InvitationSchema = defineEntity({
  name: 'Invitation',
  tableName: 'invitations',
  // One open invitation per address and account. The code checks first; the index decides when two calls race.
  uniques: [{ name: 'invitations_open', properties: ['account', 'email'], where: { status: 'open' } }],
  indexes: [
    { name: 'invitations_account', properties: ['account', 'createdAt', 'id'] },
    { name: 'invitations_user', properties: ['userId', 'createdAt', 'id'], where: { userId: { $ne: null } } },
    { name: 'invitations_email', properties: ['email', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade'),
    /** Trimmed and lowercased, with the domain in ASCII form, as in `users`. */
    email: p.string().length(254),
    /** Whose verified address it was when the invitation was sent; null if it was no one's. Later owners can't accept it. */
    userId: p.uuid().nullable(),
    role: p.enum(['owner', 'admin', 'billing', 'member'] as const),
    invitedBy: () => p.manyToOne(User).ref().nullable().deleteRule('set null'),
    /** An open invitation whose time is over can be sent again. */
    status: p.enum(['open', 'accepted', 'revoked'] as const).default('open'),
    createdAt: p.datetime(6),
    /** When its mail was last requested. */
    sentAt: p.datetime(6),
    expiresAt: p.datetime(6),
    /** When it was accepted or revoked. */
    endedAt: p.datetime(6).nullable(),
  },
})

export class Invitation extends InvitationSchema.class {
  isExpired(at: Date): boolean {
    return at >= this.expiresAt
  }
}
InvitationSchema.setClass(Invitation)
