import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { CreditedShipping, CreditNoteLine, CreditNoteRow } from '../state/rows/credit-note.ts'
import { embeddedList, type Wire } from '../wire.ts'
import { billingCredits, pretaxCredits, serializeTax } from './invoice.ts'
import { taxRates } from './tax-rate.ts'

interface Amounts {
  readonly discount: number
  readonly subtotal: number
  readonly inclusive: number
  readonly exclusive: number
  /** After discounts and billing credits, with all taxes. */
  readonly total: number
}

/** What lines of a credit note add up to, in the currency's smallest unit. */
export function creditedAmounts(lines: readonly CreditNoteLine[], shipping?: CreditedShipping): Amounts {
  const sum = (amounts: readonly { readonly amount: number }[]): number =>
    amounts.reduce((total, { amount }) => total + amount, 0)
  const taxes = [...lines.flatMap((line) => line.taxes), ...(shipping?.taxes ?? [])]
  const own = sum(lines.flatMap((line) => line.own))
  const discount = own + sum(lines.flatMap((line) => line.shared))
  const credited = sum(lines.flatMap((line) => line.credits ?? []))
  const exclusive = sum(taxes.filter((tax) => !tax.inclusive))
  return {
    discount,
    subtotal: sum(lines) - own,
    inclusive: sum(taxes.filter((tax) => tax.inclusive)),
    exclusive,
    total: sum(lines) - discount - credited + exclusive + (shipping?.amount_subtotal ?? 0),
  }
}

export function serializeCreditNote(account: Account, row: CreditNoteRow): Wire<Stripe.CreditNote> {
  const { shipping, ...shown } = row
  const { discount, exclusive, inclusive, subtotal, total } = creditedAmounts(row.lines, shipping)
  const discounts = perKey(
    row.lines.flatMap((line) => [...line.own, ...line.shared]),
    (each) => each.discount,
  )
  const credits = perKey(
    row.lines.flatMap((line) => line.credits ?? []),
    (each) => each.transaction,
  )
  const taxes = perKey(
    [...row.lines.flatMap((line) => line.taxes), ...(shipping?.taxes ?? [])],
    (each) => each.tax_rate,
  )
  return {
    ...shown,
    object: 'credit_note',
    amount: total,
    amount_shipping: shipping?.amount_subtotal ?? 0,
    customer_account: null,
    discount_amount: discount,
    discount_amounts: discounts,
    lines: embeddedList(
      `/v1/credit_notes/${row.id}/lines`,
      row.lines.map((line) => serializeCreditNoteLine(account, line)),
    ),
    livemode: false,
    pdf: `${account.publicUrl}/i/${row.invoice}/pdf`,
    pretax_credit_amounts: [...pretaxCredits(discounts), ...billingCredits(credits)],
    refunds: row.refunds.map((each) => ({ ...each, payment_record_refund: null, type: 'refund' })),
    shipping_cost: shipping ? serializeShippingCost(shipping) : null,
    subtotal,
    subtotal_excluding_tax: subtotal - creditedAmounts(row.lines).inclusive,
    total,
    total_excluding_tax: total - inclusive - exclusive,
    total_taxes: taxes.map(serializeTax),
    type: row.post_payment_amount === 0 ? 'pre_payment' : row.pre_payment_amount === 0 ? 'post_payment' : 'mixed',
  }
}

/** The shipping that a note credits, without its taxes, which only `expand` shows. */
function serializeShippingCost({
  amount_subtotal,
  shipping_rate,
  taxes,
}: CreditedShipping): Wire<Stripe.CreditNote.ShippingCost> {
  const sum = (some: CreditedShipping['taxes']): number => some.reduce((total, { amount }) => total + amount, 0)
  const exclusive = sum(taxes.filter(({ inclusive }) => !inclusive))
  return { amount_subtotal, amount_tax: sum(taxes), amount_total: amount_subtotal + exclusive, shipping_rate }
}

export function serializeCreditNoteLine(account: Account, line: CreditNoteLine): Wire<Stripe.CreditNoteLineItem> {
  const { credits = [], invoice_line_item, own, shared, tax_rates, taxes, unit_amount, ...shown } = line
  const discounts = [...own, ...shared]
  return {
    ...shown,
    object: 'credit_note_line_item',
    discount_amount: discounts.reduce((sum, { amount }) => sum + amount, 0),
    discount_amounts: discounts,
    ...(invoice_line_item !== null && { invoice_line_item }),
    livemode: false,
    pretax_credit_amounts: [...pretaxCredits(discounts), ...billingCredits(credits)],
    tax_rates: taxRates(account, tax_rates),
    taxes: taxes.map(serializeTax),
    unit_amount,
    unit_amount_decimal: line.unit_amount_decimal ?? (unit_amount === null ? null : String(unit_amount)),
  }
}

/** The sums of amounts with the same key, in the order of their first one. */
function perKey<T extends { readonly amount: number; readonly taxable_amount?: number }>(
  parts: readonly T[],
  keyOf: (part: T) => string,
): T[] {
  const sums = new Map<string, T>()
  for (const part of parts) {
    const before = sums.get(keyOf(part))
    sums.set(keyOf(part), {
      ...part,
      amount: part.amount + (before?.amount ?? 0),
      ...(part.taxable_amount !== undefined && {
        taxable_amount: part.taxable_amount + (before?.taxable_amount ?? 0),
      }),
    })
  }
  return [...sums.values()]
}
