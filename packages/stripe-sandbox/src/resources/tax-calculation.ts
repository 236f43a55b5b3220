import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type {
  CalculatedTax,
  TaxCalculationRow,
  TaxedLine,
  TaxedShipping,
  TaxTransactionRow,
} from '../state/rows/tax-calculation.ts'
import { embeddedList, type Wire } from '../wire.ts'

const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region' })

/** A calculation without its lines, which only `expand` shows. */
export function serializeTaxCalculation(account: Account, row: TaxCalculationRow): Wire<Stripe.Tax.Calculation> {
  const { created: _created, lines, shipping, ...shown } = row
  const all = [...lines, ...(shipping ? [shipping] : [])]
  const taxOf = (behavior: string): number =>
    all.reduce((sum, { amount_tax, tax_behavior }) => sum + (tax_behavior === behavior ? amount_tax : 0), 0)
  return {
    ...shown,
    object: 'tax.calculation',
    amount_total: all.reduce((sum, { amount }) => sum + amount, 0) + taxOf('exclusive'),
    customer_details: { ...row.customer_details, tax_ids: [...row.customer_details.tax_ids] },
    livemode: false,
    shipping_cost: serializeShipping(shipping),
    tax_amount_exclusive: taxOf('exclusive'),
    tax_amount_inclusive: taxOf('inclusive'),
    tax_breakdown: sumByRate(all.flatMap(({ taxes }) => taxes)).map(({ amount, tax_rate, taxable_amount }) => {
      const { automatic, country, inclusive, percentage, state, tax_type } = account.taxRates.get(tax_rate)
      return {
        amount,
        inclusive,
        tax_rate_details: {
          country,
          flat_amount: null,
          percentage_decimal: String(percentage),
          rate_type: 'percentage',
          state,
          tax_type,
        },
        taxability_reason: automatic?.reason ?? 'standard_rated',
        taxable_amount,
      }
    }),
  }
}

/** A transaction without its lines, which only `expand` shows. */
export function serializeTaxTransaction(row: TaxTransactionRow): Wire<Stripe.Tax.Transaction> {
  const { lines: _lines, original, shipping, ...shown } = row
  return {
    ...shown,
    object: 'tax.transaction',
    customer_details: { ...row.customer_details, tax_ids: [...row.customer_details.tax_ids] },
    livemode: false,
    reversal: original === null ? null : { original_transaction: original },
    shipping_cost: serializeShipping(shipping),
    type: original === null ? 'transaction' : 'reversal',
  }
}

/** A line of a calculation without its taxes, which only `expand` shows. */
export function serializeCalculationLine({
  original: _original,
  taxes: _taxes,
  ...shown
}: TaxedLine): Wire<Stripe.Tax.CalculationLineItem> {
  return {
    ...shown,
    object: 'tax.calculation_line_item',
    livemode: false,
    performance_location: shown.performance_location ?? null,
  }
}

export function serializeTransactionLine({
  original,
  performance_location: _place,
  taxes: _taxes,
  ...shown
}: TaxedLine): Wire<Stripe.Tax.TransactionLineItem> {
  return {
    ...shown,
    object: 'tax.transaction_line_item',
    livemode: false,
    reversal: original === undefined ? null : { original_line_item: original },
    type: original === undefined ? 'transaction' : 'reversal',
  }
}

/** The lines of a calculation, or of a transaction. */
export const listCalculationLines = ({ id, lines }: TaxCalculationRow) =>
  embeddedList(`/v1/tax/calculations/${id}/line_items`, lines.map(serializeCalculationLine))
export const listTransactionLines = ({ id, lines }: TaxTransactionRow) =>
  embeddedList(`/v1/tax/transactions/${id}/line_items`, lines.map(serializeTransactionLine))

/** The taxes of a line, or of shipping. Where nothing is collected, there is no rate. */
export function serializeBreakdown(account: Account, taxes: readonly CalculatedTax[]) {
  return taxes.map(({ amount, tax_rate, taxable_amount }): Wire<Stripe.Tax.CalculationLineItem.TaxBreakdown> => {
    const { automatic, country, display_name, percentage, state, tax_type } = account.taxRates.get(tax_rate)
    const reason = automatic?.reason ?? 'standard_rated'
    return {
      amount,
      jurisdiction: {
        country: country ?? '',
        display_name: state ?? COUNTRY_NAMES.of(country ?? '') ?? '',
        level: state === null ? 'country' : 'state',
        state,
      },
      sourcing: 'destination',
      tax_rate_details:
        reason === 'not_collecting' || reason === 'not_supported'
          ? null
          : { display_name, percentage_decimal: String(percentage), tax_type: tax_type ?? 'vat' },
      taxability_reason: reason,
      taxable_amount,
    }
  })
}

function serializeShipping(shipping: TaxedShipping | null): Wire<Stripe.Tax.Calculation.ShippingCost> | null {
  if (shipping === null) return null
  const { taxes: _taxes, ...shown } = shipping
  return shown
}

function sumByRate(taxes: readonly CalculatedTax[]): CalculatedTax[] {
  const sums = new Map<string, CalculatedTax>()
  for (const { amount, tax_rate, taxable_amount } of taxes) {
    const sum = sums.get(tax_rate)
    sums.set(tax_rate, {
      amount: amount + (sum?.amount ?? 0),
      tax_rate,
      taxable_amount: taxable_amount + (sum?.taxable_amount ?? 0),
    })
  }
  return [...sums.values()]
}
