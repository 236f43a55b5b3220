import express, { type Router } from 'express'
import { payInvoice } from '../billing/pay-invoice.ts'
import { fieldsOf } from '../http/body.ts'
import { StripeApiError } from '../http/errors.ts'
import { transact } from '../http/transact.ts'
import { attachPaymentMethod, createPaymentMethod } from '../payments/payment-methods.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import { readCard } from './card-form.ts'
import { invoicePage } from './invoice-page.ts'
import { invoicePdf } from './invoice-pdf.ts'
import { notice, sendPage } from './layout.ts'
import { receiptPage } from './receipt-page.ts'

/** The hosted invoice page, its PDF, and the receipt of a charge. */
export function invoicePages(account: Account): Router {
  const router = express.Router()
  router.get('/i/:id', (request, response) => {
    const invoice = shownInvoice(account, request.params.id)
    if (invoice) sendPage(response, 200, invoicePage(account, invoice))
    else sendPage(response, 404, notice('Page not found', 'This invoice does not exist.'))
  })
  router.get('/i/:id/pdf', (request, response) => {
    const invoice = shownInvoice(account, request.params.id)
    if (!invoice) {
      sendPage(response, 404, notice('Page not found', 'This invoice does not exist.'))
      return
    }
    response
      .attachment(`Invoice-${invoice.number ?? invoice.id}.pdf`)
      .set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      .send(invoicePdf(account, invoice))
  })
  router.post('/i/:id', express.urlencoded({ extended: false }), (request, response) => {
    const invoice = shownInvoice(account, request.params.id)
    if (invoice?.status !== 'open') {
      response.redirect(303, `/i/${request.params.id}`)
      return
    }
    const form = fieldsOf(request)
    const error = pay(account, invoice, form)
    const waiting = account.invoicePayments
      .by('invoice', invoice.id)
      .map((payment) => account.paymentIntents.get(payment.payment_intent))
      .find((intent) => intent.status === 'requires_action')
    if (waiting) {
      account.paymentIntents.patch(waiting.id, { return_url: `${account.publicUrl}/i/${invoice.id}` })
      response.redirect(303, `/authenticate/${waiting.id}?secret=${waiting.client_secret}`)
    } else if (error === null) {
      response.redirect(303, `/i/${invoice.id}`)
    } else {
      sendPage(response, 402, invoicePage(account, account.invoices.get(invoice.id), error, form))
    }
  })
  router.get('/receipts/:id', (request, response) => {
    const charge = account.charges.find(request.params.id)
    if (charge) sendPage(response, 200, receiptPage(account, charge))
    else sendPage(response, 404, notice('Page not found', 'This receipt does not exist.'))
  })
  return router
}

/** The invoice to show. Drafts and deleted invoices have no page. */
function shownInvoice(account: Account, id: string): InvoiceRow | undefined {
  const invoice = account.invoices.find(id)
  return invoice && invoice.status !== 'draft' && !invoice.deleted ? invoice : undefined
}

function pay(account: Account, invoice: InvoiceRow, form: Record<string, unknown>): string | null {
  const typed = readCard(form)
  if (!('card' in typed)) return typed.message
  try {
    transact(account, () => {
      const method = createPaymentMethod(account, typed.card, typed)
      if (typed.card.behaviour.attach === null) attachPaymentMethod(account, method.id, invoice.customer)
      payInvoice(account, account.invoices.get(invoice.id), { payment_method: method.id })
    })
    return null
  } catch (error) {
    if (error instanceof StripeApiError) return error.message
    throw error
  }
}
