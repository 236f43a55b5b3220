import { exclusiveParams, invalidRequest } from '../../http/errors.ts'
import { decimal } from '../../http/more-params.ts'
import { boolean, clearable, hash, integer, list, oneOf, required, string, type ParamValue } from '../../http/params.ts'
import { newId } from '../../ids.ts'
import type { Account } from '../../state/account.ts'
import type { InvoiceLine, InvoiceRow, LineTax } from '../../state/rows/invoice.ts'

/** Taxes that the caller computed, instead of those of tax rates. */
export const TAX_AMOUNTS = clearable(
  list(
    hash({
      amount: required(integer()),
      tax_rate_data: required(
        hash({
          country: string({ max: 2 }),
          description: string(),
          display_name: required(string({ max: 100 })),
          inclusive: required(boolean()),
          jurisdiction: string({ max: 200 }),
          jurisdiction_level: oneOf('city', 'country', 'county', 'district', 'multiple', 'state'),
          percentage: required(decimal({ above: -Number.MIN_VALUE, max: 100 })),
          state: string(),
          tax_type: string(),
        }),
      ),
      taxability_reason: oneOf(
        'customer_exempt',
        'not_collecting',
        'not_subject_to_tax',
        'not_supported',
        'portion_product_exempt',
        'portion_reduced_rated',
        'portion_standard_rated',
        'product_exempt',
        'product_exempt_holiday',
        'proportionally_rated',
        'reduced_rated',
        'reverse_charge',
        'standard_rated',
        'taxable_basis_reduced',
        'zero_rated',
      ),
      taxable_amount: required(integer()),
    }),
    { max: 20 },
  ),
)

type Given = NonNullable<ParamValue<typeof TAX_AMOUNTS>>

/**
 * The taxes that a request gives a line.
 *
 * @throws {StripeApiError} 400 for a line or an invoice that has tax rates or automatic tax.
 */
export function readTaxAmounts(
  account: Account,
  given: ParamValue<typeof TAX_AMOUNTS> | undefined,
  { invoice, line, param }: { invoice: InvoiceRow; line: Pick<InvoiceLine, 'tax_rates'>; param: string },
): Pick<InvoiceLine, 'tax_amounts'> {
  if (given === undefined) return {}
  if (given === null || given.length === 0) return { tax_amounts: undefined }
  if (line.tax_rates.length > 0) throw exclusiveParams('tax_amounts', 'tax_rates', param)
  if (invoice.default_tax_rates.length > 0 || (invoice.automatic_tax && !invoice.automatic_tax.disabled))
    throw invalidRequest('You cannot set tax amounts if the invoice has `default_tax_rates` or uses automatic tax.', {
      param,
    })
  return {
    tax_amounts: given.map(({ amount, tax_rate_data, taxability_reason: reason, taxable_amount }): LineTax => ({
      ...{ amount, taxable_amount },
      tax_rate: rateOf(account, tax_rate_data),
      ...(reason && { reason }),
    })),
  }
}

/** The archived tax rate with exactly these data, or a new one. */
function rateOf(account: Account, given: Given[number]['tax_rate_data']): string {
  const { country = null, description = null, jurisdiction = null, jurisdiction_level, state = null } = given
  const { display_name, inclusive, percentage, tax_type = null } = given
  const data = {
    ...{ country, description, display_name, inclusive, jurisdiction, percentage, state, tax_type },
    ...(jurisdiction_level && { jurisdiction_level }),
  }
  const known = account.taxRates
    .all()
    .find(
      (row) =>
        row.ofTaxAmounts === true &&
        row.jurisdiction_level === jurisdiction_level &&
        Object.entries(data).every(([name, value]) => row[name as keyof typeof data] === value),
    )
  return (
    known ??
    account.taxRates.insert({
      ...data,
      id: newId('txr'),
      active: false,
      created: account.now(),
      metadata: {},
      ofTaxAmounts: true,
    })
  ).id
}
