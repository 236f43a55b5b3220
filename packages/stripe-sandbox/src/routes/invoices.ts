import { collect } from '../billing/collection.ts'
import { followPaid, followPayment } from '../billing/follow-payment.ts'
import { cancelOpenPayments, finalizeInvoice, markPaid, markUncollectible, voidInvoice } from '../billing/invoicing.ts'
import { noPaymentMethod, paymentFailed } from '../billing/payment-errors.ts'
import { invalidRequest, resourceMissing, StripeApiError } from '../http/errors.ts'
import { PAGE, page } from '../http/list.ts'
import { boolean, hash, isWithin, oneOf, string, timeRange } from '../http/params.ts'
import { route } from '../http/route.ts'
import { amountDueOf, serializeInvoice, serializeInvoicePayment, serializeLine } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import { ownMethod } from './customers.ts'
import { inPath } from './lookup.ts'

const LIST = hash({
  ...PAGE, collection_method: oneOf('charge_automatically', 'send_invoice'), created: timeRange(), customer: string(), due_date: timeRange(),
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'), subscription: string(),
})
const PAY = hash({ forgive: boolean(), off_session: boolean(), paid_out_of_band: boolean(), payment_method: string() })

export const invoiceRoutes = [
  route('GET', '/invoices/:id', hash({}), ({ account, id }) => serializeInvoice(account, theInvoice(account, id))),
  route('GET', '/invoices', LIST, ({ account, params }) => {
    const { collection_method, created, customer, due_date, status, subscription } = params
    const candidates = subscription ? account.invoices.by('subscription', subscription) : customer ? account.invoices.by('customer', customer) : account.invoices.all()
    const rows = candidates.filter(
      (row) =>
        !row.deleted &&
        (!customer || row.customer === customer) &&
        (!status || row.status === status) &&
        (!collection_method || row.collection_method === collection_method) &&
        (!due_date || (row.due_date !== null && isWithin(row.due_date, due_date))) &&
        isWithin(row.created, created),
    )
    return page('/v1/invoices', rows, params, (row) => serializeInvoice(account, row))
  }),
  route('GET', '/invoices/:id/lines', hash(PAGE), ({ account, id, params }) => {
    const invoice = theInvoice(account, id)
    return page(`/v1/invoices/${id}/lines`, invoice.lines.toReversed(), params, (line) => serializeLine(invoice, line))
  }),
  route('POST', '/invoices/:id/finalize', hash({ auto_advance: boolean() }), ({ account, id, params }) => {
    const invoice = theInvoice(account, id)
    if (invoice.status !== 'draft') throw wrongStatus("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    if (params.auto_advance !== undefined) account.invoices.patch(id, { auto_advance: params.auto_advance })
    const row = finalizeInvoice(account, id)
    if (row.status === 'paid') followPaid(account, id)
    return serializeInvoice(account, row)
  }),
  route('POST', '/invoices/:id/pay', PAY, ({ account, id, params }) => serializeInvoice(account, payInvoice(account, theInvoice(account, id), params))),
  route('POST', '/invoices/:id/void', hash({}), ({ account, id }) => {
    const { status } = theInvoice(account, id)
    if (status !== 'open' && status !== 'uncollectible') throw wrongStatus(`You can only pass in open or uncollectible invoices. This invoice isn't open or uncollectible: its status is ${status}.`)
    const row = voidInvoice(account, id)
    followPaid(account, id)
    return serializeInvoice(account, row)
  }),
  route('POST', '/invoices/:id/mark_uncollectible', hash({}), ({ account, id }) => {
    const { status } = theInvoice(account, id)
    if (status !== 'open') throw wrongStatus(`You can only mark an open invoice as uncollectible. This invoice isn't open: its status is ${status}.`)
    const row = markUncollectible(account, id)
    followPaid(account, id)
    return serializeInvoice(account, row)
  }),
  route('GET', '/invoice_payments/:id', hash({}), ({ account, id }) => serializeInvoicePayment(inPath(account.invoicePayments, id, 'invoice_payment'))),
  route(
    'GET',
    '/invoice_payments',
    hash({
      ...PAGE, invoice: string(), status: oneOf('canceled', 'open', 'paid'), created: timeRange(),
      payment: hash({ type: oneOf('charge', 'payment_intent', 'payment_record'), payment_intent: string(), payment_record: string() }),
    }),
    ({ account, params }) => {
      const { created, invoice, payment, status } = params
      const candidates = invoice
        ? account.invoicePayments.by('invoice', invoice)
        : payment?.payment_intent ? account.invoicePayments.by('payment_intent', payment.payment_intent) : account.invoicePayments.all()
      const rows = candidates.filter(
        (row) =>
          (!invoice || row.invoice === invoice) &&
          (!payment?.payment_intent || row.payment_intent === payment.payment_intent) &&
          (!status || row.status === status) &&
          isWithin(row.created, created),
      )
      return page('/v1/invoice_payments', rows, params, serializeInvoicePayment)
    },
  ),
]

interface PayOptions {
  payment_method?: string
  paid_out_of_band?: boolean
}

/**
 * Pays an invoice by hand, a draft after finalizing it.
 *
 * @throws {StripeApiError} 402 if the card is refused: the charge, its events and the invoice's attempt stay.
 */
export function payInvoice(account: Account, invoice: InvoiceRow, { payment_method, paid_out_of_band = false }: PayOptions): InvoiceRow {
  if (invoice.status === 'paid') throw wrongStatus('Invoice is already paid')
  if (invoice.status === 'void') throw wrongStatus('Cannot pay a voided invoice.')
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
  if (payment_method !== undefined) ownMethod(account, invoice.customer, payment_method, 'payment_method')
  const outcome = collect(account, id, { automatic: false, paymentMethod: payment_method })
  if (outcome.kind === 'no_payment_method') throw noPaymentMethod()
  followPayment(account, id, outcome.kind)
  if (outcome.kind === 'succeeded') return account.invoices.get(id)
  const { status, body } = paymentFailed(account, id, outcome)
  throw new StripeApiError(status, outcome.kind === 'requires_action' ? { ...body, code: 'invoice_payment_intent_requires_action' } : body, { keepsChanges: true })
}

export function theInvoice(account: Account, id: string): InvoiceRow {
  const row = inPath(account.invoices, id, 'invoice')
  if (row.deleted) throw resourceMissing('invoice', id, { inPath: true })
  return row
}

function wrongStatus(message: string): StripeApiError {
  return invalidRequest(message, { code: 'invoice_not_editable' })
}
