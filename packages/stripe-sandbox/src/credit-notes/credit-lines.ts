import { amountsOf } from '../amounts/invoice-amounts.ts'
import { decimalTimes } from '../amounts/price-parts.ts'
import { shippingAmounts } from '../amounts/shipping-amounts.ts'
import { taxLine } from '../amounts/tax-line.ts'
import { exclusiveParams, invalidRequest, missingParam, resourceMissing } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { prorate } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { CreditedShipping, CreditNoteLine } from '../state/rows/credit-note.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'

/** A line of a credit note, as a request describes it. */
export interface GivenLine {
  readonly type: 'custom_line_item' | 'invoice_line_item'
  readonly amount?: number
  readonly description?: string
  readonly invoice_line_item?: string
  readonly metadata: Record<string, string>
  readonly quantity?: number
  /** Taxes that are given instead of computed. */
  readonly tax_amounts?: readonly {
    readonly amount: number
    readonly tax_rate: string
    readonly taxable_amount: number
  }[]
  readonly tax_rates: readonly string[]
  readonly unit_amount?: number
  readonly unit_amount_decimal?: string
}

/**
 * The line of a credit note for a line of its invoice, in full or in part, or for anything else.
 *
 * @throws {StripeApiError} 400 for a line that the invoice doesn't have, or that costs less than the credit.
 */
export function creditLine(account: Account, invoice: InvoiceRow, given: GivenLine, param: string): CreditNoteLine {
  const line =
    given.type === 'custom_line_item'
      ? customLine(account, invoice, given, param)
      : invoiceLine(account, invoice, given, param)
  const { tax_amounts, tax_rates } = given
  if (tax_amounts === undefined) return line
  if (tax_rates.length > 0) throw exclusiveParams('tax_amounts', 'tax_rates', `${param}[tax_amounts]`)
  if (invoice.automatic_tax && !invoice.automatic_tax.disabled)
    throw invalidRequest('You cannot use `tax_amounts` for an invoice with automatic tax.', {
      param: `${param}[tax_amounts]`,
    })
  return {
    ...line,
    taxes: tax_amounts.map((tax, index) => {
      const rate = account.taxRates.find(tax.tax_rate)
      if (!rate) throw resourceMissing('tax rate', tax.tax_rate, { param: `${param}[tax_amounts][${index}][tax_rate]` })
      return { ...tax, inclusive: rate.inclusive, percentage: rate.percentage }
    }),
  }
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

/**
 * The shipping of an invoice, to credit it.
 *
 * @throws {StripeApiError} 400 for a shipping rate that is not the invoice's, and if its shipping is already credited.
 * @see node_modules/stripe/esm/resources/CreditNotes.d.ts, `CreditNoteCreateParams.shipping_cost`
 */
export function creditShipping(account: Account, invoice: InvoiceRow, id: string | undefined): CreditedShipping {
  const param = 'shipping_cost[shipping_rate]'
  if (id === undefined) throw missingParam(param)
  if (id !== invoice.shipping_rate) {
    if (!account.shippingRates.has(id)) throw resourceMissing('shipping rate', id, { param })
    throw invalidRequest(`The shipping rate ${id} is not the one of the invoice.`, { param })
  }
  if (account.creditNotes.by('invoice', invoice.id).some(({ shipping, status }) => shipping && status === 'issued'))
    throw invalidRequest('The shipping cost of this invoice has already been credited.', { param })
  const { subtotal, taxes } = shippingAmounts(account, id, invoice)
  return { shipping_rate: id, amount_subtotal: subtotal, taxes }
}

function customLine(account: Account, { currency }: InvoiceRow, given: GivenLine, param: string): CreditNoteLine {
  const { description, metadata, quantity = 1, tax_rates, unit_amount, unit_amount_decimal: decimal } = given
  if (unit_amount !== undefined && decimal !== undefined)
    throw exclusiveParams('unit_amount', 'unit_amount_decimal', `${param}[unit_amount_decimal]`)
  if (unit_amount === undefined && decimal === undefined) throw missingParam(`${param}[unit_amount]`)
  if (description === undefined) throw missingParam(`${param}[description]`)
  const amount = decimalTimes(decimal ?? String(unit_amount), quantity, currency)
  const rates = tax_rates.map((id) => account.taxRates.get(id))
  return {
    ...amountLine(amount),
    description,
    metadata,
    quantity,
    tax_rates,
    taxes: taxLine(amount, rates, currency),
    unit_amount: unit_amount ?? null,
    ...(decimal !== undefined && { unit_amount_decimal: decimal }),
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
    ...(amounts.credits.length > 0 && {
      credits: share(amounts.credits).map((credit) => ({
        amount: credit.amount,
        transaction: credit.transaction ?? '',
      })),
    }),
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
