import type { Account } from '../state/account.ts'
import type { ShippingRateRow } from '../state/rows/shipping.ts'
import type { AutomaticTax } from '../state/rows/tax.ts'
import { ratesOfShipping } from '../taxes/automatic-tax.ts'
import { taxLine, type TaxAmount } from './tax-line.ts'

/** What shipping costs, in the currency's smallest unit. */
export interface ShippingAmounts {
  readonly subtotal: number
  readonly taxes: readonly TaxAmount[]
  readonly tax: number
  readonly total: number
}

/** Whether a rate can be charged in a currency. */
export function shipsIn(rate: ShippingRateRow, currency: string): boolean {
  return rate.currency === currency || rate.currency_options[currency] !== undefined
}

/**
 * What a shipping rate costs in a currency, with automatic tax if it is on. Discounts and manual tax rates don't count
 * for shipping.
 *
 * @see https://docs.stripe.com/payments/during-payment/charge-shipping
 */
export function shippingAmounts(
  account: Account,
  id: string,
  { currency, automatic_tax: tax }: { currency: string; automatic_tax?: AutomaticTax | null | undefined },
): ShippingAmounts {
  const rate = account.shippingRates.get(id)
  const { amount, tax_behavior } = rate.currency === currency ? rate : (rate.currency_options[currency] ?? rate)
  const rates = tax && !tax.disabled ? ratesOfShipping(account, tax, { ...rate, tax_behavior, currency }) : []
  const taxes = taxLine(
    amount,
    rates.map((each) => account.taxRates.get(each)),
    currency,
  )
  const sum = (some: readonly TaxAmount[]): number => some.reduce((total, each) => total + each.amount, 0)
  const exclusive = sum(taxes.filter((each) => !each.inclusive))
  return { subtotal: amount, taxes, tax: sum(taxes), total: amount + exclusive }
}
