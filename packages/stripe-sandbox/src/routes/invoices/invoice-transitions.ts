import { followPaid } from '../../billing/follow-payment.ts'
import { finalizeInvoice, markUncollectible, voidInvoice } from '../../billing/invoicing.ts'
import { payInvoice } from '../../billing/pay-invoice.ts'
import { emit } from '../../events/emit.ts'
import { boolean, hash, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeInvoice } from '../../resources/invoice.ts'
import { ownMethod } from '../customers/customers.ts'
import { theInvoice, wrongInvoiceStatus } from '../lookup.ts'
import { checkTaxLocation } from '../tax-params.ts'

const PAY = hash({ forgive: boolean(), off_session: boolean(), paid_out_of_band: boolean(), payment_method: string() })

export const invoiceTransitionRoutes = [
  route('POST', '/invoices/:id/send', hash({}), ({ account, id }) => {
    const { status } = theInvoice(account, id)
    if (status !== 'draft' && status !== 'open')
      throw wrongInvoiceStatus(`You can only manually send a draft or open invoice. This one is ${status}.`)
    if (status === 'draft') finalizeInvoice(account, id)
    const row = account.invoices.get(id)
    emit(account, 'invoice.sent', serializeInvoice(account, row))
    return serializeInvoice(account, row)
  }),
  route('POST', '/invoices/:id/finalize', hash({ auto_advance: boolean() }), ({ account, id, params }) => {
    const invoice = theInvoice(account, id)
    if (invoice.status !== 'draft')
      throw wrongInvoiceStatus("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    if (invoice.automatic_tax && !invoice.automatic_tax.disabled) checkTaxLocation(account, invoice.customer)
    if (params.auto_advance !== undefined) account.invoices.patch(id, { auto_advance: params.auto_advance })
    const row = finalizeInvoice(account, id)
    if (row.status === 'paid') followPaid(account, id)
    return serializeInvoice(account, row)
  }),
  route('POST', '/invoices/:id/pay', PAY, ({ account, id, params }) => {
    const invoice = theInvoice(account, id)
    if (params.payment_method !== undefined)
      ownMethod(account, invoice.customer, params.payment_method, 'payment_method')
    return serializeInvoice(account, payInvoice(account, invoice, params))
  }),
  route('POST', '/invoices/:id/void', hash({}), ({ account, id }) => {
    const { status } = theInvoice(account, id)
    if (status !== 'open' && status !== 'uncollectible')
      throw wrongInvoiceStatus(
        `You can only pass in open or uncollectible invoices. This invoice isn't open or uncollectible: its status is ${status}.`,
      )
    const row = voidInvoice(account, id)
    followPaid(account, id)
    return serializeInvoice(account, row)
  }),
  route('POST', '/invoices/:id/mark_uncollectible', hash({}), ({ account, id }) => {
    const { status } = theInvoice(account, id)
    if (status !== 'open')
      throw wrongInvoiceStatus(
        `You can only mark an open invoice as uncollectible. This invoice isn't open: its status is ${status}.`,
      )
    const row = markUncollectible(account, id)
    followPaid(account, id)
    return serializeInvoice(account, row)
  }),
]
