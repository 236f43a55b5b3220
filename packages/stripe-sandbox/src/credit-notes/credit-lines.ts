import { amountsOf } from '../amounts/invoice-amounts.ts'
import { taxLine } from '../amounts/tax-line.ts'
import { invalidRequest, missingParam, resourceMissing } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { prorate } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { CreditNoteLine } from '../state/rows/credit-note.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'

/** A line of a credit note, as a request describes it. */
export interface GivenLine {
  readonly type: 'custom_line_item' | 'invoice_line_item'
  readonly amount?: number
  readonly description?: string
  readonly invoice_line_item?: string
  readonly metadata: Record<string, string>
  readonly quantity?: number
  readonly tax_rates: readonly string[]
  readonly unit_amount?: number
}

/**
 * The line of a credit note for a line of its invoice, in full or in part, or for anything else.
 *
 * @throws {StripeApiError} 400 for a line that the invoice doesn't have, or that costs less than the credit.
 */
export function creditLine(account: Account, invoice: InvoiceRow, given: GivenLine, param: string): CreditNoteLine {
  return given.type === 'custom_line_item'
    ? customLine(account, invoice, given, param)
    : invoiceLine(account, invoice, given, param)
}

/** The only line of a credit note that is given as an amount. */
export function amountLine(amount: number): CreditNoteLine {
  return {
    id: newId('cnli'),
    type: 'custom_line_item',
    amount,
    description: null,
    own: [],
    shared: [],
    invoice_line_item: null,
    metadata: {},
    quantity: 1,
    tax_rates: [],
    taxes: [],
    unit_amount: amount,
  }
}

function customLine(account: Account, { currency }: InvoiceRow, given: GivenLine, param: string): CreditNoteLine {
  const { description, metadata, quantity = 1, tax_rates, unit_amount } = given
  if (unit_amount === undefined) throw missingParam(`${param}[unit_amount]`)
  if (description === undefined) throw missingParam(`${param}[description]`)
  const amount = unit_amount * quantity
  const rates = tax_rates.map((id) => account.taxRates.get(id))
  return {
    ...amountLine(amount),
    description,
    metadata,
    quantity,
    tax_rates,
    taxes: taxLine(amount, rates, currency),
    unit_amount,
  }
}

function invoiceLine(account: Account, invoice: InvoiceRow, given: GivenLine, param: string): CreditNoteLine {
  const { invoice_line_item, metadata, quantity } = given
  if (invoice_line_item === undefined) throw missingParam(`${param}[invoice_line_item]`)
  const index = invoice.lines.findIndex((line) => line.id === invoice_line_item)
  const line = invoice.lines[index]
  const amounts = amountsOf(account, invoice).lines[index]
  if (!line || !amounts)
    throw resourceMissing('invoice line item', invoice_line_item, { param: `${param}[invoice_line_item]` })
  const amount = given.amount ?? (quantity === undefined ? line.amount : prorate(line.amount, quantity, line.quantity))
  if (amount > line.amount)
    throw invalidRequest('The amount to credit exceeds the amount of the invoice line item.', {
      param: `${param}[amount]`,
    })
  const share = <T extends { readonly amount: number }>(parts: readonly T[]): T[] =>
    parts.map((part) => ({ ...part, amount: prorate(part.amount, amount, line.amount) }))
  return {
    ...amountLine(amount),
    type: 'invoice_line_item',
    description: line.description,
    own: share(amounts.own),
    shared: share(amounts.shared),
    invoice_line_item,
    metadata,
    quantity: quantity ?? (given.amount === undefined ? line.quantity : null),
    tax_rates: line.tax_rates.length > 0 ? line.tax_rates : invoice.default_tax_rates,
    taxes: share(amounts.taxes).map((tax) => ({
      ...tax,
      taxable_amount: prorate(tax.taxable_amount, amount, line.amount),
    })),
    unit_amount: null,
  }
}
