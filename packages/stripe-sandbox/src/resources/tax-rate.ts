import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { TaxRateRow } from '../state/rows/tax.ts'
import type { Wire } from '../wire.ts'

export function serializeTaxRate({ ofTaxAmounts: _made, ...row }: TaxRateRow): Wire<Stripe.TaxRate> {
  return {
    ...row,
    object: 'tax_rate',
    effective_percentage: row.percentage,
    flat_amount: null,
    jurisdiction_level: row.jurisdiction_level ?? null,
    livemode: false,
    rate_type: 'percentage',
  }
}

/** The tax rates that an object embeds. */
export function taxRates(account: Account, ids: readonly string[]): Wire<Stripe.TaxRate>[] {
  return ids.map((id) => serializeTaxRate(account.taxRates.get(id)))
}
