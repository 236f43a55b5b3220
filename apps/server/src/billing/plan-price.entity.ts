import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Plan } from './plan.entity.ts'

/**
 * A current or former price of a plan at the payment provider. A price is never changed, only replaced by a new one.
 * Subscribers keep the price they bought, so this table tells which plan a subscription is on.
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
    /** How many members `priceCents` covers, and what each further one costs. Both null if it doesn't charge per member. */
    includedSeats: p.integer().nullable(),
    perSeatCents: p.integer().nullable(),
    /** Null until the price exists at the provider. */
    providerPriceId: p.string().length(255).nullable().unique('plan_prices_provider_price_unique'),
    /** The account and mode that the provider's id belongs to; null if unknown. See `providers/provider-account.ts`. */
    providerAccount: p.string().length(255).nullable(),
    createdAt: p.datetime(6),
    archivedAt: p.datetime(6).nullable(),
  },
})

export class PlanPrice extends PlanPriceSchema.class {}
PlanPriceSchema.setClass(PlanPrice)
