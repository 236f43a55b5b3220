import { defineEntity, p } from '@mikro-orm/core'
import { User } from '../auth/index.ts'
import { Account } from './account.entity.ts'

/** A user who belongs to an account. The only member of a personal account is its user, as the owner. */
const MemberSchema = defineEntity({
  name: 'Member',
  tableName: 'members',
  properties: {
    account: () => p.manyToOne(Account).ref().primary().deleteRule('cascade'),
    user: () => p.manyToOne(User).ref().primary().deleteRule('cascade').index('members_user'),
    role: p.enum(['owner', 'admin', 'billing', 'member'] as const),
    joinedAt: p.datetime(6),
  },
})

export class Member extends MemberSchema.class {}
MemberSchema.setClass(Member)
