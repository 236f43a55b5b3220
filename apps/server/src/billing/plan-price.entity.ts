import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Plan } from './plan.entity.ts'
import { PROVIDERS, type ProviderName } from './provider.schemas.ts'

/**
 * A current or former price of a plan at the payment provider. A price is never changed, only replaced by a new one.
 * Subscribers keep the price they bought, so this table tells which plan a subscription is on.
 */
const PlanPriceSchema = defineEntity({
  name: 'PlanPrice',
  tableName: 'plan_prices',
  uniques: [
    { name: 'plan_prices_current', properties: ['plan'], where: { archivedAt: null } },
    {
      name: 'plan_prices_further',
      properties: ['plan', 'billingPeriod', 'currency'],
      where: { isFurther: true },
    },
  ],
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
    /** Who collects it; null for the plan's provider. */
    provider: p.enum(PROVIDERS).nullable(),
    createdAt: p.datetime(6),
    /** Set unless it is the plan's first price. */
    archivedAt: p.datetime(6).nullable(),
    /** Whether it is on offer beside the plan's first price. The previous version takes it for a former one. */
    isFurther: p.boolean().default(false),
  },
})

export class PlanPrice extends PlanPriceSchema.class {
  isOnOffer(): boolean {
    return this.isFurther || (this.archivedAt ?? null) === null
  }
}
PlanPriceSchema.setClass(PlanPrice)

/** The condition for prices that are on offer. */
export const ON_OFFER = { $or: [{ archivedAt: null }, { isFurther: true }] }

/** The condition for prices that a provider collects. */
export const collectedBy = (provider: ProviderName) => ({
  $or: [{ provider }, { provider: null, plan: { provider } }],
})
