import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { User } from './user.entity.ts'

/** A Google or GitHub account that can log in as a user. It is found by the provider's own id, never by an address. */
const IdentitySchema = defineEntity({
  name: 'Identity',
  tableName: 'identities',
  uniques: [{ name: 'identities_subject_unique', properties: ['provider', 'subject'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    user: () => p.manyToOne(User).ref().deleteRule('cascade').index('identities_user'),
    provider: p.enum(['google', 'github'] as const),
    subject: p.string().length(255),
    email: p.string().length(254).nullable(),
    linkedAt: p.datetime(6),
  },
})

export class Identity extends IdentitySchema.class {}
IdentitySchema.setClass(Identity)
