import { discountLines, type Reduction } from '../amounts/discount-lines.ts'
import { taxLine, type TaxAmount } from '../amounts/tax-line.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'

/** What a session's line costs today, in the currency's smallest unit. */
export interface SessionLineAmounts {
  readonly subtotal: number
  readonly discount: number
  readonly taxes: readonly TaxAmount[]
  readonly tax: number
  readonly total: number
}

/** Whether the session's subscription begins with a trial. */
export function startsWithTrial({ subscription_data }: CheckoutSessionRow): boolean {
  return subscription_data.trial_end !== null || subscription_data.trial_period_days !== null
}

/** What each line of a session costs today. Recurring prices cost nothing during a trial. */
export function sessionLineAmounts(account: Account, session: CheckoutSessionRow): SessionLineAmounts[] {
  const free = startsWithTrial(session)
  const lines = session.lines.map((line) => {
    const { product, recurring, unit_amount } = account.prices.get(line.price)
    return { amount: recurring && free ? 0 : unit_amount * line.quantity, product, discountable: true, own: [] }
  })
  const discounts = discountLines(lines, reductions(account, session), session.currency ?? 'usd')
  return lines.map(({ amount }, index) => {
    const discount = (discounts[index]?.shared ?? []).reduce((sum, each) => sum + each.amount, 0)
    const own = session.lines[index]?.tax_rates ?? []
    const rates = own.length > 0 ? own : session.subscription_data.default_tax_rates
    const taxes = taxLine(
      amount - discount,
      rates.map((id) => account.taxRates.get(id)),
      session.currency ?? 'usd',
    )
    const sum = (some: readonly TaxAmount[]): number => some.reduce((total, tax) => total + tax.amount, 0)
    return {
      subtotal: amount,
      discount,
      taxes,
      tax: sum(taxes),
      total: amount - discount + sum(taxes.filter((tax) => !tax.inclusive)),
    }
  })
}

/** What a session costs today, before the customer's balance is applied. */
export function sessionTotal(account: Account, session: CheckoutSessionRow): number {
  return sessionLineAmounts(account, session).reduce((sum, line) => sum + line.total, 0)
}

function reductions(account: Account, { discounts }: CheckoutSessionRow): Reduction[] {
  return discounts.map(({ coupon, promotion_code }) => {
    const id = coupon ?? account.promotionCodes.get(promotion_code ?? '').coupon
    return { id, terms: account.coupons.get(id) }
  })
}
