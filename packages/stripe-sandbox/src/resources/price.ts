import type Stripe from 'stripe'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { Wire } from '../wire.ts'

/** A price without its tiers, which only `expand` shows: see {@link serializeTiers}. */
export function serializePrice(row: PriceRow): Wire<Stripe.Price> {
  const { currency_options: _options, deleted: _deleted, meter, tiers, trial_period_days, ...shown } = row
  return {
    ...shown,
    object: 'price',
    billing_scheme: tiers ? 'tiered' : 'per_unit',
    custom_unit_amount: row.custom_unit_amount ?? null,
    livemode: false,
    recurring: row.recurring && {
      ...row.recurring,
      meter,
      trial_period_days,
      usage_type: meter === null ? 'licensed' : 'metered',
    },
    type: row.recurring ? 'recurring' : 'one_time',
  }
}

/** A price's tiers; undefined if it has none. `unit_amount` is null if the amount per unit has decimals. */
export function serializeTiers({ tiers }: Pick<PriceRow, 'tiers'>): Wire<Stripe.Price.Tier>[] | undefined {
  return tiers?.map(({ flat_amount, unit_amount_decimal, up_to }) => ({
    flat_amount,
    flat_amount_decimal: decimal(flat_amount),
    unit_amount: unit_amount_decimal === null || unit_amount_decimal.includes('.') ? null : Number(unit_amount_decimal),
    unit_amount_decimal,
    up_to,
  }))
}

/** What a price costs in each of its currencies, which only `expand` shows. */
export function serializeCurrencyOptions(row: PriceRow): Record<string, Wire<Stripe.Price.CurrencyOptions>> {
  return Object.fromEntries(
    Object.entries({ [row.currency]: row, ...row.currency_options }).map(([currency, option]) => {
      const tiers = serializeTiers(option)
      return [
        currency,
        {
          custom_unit_amount: option.custom_unit_amount ?? null,
          tax_behavior: option.tax_behavior,
          ...(tiers && { tiers }),
          unit_amount: option.unit_amount,
          unit_amount_decimal: option.unit_amount_decimal,
        },
      ]
    }),
  )
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
    amount_decimal: row.unit_amount_decimal,
    billing_scheme: row.tiers ? 'tiered' : 'per_unit',
    created: row.created,
    currency: row.currency,
    interval: row.recurring?.interval ?? 'month',
    interval_count: row.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: row.metadata,
    meter: row.meter,
    nickname: row.nickname,
    product: row.product,
    tiers_mode: row.tiers_mode,
    transform_usage: row.transform_quantity,
    trial_period_days: row.trial_period_days,
    usage_type: row.meter === null ? 'licensed' : 'metered',
  }
}
