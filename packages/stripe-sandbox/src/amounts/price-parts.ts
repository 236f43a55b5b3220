import { smallestStep } from '../money.ts'
import type { PriceRow, PriceTier } from '../state/rows/catalogue.ts'

type Terms = Pick<PriceRow, 'currency' | 'tiers' | 'tiers_mode' | 'transform_quantity' | 'unit_amount_decimal'>

/** A part of what a price charges. Each part is an invoice line. */
export interface PricePart {
  /** In the currency's smallest unit. */
  readonly amount: number
  /** 0 for a tier's flat amount. */
  readonly quantity: number
  /** Per unit, maybe with decimals; null for a flat amount. */
  readonly unit: string | null
  /** The number of the tier, counted from 1; null if the price is not tiered. */
  readonly tier: number | null
}

/**
 * What a price charges for `quantity` units. Graduated tiers charge the units that fall into each tier. Volume tiers
 * charge all units in the tier that the quantity reaches. Each tier that is used adds its flat amount. The first tier is
 * used even if the quantity is 0.
 *
 * @see https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
 */
export function priceParts(
  { currency, tiers, tiers_mode, transform_quantity, unit_amount_decimal }: Terms,
  quantity: number,
): PricePart[] {
  if (!tiers) {
    const unit = unit_amount_decimal ?? '0'
    const amount = decimalTimes(unit, transform_quantity ? packages(quantity, transform_quantity) : quantity, currency)
    return [{ amount, quantity, unit, tier: null }]
  }
  const used = tiers.flatMap((tier, index) => {
    const before = tiers[index - 1]?.up_to ?? 0
    if (index > 0 && quantity <= before) return []
    const last = Math.min(quantity, tier.up_to ?? quantity)
    return [{ tier, number: index + 1, quantity: last - before }]
  })
  const reached = used.at(-1)
  const charged = tiers_mode === 'volume' && reached ? [{ ...reached, quantity }] : used
  return charged.flatMap((each) => tierParts(each, currency))
}

/**
 * How many packages a quantity makes.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/transform-quantities
 */
function packages(quantity: number, { divide_by, round }: NonNullable<Terms['transform_quantity']>): number {
  return round === 'up' ? Math.ceil(quantity / divide_by) : Math.floor(quantity / divide_by)
}

/** What `quantity` units of a price cost. */
export function priceAmount(price: Terms, quantity: number): number {
  return priceParts(price, quantity).reduce((sum, { amount }) => sum + amount, 0)
}

/** The units of a tier, and its flat amount if it has one. */
function tierParts(
  { tier, number, quantity }: { tier: PriceTier; number: number; quantity: number },
  currency: string,
): PricePart[] {
  const unit = tier.unit_amount_decimal ?? '0'
  const units = { amount: decimalTimes(unit, quantity, currency), quantity, unit, tier: number }
  if (tier.flat_amount === null) return [units]
  return [units, { amount: tier.flat_amount, quantity: 0, unit: null, tier: number }]
}

const DECIMALS = 12

/**
 * A quantity times a decimal amount, rounded to the smallest amount that the currency has, half away from zero. Both
 * have at most 12 decimals.
 */
export function decimalTimes(decimal: string, quantity: number | string, currency: string): number {
  if (!decimal.includes('.') && Number.isSafeInteger(Number(quantity))) return Number(decimal) * Number(quantity)
  const product = scaled(decimal) * scaled(String(quantity))
  const step = smallestStep(currency)
  const unit = 10n ** BigInt(2 * DECIMALS) * BigInt(step)
  const size = product < 0n ? -product : product
  const rounded = Number((size * 2n + unit) / (2n * unit)) * step
  return product < 0n ? -rounded : rounded
}

function scaled(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'))
}
