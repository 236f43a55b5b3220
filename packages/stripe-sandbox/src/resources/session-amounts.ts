import { discountLines, type Reduction } from '../amounts/discount-lines.ts'
import { priceParts } from '../amounts/price-parts.ts'
import { shippingAmounts, type ShippingAmounts } from '../amounts/shipping-amounts.ts'
import { taxLine } from '../amounts/tax-line.ts'
import { prorateIn } from '../money.ts'
import type { Account } from '../state/account.ts'
import { linePrice } from '../state/price-in.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { ratesOfLine } from '../taxes/automatic-tax.ts'

/** What a session's line costs today, in the currency's smallest unit. */
export interface SessionLineAmounts {
  readonly subtotal: number
  readonly discount: number
  readonly tax: number
  readonly total: number
}

/** Whether the session's subscription begins with a trial. */
export function startsWithTrial({ subscription_data }: CheckoutSessionRow): boolean {
  return subscription_data.trial_end !== null || subscription_data.trial_period_days !== null
}

/**
 * What each line of a session costs today. Recurring prices cost nothing during a trial. A tiered price has several
 * parts, which are discounted and taxed one by one, as on the invoice.
 */
export function sessionLineAmounts(account: Account, session: CheckoutSessionRow): SessionLineAmounts[] {
  const free = startsWithTrial(session)
  const currency = session.currency ?? 'usd'
  const parts = session.lines.flatMap((line) => {
    const price = linePrice(account, line, currency)
    // A metered price is billed when a period is over.
    const isFree = price.recurring !== null && (free || price.meter !== null)
    const share = price.recurring === null ? undefined : session.subscription_data.firstShare
    const amounts = isFree
      ? [0]
      : priceParts(price, line.quantity).map(({ amount }) =>
          share ? prorateIn(currency, amount, share.part, share.whole) : amount,
        )
    return amounts.map((amount) => ({ line, amount, product: price.product, discountable: true, own: [] }))
  })
  const discounts = discountLines(parts, reductions(account, session), currency)
  const costs = parts.map(({ line, amount }, index) => {
    const discount = sumOf(discounts[index]?.shared ?? [])
    const own = line.tax_rates.length > 0 ? line.tax_rates : session.subscription_data.default_tax_rates
    const { product } = account.prices.get(line.price)
    const rates = session.automatic_tax
      ? ratesOfLine(account, session.automatic_tax, { price: line.price, product, currency })
      : own
    const taxes = taxLine(
      amount - discount,
      rates.map((id) => account.taxRates.get(id)),
      currency,
    )
    const total = amount - discount + sumOf(taxes.filter((tax) => !tax.inclusive))
    return { line, subtotal: amount, discount, tax: sumOf(taxes), total }
  })
  return session.lines.map((line) => {
    const own = costs.filter((cost) => cost.line === line)
    const sum = (key: keyof SessionLineAmounts): number => own.reduce((total, cost) => total + cost[key], 0)
    return { subtotal: sum('subtotal'), discount: sum('discount'), tax: sum('tax'), total: sum('total') }
  })
}

function sumOf(some: readonly { readonly amount: number }[]): number {
  return some.reduce((sum, { amount }) => sum + amount, 0)
}

/** What a session costs today, before the customer's balance is applied. */
export function sessionTotal(account: Account, session: CheckoutSessionRow): number {
  const lines = sessionLineAmounts(account, session).reduce((sum, line) => sum + line.total, 0)
  return lines + (sessionShipping(account, session)?.total ?? 0)
}

/** What the shipping of a session costs; null if nothing is shipped. */
export function sessionShipping(
  account: Account,
  { automatic_tax, currency, shipping_rate }: CheckoutSessionRow,
): ShippingAmounts | null {
  return shipping_rate === undefined
    ? null
    : shippingAmounts(account, shipping_rate, { automatic_tax, currency: currency ?? 'usd' })
}

function reductions(account: Account, { discounts }: CheckoutSessionRow): Reduction[] {
  return discounts.map(({ coupon, promotion_code }) => {
    const id = coupon ?? account.promotionCodes.get(promotion_code ?? '').coupon
    return { id, terms: account.coupons.get(id) }
  })
}
