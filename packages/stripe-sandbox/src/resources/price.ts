import type Stripe from 'stripe'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { Wire } from '../wire.ts'

/** A price without its tiers, which only `expand` shows: see {@link serializeTiers}. */
export function serializePrice(row: PriceRow): Wire<Stripe.Price> {
  const { tiers, ...shown } = row
  return {
    ...shown,
    object: 'price',
    billing_scheme: tiers ? 'tiered' : 'per_unit',
    custom_unit_amount: null,
    livemode: false,
    recurring: row.recurring && { ...row.recurring, meter: null, trial_period_days: null, usage_type: 'licensed' },
    transform_quantity: null,
    type: row.recurring ? 'recurring' : 'one_time',
    unit_amount_decimal: decimal(row.unit_amount),
  }
}

/** A price's tiers; undefined if it has none. `unit_amount` is null if the amount per unit has decimals. */
export function serializeTiers({ tiers }: PriceRow): Wire<Stripe.Price.Tier>[] | undefined {
  return tiers?.map(({ flat_amount, unit_amount_decimal, up_to }) => ({
    flat_amount,
    flat_amount_decimal: decimal(flat_amount),
    unit_amount: unit_amount_decimal === null || unit_amount_decimal.includes('.') ? null : Number(unit_amount_decimal),
    unit_amount_decimal,
    up_to,
  }))
}

function decimal(amount: number | null): string | null {
  return amount === null ? null : String(amount)
}

/** A price in the older form of a plan, which subscription items still have. */
export function serializePlan(row: PriceRow): Wire<Stripe.Plan> {
  return {
    id: row.id,
    object: 'plan',
    active: row.active,
    amount: row.unit_amount,
    amount_decimal: decimal(row.unit_amount),
    billing_scheme: row.tiers ? 'tiered' : 'per_unit',
    created: row.created,
    currency: row.currency,
    interval: row.recurring?.interval ?? 'month',
    interval_count: row.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: row.metadata,
    meter: null,
    nickname: row.nickname,
    product: row.product,
    tiers_mode: row.tiers_mode,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  }
}
