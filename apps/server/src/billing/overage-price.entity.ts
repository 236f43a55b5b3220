import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Plan } from './plan.entity.ts'

/**
 * What a unit of a plan's feature costs above its limit, as a price at the provider. A price is never changed, only
 * replaced by a new one. Subscribers keep the price that they have.
 *
 * @see docs/decisions/0046-overage.md
 */
const OveragePriceSchema = defineEntity({
  name: 'OveragePrice',
  tableName: 'overage_prices',
  uniques: [
    {
      name: 'overage_prices_current',
      properties: ['plan', 'feature', 'unitPrice', 'currency', 'billingPeriod'],
      where: { archivedAt: null },
    },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    plan: () => p.manyToOne(Plan).ref().deleteRule('cascade'),
    feature: p.string().length(64),
    /** A decimal, in the smallest unit of the currency. */
    unitPrice: p.string().length(24),
    currency: p.string().length(3),
    billingPeriod: p.enum(['monthly', 'yearly'] as const),
    /** Null until the price exists at the provider. */
    providerPriceId: p.string().length(255).nullable().unique('overage_prices_provider_price_unique'),
    /** The account and mode that the provider's id belongs to; null if unknown. */
    providerAccount: p.string().length(255).nullable(),
    createdAt: p.datetime(6),
    /** Set when the id turned out to belong to another account or mode. */
    archivedAt: p.datetime(6).nullable(),
  },
})

export class OveragePrice extends OveragePriceSchema.class {}
OveragePriceSchema.setClass(OveragePrice)
