import { totalOf } from '../amounts/invoice-amounts.ts'
import { moveBalance } from '../billing/balance.ts'
import { followPaid } from '../billing/follow-payment.ts'
import { cancelOpenPayments, markPaid } from '../billing/invoicing.ts'
import { emit } from '../events/emit.ts'
import { invalidRequest } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { formatMoney } from '../money.ts'
import { refundCharge } from '../payments/refunds.ts'
import { creditedAmounts, serializeCreditNote } from '../resources/credit-note.ts'
import { updateInvoice } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import type { CreditNoteRow } from '../state/rows/credit-note.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'

export interface NewCreditNote extends Pick<
  CreditNoteRow,
  'lines' | 'memo' | 'metadata' | 'reason' | 'refunds' | 'shipping'
> {
  readonly effective_at: number | null
  /** To the customer's balance. */
  readonly credit_amount: number
  readonly refund_amount: number
  readonly out_of_band_amount: number
}

/**
 * Issues a credit note for a finalized invoice. It first reduces what is still due; the rest must be refunded, credited
 * to the customer's balance or given back outside of Stripe. An open invoice with nothing left to pay is paid.
 *
 * @throws {StripeApiError} 400 if it credits more than the invoice's total, or if its parts don't add up.
 * @see node_modules/stripe/esm/resources/CreditNotes.d.ts, `CreditNoteResource.create`
 */
export function issueCreditNote(account: Account, invoice: InvoiceRow, given: NewCreditNote): CreditNoteRow {
  const { total } = creditedAmounts(given.lines, given.shipping)
  check(account, invoice, given, total)
  const remaining = invoice.status === 'paid' ? 0 : Math.max(0, dueOf(invoice) - invoice.amount_paid)
  const pre = Math.min(total, remaining)
  const post = total - pre
  checkParts(invoice, post, given)

  const now = account.nowOf(invoice.customer)
  const id = newId('cn')
  const earlier = account.creditNotes.by('invoice', invoice.id).length
  const refunds =
    given.refund_amount > 0
      ? [
          ...given.refunds,
          { refund: refund(account, invoice, given.refund_amount), amount_refunded: given.refund_amount },
        ]
      : given.refunds
  const balance =
    given.credit_amount > 0
      ? moveBalance(account, invoice.customer, {
          amount: -given.credit_amount,
          credit_note: id,
          currency: invoice.currency,
          invoice: invoice.id,
          type: 'credit_note',
        })
      : null
  const row = account.creditNotes.insert({
    id,
    created: now,
    currency: invoice.currency,
    customer: invoice.customer,
    customer_balance_transaction: balance?.id ?? null,
    effective_at: given.effective_at ?? now,
    invoice: invoice.id,
    lines: given.lines,
    memo: given.memo,
    metadata: given.metadata,
    number: `${invoice.number ?? ''}-CN-${String(earlier + 1).padStart(2, '0')}`,
    out_of_band_amount: given.out_of_band_amount || null,
    pre_payment_amount: pre,
    post_payment_amount: post,
    reason: given.reason,
    refunds,
    ...(given.shipping && { shipping: given.shipping }),
    status: 'issued',
    voided_at: null,
  })
  emit(account, 'credit_note.created', serializeCreditNote(account, row))
  adjustInvoice(account, invoice.id, { pre, post })
  return row
}

/**
 * Voids a credit note that reduced an open invoice: the amount is due again.
 *
 * @throws {StripeApiError} 400 if the invoice is no longer open, or if the note gave money back.
 */
export function voidCreditNote(account: Account, row: CreditNoteRow): CreditNoteRow {
  const { status } = account.invoices.get(row.invoice)
  if (row.status === 'void') throw invalidRequest('This credit note is already void.')
  if (status !== 'open' || row.post_payment_amount > 0)
    throw invalidRequest('You can only void a credit note that was issued before payment, while its invoice is open.')
  const voided = account.creditNotes.patch(row.id, { status: 'void', voided_at: account.nowOf(row.customer) })
  emit(account, 'credit_note.voided', serializeCreditNote(account, voided))
  adjustInvoice(account, row.invoice, { pre: -row.pre_payment_amount, post: 0 })
  return voided
}

function check(account: Account, invoice: InvoiceRow, given: NewCreditNote, total: number): void {
  if (invoice.status !== 'open' && invoice.status !== 'paid' && invoice.status !== 'uncollectible')
    throw invalidRequest(
      `You can only create a credit note for a finalized invoice. This invoice's status is ${invoice.status}.`,
      { param: 'invoice' },
    )
  if (total <= 0) throw invalidRequest('The amount of a credit note must be greater than 0.', { param: 'amount' })
  const credited = invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount
  const left = totalOf(account, invoice) - credited - refundedElsewhere(account, invoice, given.refunds)
  if (total > left)
    throw invalidRequest(
      `The amount of the credit note (${formatMoney(total, invoice.currency)}) exceeds what can still be credited for this invoice (${formatMoney(left, invoice.currency)}).`,
      { param: 'amount' },
    )
}

function checkParts(
  { currency }: InvoiceRow,
  post: number,
  { credit_amount, out_of_band_amount, refund_amount, refunds }: NewCreditNote,
): void {
  const linked = refunds.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0)
  const parts = credit_amount + out_of_band_amount + refund_amount + linked
  if (parts === post) return
  throw invalidRequest(
    `The sum of credit amount, refund amount and out of band amount (${formatMoney(parts, currency)}) must equal the post payment amount of the credit note (${formatMoney(post, currency)}).`,
  )
}

/** What was refunded for an invoice without a credit note. */
function refundedElsewhere(account: Account, { id }: InvoiceRow, links: NewCreditNote['refunds']): number {
  const notes = account.creditNotes.by('invoice', id)
  const linked = new Set([...links, ...notes.flatMap((note) => note.refunds)].map((each) => each.refund))
  return account.invoicePayments
    .by('invoice', id)
    .flatMap((payment) => account.charges.by('payment_intent', payment.payment_intent))
    .flatMap((charge) => account.refunds.by('charge', charge.id))
    .filter((each) => each.status === 'succeeded' && !linked.has(each.id))
    .reduce((sum, { amount }) => sum + amount, 0)
}

function refund(account: Account, { id }: InvoiceRow, amount: number): string {
  const charge = account.invoicePayments
    .by('invoice', id)
    .flatMap((payment) => account.charges.by('payment_intent', payment.payment_intent))
    .find((candidate) => candidate.paid)
  if (!charge) throw invalidRequest('This invoice has no charge that could be refunded.', { param: 'refund_amount' })
  return refundCharge(account, charge, { amount, reason: null, metadata: {} }).id
}

function adjustInvoice(account: Account, id: string, { pre, post }: { pre: number; post: number }): void {
  const invoice = account.invoices.get(id)
  const due = dueOf(invoice) - pre
  updateInvoice(account, id, {
    finalized_amount_due: due,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + pre,
    post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount + post,
  })
  if (invoice.status === 'paid' || pre === 0) return
  if (due > invoice.amount_paid) {
    const left = due - invoice.amount_paid
    for (const payment of account.invoicePayments.by('invoice', id).filter((each) => each.status === 'open')) {
      account.invoicePayments.patch(payment.id, { amount_requested: left })
      account.paymentIntents.patch(payment.payment_intent, { amount: left })
    }
    return
  }
  cancelOpenPayments(account, id, 'void_invoice')
  markPaid(account, id, { amount: 0 })
  followPaid(account, id)
}

function dueOf({ finalized_amount_due }: InvoiceRow): number {
  return finalized_amount_due ?? 0
}
