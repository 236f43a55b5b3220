import type { ItemChange } from '../../billing/place-items.ts'
import type { ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import type { SubscriptionRow } from '../../state/rows/subscription.ts'
import { readDiscounts, type DISCOUNTS } from '../discount-params.ts'
import { readTaxRates, type TAX_RATES } from '../tax-params.ts'

interface Pricing {
  discounts?: ParamValue<typeof DISCOUNTS>
  default_tax_rates?: ParamValue<typeof TAX_RATES>
}

interface ItemPricing {
  billing_thresholds?: { usage_gte: number } | null
  id?: string
  discounts?: ParamValue<typeof DISCOUNTS>
  tax_rates?: ParamValue<typeof TAX_RATES>
}

/**
 * Reads a change of a subscription's discounts and tax rates. `within` is the parameter that holds the tax rates.
 *
 * @throws {StripeApiError} 400 for a coupon or a tax rate that can't be applied.
 */
export function readPricing(
  account: Account,
  old: SubscriptionRow,
  { discounts, default_tax_rates }: Pricing,
  within: string,
): Partial<SubscriptionRow> {
  const param = within ? `${within}[default_tax_rates]` : 'default_tax_rates'
  return {
    ...(default_tax_rates !== undefined && {
      default_tax_rates: readTaxRates(account, default_tax_rates, param, old.default_tax_rates),
    }),
    ...(discounts !== undefined && {
      discounts: readDiscounts(account, discounts, {
        customer: old.customer,
        currency: old.currency,
        param: 'discounts',
        present: old.discounts,
      }),
    }),
  }
}

/** The discounts, tax rates and thresholds that a request gives an item. Those that it doesn't mention stay. */
export function readItemPricing(
  account: Account,
  old: SubscriptionRow,
  { billing_thresholds, id, discounts, tax_rates }: ItemPricing,
  param: string,
): Pick<ItemChange, 'billing_thresholds' | 'discounts' | 'tax_rates'> {
  const before = old.items.find((item) => item.id === id)
  return {
    ...(billing_thresholds !== undefined && { billing_thresholds }),
    ...(discounts !== undefined && {
      discounts: readDiscounts(account, discounts, {
        customer: old.customer,
        currency: old.currency,
        param: `${param}[discounts]`,
        present: before?.discounts ?? [],
        parents: old.discounts,
      }),
    }),
    ...(tax_rates !== undefined && {
      tax_rates: readTaxRates(account, tax_rates, `${param}[tax_rates]`, before?.tax_rates ?? []),
    }),
  }
}
