import { lineOfInvoiceItem } from '../../billing/lines.ts'
import { emit } from '../../events/emit.ts'
import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import { boolean, hash, isWithin, mergeMetadata, required, string, timeRange } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeInvoiceItem } from '../../resources/invoice-item.ts'
import { updateInvoice } from '../../resources/invoice.ts'
import type { Account } from '../../state/account.ts'
import { hasCurrency } from '../../state/price-in.ts'
import { readDiscounts } from '../discount-params.ts'
import { customerInParam, inParam, inPath } from '../lookup.ts'
import { readTaxRates } from '../tax-params.ts'
import {
  createInvoiceItem,
  INVOICE_ITEM,
  readAmount,
  readPrice,
  readTaxTerms,
  readUnits,
} from './create-invoice-item.ts'

const CREATE = hash({
  ...INVOICE_ITEM,
  customer: required(string()),
  invoice: string(),
  pricing: hash({ price: string() }),
  subscription: string(),
})
const { currency: _currency, ...CHANGEABLE } = INVOICE_ITEM
const UPDATE = hash({ ...CHANGEABLE, pricing: hash({ price: string() }) })
const LIST = hash({
  ...PAGE,
  ...UNMATCHED,
  created: timeRange(),
  customer: string(),
  invoice: string(),
  pending: boolean(),
})

export const invoiceItemRoutes = [
  route('POST', '/invoiceitems', CREATE, ({ account, params }) => {
    const { customer, invoice: _invoice, pricing, ...item } = params
    const row = createInvoiceItem(
      account,
      customerInParam(account, customer),
      { ...item, ...(pricing?.price !== undefined && { price: pricing.price }) },
      named,
    )
    if (params.invoice !== undefined) putOnDraft(account, row.id, params.invoice)
    return serializeInvoiceItem(account, account.invoiceItems.get(row.id))
  }),
  route('GET', '/invoiceitems/:id', hash({}), ({ account, id }) =>
    serializeInvoiceItem(account, inPath(account.invoiceItems, id, 'invoiceitem')),
  ),
  route('POST', '/invoiceitems/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.invoiceItems, id, 'invoiceitem')
    const {
      description,
      discountable,
      discounts,
      metadata: given,
      period,
      price_data,
      pricing,
      tax_rates,
      ...terms
    } = params
    if (old.invoice !== null && account.invoices.get(old.invoice).status !== 'draft')
      throw invalidRequest('You cannot update an invoice item that is attached to an invoice that is not a draft.')
    if (old.proration && (discountable || discounts))
      throw invalidRequest('Prorations are not discountable.', { param: 'discountable' })
    const chosen = readPrice(account, { price_data, ...pricing }, named)
    const price = chosen ?? (old.price === null ? undefined : account.prices.get(old.price))
    const units = readUnits(terms, named, old)
    const changes = chosen !== undefined || terms.quantity !== undefined || terms.quantity_decimal !== undefined
    if (price?.tiers && changes)
      throw invalidRequest('This sandbox accepts no `quantity` for the proration of a tiered price.', {
        param: 'quantity',
      })
    if (chosen && !hasCurrency(chosen, old.currency))
      throw invalidRequest(
        `The price specified supports currencies of \`${chosen.currency}\`. This doesn't match the expected currency: \`${old.currency}\`.`,
        { param: 'pricing[price]' },
      )
    // The amount of a price follows the quantity.
    const amount = readAmount(terms, changes ? price : undefined, { currency: old.currency, units, name: named })
    const row = account.invoiceItems.patch(id, {
      ...(description !== undefined && { description }),
      ...(discountable !== undefined && { discountable }),
      ...(period && { period }),
      ...readTaxTerms(terms),
      amount: amount ?? old.amount,
      quantity: units.quantity,
      quantity_decimal: units.quantity_decimal,
      ...(chosen && { price: chosen.id }),
      discounts: readDiscounts(account, discounts, {
        customer: old.customer,
        currency: old.currency,
        param: 'discounts',
        present: old.discounts,
        fields: { invoice_item: id },
      }),
      metadata: mergeMetadata(old.metadata, given),
      tax_rates: readTaxRates(account, tax_rates, 'tax_rates', old.tax_rates),
    })
    if (row.invoice !== null) {
      const { lines } = account.invoices.get(row.invoice)
      updateInvoice(account, row.invoice, {
        lines: lines.map((line) =>
          line.invoice_item === id ? { ...lineOfInvoiceItem(account, row), id: line.id } : line,
        ),
      })
    }
    return serializeInvoiceItem(account, row)
  }),
  route('DELETE', '/invoiceitems/:id', hash({}), ({ account, id }) => {
    const row = inPath(account.invoiceItems, id, 'invoiceitem')
    if (row.invoice !== null && account.invoices.get(row.invoice).status !== 'draft') {
      throw invalidRequest('You cannot delete an invoice item that is attached to an invoice that is not a draft.')
    }
    if (row.invoice !== null) {
      const { lines } = account.invoices.get(row.invoice)
      account.invoices.patch(row.invoice, { lines: lines.filter((line) => line.invoice_item !== id) })
    }
    account.invoiceItems.remove(id)
    emit(account, 'invoiceitem.deleted', serializeInvoiceItem(account, row))
    return { id, object: 'invoiceitem', deleted: true }
  }),
  route('GET', '/invoiceitems', LIST, ({ account, params }) => {
    const { created, customer, invoice, pending } = params
    const rows = (
      customer === undefined ? account.invoiceItems.all() : account.invoiceItems.by('customer', customer)
    ).filter(
      (row) =>
        isWithin(row.date, created) &&
        (!invoice || row.invoice === invoice) &&
        (pending === undefined || (row.invoice === null) === pending),
    )
    return page('/v1/invoiceitems', rows, params, (row) => serializeInvoiceItem(account, row))
  }),
]

/** What a parameter of a price is called here. */
const named = (param: string): string => (param === 'price' ? 'pricing[price]' : param)

function putOnDraft(account: Account, itemId: string, invoiceId: string): void {
  const invoice = inParam(account.invoices, invoiceId, 'invoice', 'invoice')
  if (invoice.status !== 'draft')
    throw invalidRequest('You can only attach invoice items to draft invoices.', { param: 'invoice' })
  const item = account.invoiceItems.patch(itemId, { invoice: invoiceId })
  account.invoices.patch(invoiceId, { lines: [...invoice.lines, lineOfInvoiceItem(account, item)] })
}
