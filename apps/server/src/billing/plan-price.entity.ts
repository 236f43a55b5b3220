import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Plan } from './plan.entity.ts'

/**
 * What a plan costs, or once cost, at the payment provider. Prices are never changed there, only followed by newer
 * ones; a subscriber keeps the price he came with, so a subscription's plan is found through this table.
 */
const PlanPriceSchema = defineEntity({
  name: 'PlanPrice',
  tableName: 'plan_prices',
  uniques: [{ name: 'plan_prices_current', properties: ['plan'], where: { archivedAt: null } }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    plan: () => p.manyToOne(Plan).ref().deleteRule('cascade'),
    priceCents: p.integer(),
    currency: p.string().length(3),
    billingPeriod: p.enum(['monthly', 'yearly'] as const),
    /** Null until the provider has made it. */
    providerPriceId: p.string().length(255).nullable().unique('plan_prices_provider_price_unique'),
    createdAt: p.datetime(6),
    archivedAt: p.datetime(6).nullable(),
  },
})

export class PlanPrice extends PlanPriceSchema.class {}
PlanPriceSchema.setClass(PlanPrice)
