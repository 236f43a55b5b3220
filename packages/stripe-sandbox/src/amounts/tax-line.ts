import { prorateIn } from '../money.ts'
import type { TaxabilityReason, TaxRateRow } from '../state/rows/tax.ts'

export interface TaxAmount {
  readonly tax_rate: string
  readonly inclusive: boolean
  readonly percentage: number
  /** Why there is no tax, if the customer's location decided it. */
  readonly reason?: TaxabilityReason | null
  readonly amount: number
  /** What the tax is computed from: the line's amount after discounts, without inclusive tax. */
  readonly taxable_amount: number
}

type Rate = Pick<TaxRateRow, 'id' | 'inclusive' | 'percentage' | 'automatic'>

const PRECISION = 10_000

/**
 * The taxes of a line. `amount` is what is left after discounts. An inclusive tax is part of it, an exclusive one is
 * added to it. Each tax is rounded for each line, half away from zero.
 *
 * @see https://docs.stripe.com/billing/taxes/tax-rates
 */
export function taxLine(amount: number, rates: readonly Rate[], currency: string): TaxAmount[] {
  const scaled = rates.map((rate) => Math.round(rate.percentage * PRECISION))
  const inclusive = scaled.reduce((sum, percent, index) => sum + (rates[index]?.inclusive ? percent : 0), 0)
  const parts = rates.map((rate, index) =>
    rate.inclusive ? prorateIn(currency, amount, scaled[index] ?? 0, 100 * PRECISION + inclusive) : 0,
  )
  const taxable = amount - parts.reduce((sum, part) => sum + part, 0)
  return rates.map((rate, index) => ({
    tax_rate: rate.id,
    inclusive: rate.inclusive,
    percentage: rate.percentage,
    ...(rate.automatic?.reason && { reason: rate.automatic.reason }),
    amount: rate.inclusive ? (parts[index] ?? 0) : prorateIn(currency, taxable, scaled[index] ?? 0, 100 * PRECISION),
    taxable_amount: taxable,
  }))
}
