import type Stripe from 'stripe'
import { shippingAmounts } from '../amounts/shipping-amounts.ts'
import type { Account } from '../state/account.ts'
import type { ShippingRateRow } from '../state/rows/shipping.ts'
import type { AutomaticTax } from '../state/rows/tax.ts'
import type { Wire } from '../wire.ts'
import { serializeTaxRate } from './tax-rate.ts'

/** A shipping rate without its other currencies, which only `expand` shows. */
export function serializeShippingRate(row: ShippingRateRow): Wire<Stripe.ShippingRate> {
  const { amount, currency, currency_options: _options, ...shown } = row
  return {
    ...shown,
    object: 'shipping_rate',
    fixed_amount: { amount, currency },
    livemode: false,
    type: 'fixed_amount',
  }
}

/** What a shipping rate costs in each of its currencies. */
export function serializeShippingCurrencies(
  row: ShippingRateRow,
): Record<string, Wire<Stripe.ShippingRate.FixedAmount.CurrencyOptions>> {
  const { amount, tax_behavior } = row
  return { [row.currency]: { amount, tax_behavior }, ...row.currency_options }
}

/** The taxes of what the shipping of an order costs, which only `expand` shows. */
export function serializeShippingTaxes(
  account: Account,
  rate: string | null | undefined,
  where: { currency: string; automatic_tax?: AutomaticTax | null | undefined },
): Wire<Stripe.Checkout.Session.ShippingCost.Tax>[] {
  const { taxes } = rate == null ? { taxes: [] } : shippingAmounts(account, rate, where)
  return taxes.map(({ amount, percentage, reason, tax_rate, taxable_amount }) => ({
    amount,
    rate: serializeTaxRate(account.taxRates.get(tax_rate)),
    taxability_reason: reason ?? (percentage === 0 ? 'zero_rated' : 'standard_rated'),
    taxable_amount,
  }))
}

/** What the shipping of an order costs; null if nothing is shipped. */
export function serializeShippingCost(
  account: Account,
  rate: string | null | undefined,
  where: { currency: string; automatic_tax?: AutomaticTax | null | undefined },
): Wire<Stripe.Checkout.Session.ShippingCost> | null {
  if (rate == null) return null
  const { subtotal, tax, total } = shippingAmounts(account, rate, where)
  return { amount_subtotal: subtotal, amount_tax: tax, amount_total: total, shipping_rate: rate }
}
