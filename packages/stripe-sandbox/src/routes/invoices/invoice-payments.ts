import { PAGE, page } from '../../http/list.ts'
import { hash, isWithin, oneOf, string, timeRange } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeInvoicePayment } from '../../resources/invoice.ts'
import { inPath } from '../lookup.ts'

export const invoicePaymentRoutes = [
  route('GET', '/invoice_payments/:id', hash({}), ({ account, id }) =>
    serializeInvoicePayment(inPath(account.invoicePayments, id, 'invoice_payment')),
  ),
  route(
    'GET',
    '/invoice_payments',
    hash({
      ...PAGE,
      invoice: string(),
      status: oneOf('canceled', 'open', 'paid'),
      created: timeRange(),
      payment: hash({
        type: oneOf('charge', 'payment_intent', 'payment_record'),
        payment_intent: string(),
        payment_record: string(),
      }),
    }),
    ({ account, params }) => {
      const { created, invoice, payment, status } = params
      const candidates = invoice
        ? account.invoicePayments.by('invoice', invoice)
        : payment?.payment_intent
          ? account.invoicePayments.by('payment_intent', payment.payment_intent)
          : account.invoicePayments.all()
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
