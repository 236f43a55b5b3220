import { defineEntity, p } from '@mikro-orm/core'
import { Subscription } from './subscription.entity.ts'

/**
 * The newest page that takes an overdue invoice of a subscription, for each place that the browser comes back to. Everyone
 * who asks for such a page gets this one, as long as it is open. All times are wall time.
 */
const DebtPageSchema = defineEntity({
  name: 'DebtPage',
  tableName: 'debt_pages',
  properties: {
    subscription: () => p.manyToOne(Subscription).ref().primary().deleteRule('cascade'),
    returnsTo: p.enum(['console', 'link'] as const).primary(),
    providerInvoiceId: p.string().length(255),
    sessionId: p.string().length(255),
    /** Null until the provider has opened it. */
    url: p.text().nullable(),
    namedAt: p.datetime(6),
    expiresAt: p.datetime(6),
  },
})

export class DebtPage extends DebtPageSchema.class {}
DebtPageSchema.setClass(DebtPage)
