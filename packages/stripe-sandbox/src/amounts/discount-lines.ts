import { prorate, prorateIn, smallestStep } from '../money.ts'
import type { CouponTerms } from '../state/rows/discount.ts'

/** A discount as the computation needs it. */
export interface Reduction {
  readonly id: string
  readonly terms: CouponTerms
}

export interface DiscountableLine {
  /** In the currency's smallest unit, before discounts. */
  readonly amount: number
  readonly product: string | null
  readonly discountable: boolean
  /** The line's own discounts, which are applied before those of the whole invoice. */
  readonly own: readonly Reduction[]
}

export interface DiscountAmount {
  readonly discount: string
  readonly amount: number
}

/** What a line's discounts take off: its own ones, and its share of those of the whole invoice. */
export interface LineDiscounts {
  readonly own: readonly DiscountAmount[]
  readonly shared: readonly DiscountAmount[]
}

/**
 * Applies discounts to an invoice's lines. The line's own discounts come first, then those of the invoice. Each one
 * counts from what the ones before it have left, so that no line becomes negative.
 *
 * A percentage is rounded for each line, half away from zero. An amount is spread over the lines in proportion to what
 * is left of them.
 *
 * @see node_modules/stripe/esm/resources/Invoices.d.ts, `Invoice.discounts` and `Invoice.total_discount_amounts`
 */
export function discountLines(
  lines: readonly DiscountableLine[],
  shared: readonly Reduction[],
  currency: string,
): LineDiscounts[] {
  const left = lines.map((line) => (line.discountable ? Math.max(0, line.amount) : 0))
  const own = lines.map((line, index) =>
    line.discountable
      ? line.own.filter(({ terms }) => covers(terms, line)).map((reduction) => take(reduction, left, index, currency))
      : [],
  )
  const taken: DiscountAmount[][] = lines.map(() => [])
  for (const reduction of shared) {
    const eligible = lines.flatMap((line, index) => (line.discountable && covers(reduction.terms, line) ? [index] : []))
    const amounts = shareOut(reduction.terms, eligible, left, currency)
    for (const [place, index] of eligible.entries()) {
      const amount = amounts[place] ?? 0
      left[index] = (left[index] ?? 0) - amount
      taken[index]?.push({ discount: reduction.id, amount })
    }
  }
  return lines.map((_, index) => ({ own: own[index] ?? [], shared: taken[index] ?? [] }))
}

/** `percent` of an amount, rounded half away from zero. */
export function percentOf(amount: number, percent: number, currency: string): number {
  return prorateIn(currency, amount, Math.round(percent * PRECISION), 100 * PRECISION)
}

/** Percentages have up to four decimals. */
const PRECISION = 10_000

function take({ id, terms }: Reduction, left: number[], index: number, currency: string): DiscountAmount {
  const [amount = 0] = shareOut(terms, [index], left, currency)
  left[index] = (left[index] ?? 0) - amount
  return { discount: id, amount }
}

function shareOut(
  terms: CouponTerms,
  eligible: readonly number[],
  left: readonly number[],
  currency: string,
): number[] {
  const amounts = eligible.map((index) => left[index] ?? 0)
  const { percent_off } = terms
  if (percent_off !== null) return amounts.map((amount) => percentOf(amount, percent_off, currency))
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  const step = smallestStep(currency)
  const parts = allocate(
    Math.min(total, terms.amounts[currency] ?? 0) / step,
    amounts.map((amount) => amount / step),
  )
  return parts.map((part) => part * step)
}

/** Splits `whole` in proportion to `weights`, so that the parts are whole numbers with the exact sum. */
export function allocate(whole: number, weights: readonly number[]): number[] {
  let [rest, weight] = [whole, weights.reduce((sum, each) => sum + each, 0)]
  return weights.map((each) => {
    const part = prorate(rest, each, weight)
    rest -= part
    weight -= each
    return part
  })
}

function covers({ products }: CouponTerms, { product }: DiscountableLine): boolean {
  return products === null || (product !== null && products.includes(product))
}
