import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Recovery } from './recovery.entity.ts'

/** A link in a mail that pays one invoice without a login. Only the hash of its token is stored. */
const PayLinkSchema = defineEntity({
  name: 'PayLink',
  tableName: 'pay_links',
  indexes: [{ name: 'pay_links_expiry', properties: ['expiresAt', 'id'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    tokenHash: p.string().length(64).unique('pay_links_token_unique'),
    recovery: () => p.manyToOne(Recovery).ref().deleteRule('cascade').index('pay_links_recovery'),
    createdAt: p.datetime(6),
    expiresAt: p.datetime(6),
  },
})

export class PayLink extends PayLinkSchema.class {}
PayLinkSchema.setClass(PayLink)
