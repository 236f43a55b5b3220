import { invalidRequest, StripeApiError } from '../http/errors.ts'
import { amountDueOf } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import { collect, type CollectionOutcome } from './collection.ts'
import { followPaid, followPayment } from './follow-payment.ts'
import { cancelOpenPayments, finalizeInvoice, markPaid } from './invoicing.ts'
import { noPaymentMethod, paymentFailed } from './payment-errors.ts'

interface PayOptions {
  payment_method?: string
  paid_out_of_band?: boolean
}

/**
 * Pays an invoice by hand. A draft is finalized first.
 *
 * @throws {StripeApiError} 402 if the payment fails. The charge, its events and the invoice's attempt are kept.
 * @throws {StripeApiError} 400 if the invoice is already paid or void, or without a card to charge.
 */
export function payInvoice(
  account: Account,
  invoice: InvoiceRow,
  { payment_method, paid_out_of_band = false }: PayOptions,
): InvoiceRow {
  if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid', { code: 'invoice_not_editable' })
  if (invoice.status === 'void') throw invalidRequest('Cannot pay a voided invoice.', { code: 'invoice_not_editable' })
  const { id } = invoice
  if (invoice.status === 'draft' && finalizeInvoice(account, id).status === 'paid') {
    followPaid(account, id)
    return account.invoices.get(id)
  }
  if (paid_out_of_band) {
    markPaid(account, id, { amount: amountDueOf(account, account.invoices.get(id)), offStripe: true })
    cancelOpenPayments(account, id, 'duplicate')
    followPaid(account, id)
    return account.invoices.get(id)
  }
  const outcome = collect(account, id, { automatic: false, paymentMethod: payment_method })
  if (outcome.kind === 'no_payment_method') throw noPaymentMethod()
  followPayment(account, id, outcome.kind)
  if (outcome.kind === 'succeeded') return account.invoices.get(id)
  const { status, body } = paymentFailed(account, id, outcome)
  throw new StripeApiError(
    status,
    outcome.kind === 'requires_action' ? { ...body, code: 'invoice_payment_intent_requires_action' } : body,
    { keepsChanges: true },
  )
}

/** Pays an open invoice with a card that was confirmed for its payment intent. */
export function payInvoiceWith(account: Account, id: string, paymentMethod: string): CollectionOutcome {
  const outcome = collect(account, id, { automatic: false, paymentMethod })
  followPayment(account, id, outcome.kind)
  return outcome
}
