import type Stripe from 'stripe'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { Wire } from '../wire.ts'

export function serializePrice(row: PriceRow): Wire<Stripe.Price> {
  return {
    ...row,
    object: 'price',
    billing_scheme: 'per_unit',
    custom_unit_amount: null,
    livemode: false,
    recurring: row.recurring && { ...row.recurring, meter: null, trial_period_days: null, usage_type: 'licensed' },
    tiers_mode: null,
    transform_quantity: null,
    type: row.recurring ? 'recurring' : 'one_time',
    unit_amount_decimal: String(row.unit_amount),
  }
}

/** A price in the older form of a plan, which subscription items still have. */
export function serializePlan(row: PriceRow): Wire<Stripe.Plan> {
  return {
    id: row.id,
    object: 'plan',
    active: row.active,
    amount: row.unit_amount,
    amount_decimal: String(row.unit_amount),
    billing_scheme: 'per_unit',
    created: row.created,
    currency: row.currency,
    interval: row.recurring?.interval ?? 'month',
    interval_count: row.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: row.metadata,
    meter: null,
    nickname: row.nickname,
    product: row.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  }
}
