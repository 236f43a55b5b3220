import { amountsOf } from '../../amounts/invoice-amounts.ts'
import { lineOfInvoiceItem } from '../../billing/lines.ts'
import { emit } from '../../events/emit.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { invalidRequest, resourceMissing } from '../../http/errors.ts'
import { hash, list, mergeMetadata, metadata, oneOf, required, string, type ParamValue } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeInvoiceItem } from '../../resources/invoice-item.ts'
import { serializeInvoice, serializeLine, updateInvoice } from '../../resources/invoice.ts'
import type { Account } from '../../state/account.ts'
import { hasCurrency } from '../../state/price-in.ts'
import type { InvoiceItemRow, InvoiceLine, InvoiceRow } from '../../state/rows/invoice.ts'
import { createInlineProduct, INLINE_PRODUCT } from '../catalogue/inline-product.ts'
import { UNIT_AMOUNT } from '../catalogue/price-params.ts'
import { readDiscounts } from '../discount-params.ts'
import { inParam, theInvoice, wrongInvoiceStatus } from '../lookup.ts'
import { readTaxRates } from '../tax-params.ts'
import { createInvoiceItem, INVOICE_ITEM, readAmount, readPrice, readUnits } from './create-invoice-item.ts'
import { readTaxAmounts, TAX_AMOUNTS } from './line-taxes.ts'

const { active: _active, id: _id, statement_descriptor: _descriptor, ...PRODUCT } = INLINE_PRODUCT
const LINE = {
  amount: INVOICE_ITEM.amount,
  description: INVOICE_ITEM.description,
  discountable: INVOICE_ITEM.discountable,
  discounts: INVOICE_ITEM.discounts,
  metadata: metadata(),
  period: INVOICE_ITEM.period,
  price_data: hash({
    currency: required(currencyCode()),
    product: string(),
    product_data: hash(PRODUCT),
    ...UNIT_AMOUNT,
  }),
  pricing: hash({ price: string() }),
  quantity: INVOICE_ITEM.quantity,
  quantity_decimal: INVOICE_ITEM.quantity_decimal,
  tax_amounts: TAX_AMOUNTS,
  tax_rates: INVOICE_ITEM.tax_rates,
}
const UPDATE = hash({ ...LINE })
const bulk = <P extends Parameters<typeof hash>[0]>(line: P) =>
  hash({ lines: required(list(hash(line), { max: 250 })), invoice_metadata: metadata() })
const ADD_LINES = bulk({ ...LINE, invoice_item: string() })
const UPDATE_LINES = bulk({ ...LINE, id: required(string()) })
const REMOVE_LINES = bulk({ behavior: required(oneOf('delete', 'unassign')), id: required(string()) })

type LineParams = ParamValue<typeof UPDATE>
type Naming = (param: string) => string

/** Changes of a draft's lines: https://docs.stripe.com/api/invoice-line-item */
export const invoiceLineRoutes = [
  route('POST', '/invoices/:id/add_lines', ADD_LINES, ({ account, id, params }) => {
    const invoice = theDraft(account, id)
    const added = params.lines.map((line, index) => addLine(account, invoice, line, within(`lines[${index}]`)))
    return change(account, invoice, [...invoice.lines, ...added], params.invoice_metadata)
  }),
  route('POST', '/invoices/:id/update_lines', UPDATE_LINES, ({ account, id, params }) => {
    const invoice = theDraft(account, id)
    let { lines } = invoice
    for (const [index, { id: line, ...given }] of params.lines.entries()) {
      const name = within(`lines[${index}]`)
      const changed = changeLine(account, invoice, lineIn(lines, line, name('id')), given, name)
      lines = lines.map((each) => (each.id === line ? changed : each))
    }
    return change(account, invoice, lines, params.invoice_metadata)
  }),
  route('POST', '/invoices/:id/remove_lines', REMOVE_LINES, ({ account, id, params }) => {
    const invoice = theDraft(account, id)
    let { lines } = invoice
    for (const [index, { id: line, behavior }] of params.lines.entries()) {
      removeItem(account, lineIn(lines, line, `lines[${index}][id]`), behavior, `lines[${index}][behavior]`)
      lines = lines.filter((each) => each.id !== line)
    }
    return change(account, invoice, lines, params.invoice_metadata)
  }),
  route('POST', '/invoices/:id/lines/:line', UPDATE, ({ account, id, path, params }) => {
    const invoice = theDraft(account, id)
    const old = invoice.lines.find((line) => line.id === path['line'])
    if (!old) throw resourceMissing('invoice line item', path['line'] ?? '', { inPath: true })
    const line = changeLine(account, invoice, old, params, (param) => param)
    const lines = invoice.lines.map((each) => (each.id === line.id ? line : each))
    const row = updateInvoice(account, id, { lines })
    return serializeLine(row, line, amountsOf(account, row).lines[lines.indexOf(line)])
  }),
]

const within =
  (list: string): Naming =>
  (param) =>
    param === 'price' ? `${list}[pricing][price]` : `${list}[${param}]`

function theDraft(account: Account, id: string): InvoiceRow {
  const invoice = theInvoice(account, id)
  if (invoice.status !== 'draft')
    throw wrongInvoiceStatus("Finalized invoices can't be updated in this way: only the lines of drafts can change.")
  return invoice
}

function lineIn(lines: readonly InvoiceLine[], id: string, param: string): InvoiceLine {
  const line = lines.find((each) => each.id === id)
  if (!line) throw resourceMissing('invoice line item', id, { param })
  return line
}

function change(
  account: Account,
  { id, metadata: old }: InvoiceRow,
  lines: InvoiceLine[],
  given: Record<string, string | null> | null | undefined,
) {
  return serializeInvoice(account, updateInvoice(account, id, { lines, metadata: mergeMetadata(old, given) }))
}

function addLine(
  account: Account,
  invoice: InvoiceRow,
  { invoice_item, ...given }: LineParams & { invoice_item?: string },
  name: Naming,
): InvoiceLine {
  const { pricing, price_data, tax_amounts, ...terms } = given
  const item =
    invoice_item === undefined
      ? createInvoiceItem(
          account,
          account.customers.get(invoice.customer),
          { ...terms, ...priceTerms(account, { pricing, price_data }, name), currency: invoice.currency },
          name,
        )
      : pendingItem(account, invoice, invoice_item, name('invoice_item'))
  if (item.currency !== invoice.currency) throw wrongCurrency(item.currency, invoice.currency, name('price'))
  const line = lineOfInvoiceItem(account, account.invoiceItems.patch(item.id, { invoice: invoice.id }))
  if (invoice_item !== undefined) return changeLine(account, invoice, line, given, name)
  return { ...line, ...readTaxAmounts(account, tax_amounts, { invoice, line, param: name('tax_amounts') }) }
}

/**
 * Changes a line, and its invoice item if it has one.
 *
 * @throws {StripeApiError} 400 for terms that the line can't have.
 */
function changeLine(
  account: Account,
  invoice: InvoiceRow,
  line: InvoiceLine,
  given: LineParams,
  name: Naming,
): InvoiceLine {
  const { currency, customer } = invoice
  const { description, discountable, discounts, metadata: data, period, tax_amounts, tax_rates, ...terms } = given
  if (line.proration && (discountable || discounts))
    throw invalidRequest('Prorations are not discountable.', { param: name('discountable') })
  const chosen = readPrice(account, priceTerms(account, terms, name), name)
  if (chosen && !hasCurrency(chosen, currency)) throw wrongCurrency(chosen.currency, currency, name('price'))
  const price = chosen ?? (line.price === null ? undefined : account.prices.get(line.price))
  const counts = terms.quantity !== undefined || terms.quantity_decimal !== undefined
  if (price?.tiers && (chosen !== undefined || counts))
    throw invalidRequest('This sandbox accepts no `quantity` for the line of a tiered price.', {
      param: name('quantity'),
    })
  const units = readUnits(terms, name, line)
  const changes = chosen !== undefined || counts
  const amount = readAmount(terms, changes ? price : undefined, { currency, units, name }) ?? line.amount
  const fields = {
    amount,
    ...(description !== undefined && { description }),
    ...(discountable !== undefined && { discountable }),
    ...(period && { period }),
    ...units,
    ...(chosen && { price: chosen.id }),
    discounts: readDiscounts(account, discounts, {
      ...{ currency, customer, param: name('discounts'), present: line.discounts, parents: invoice.discounts },
      fields: line.invoice_item === null ? { invoice: invoice.id } : { invoice_item: line.invoice_item },
    }),
    metadata: mergeMetadata(line.metadata, data),
    tax_rates: readTaxRates(account, tax_rates, name('tax_rates'), line.tax_rates),
  }
  const changed: InvoiceLine =
    line.invoice_item === null
      ? { ...line, ...fields, ...(chosen && { product: chosen.product }) }
      : {
          ...lineOfInvoiceItem(account, account.invoiceItems.patch(line.invoice_item, fields)),
          ...{ id: line.id, tax_amounts: line.tax_amounts },
        }
  const taxes = readTaxAmounts(account, tax_amounts, { invoice, line: changed, param: name('tax_amounts') })
  return { ...changed, ...taxes }
}

/** The price of a line as an invoice item has it. A product that it describes is created. */
function priceTerms(
  account: Account,
  { pricing, price_data }: Pick<LineParams, 'price_data' | 'pricing'>,
  name: Naming,
) {
  if (!price_data) return pricing?.price === undefined ? {} : { price: pricing.price }
  const { product: named, product_data, ...terms } = price_data
  const param = name('price_data')
  if ((named === undefined) === (product_data === undefined))
    throw invalidRequest('You must specify either `product` or `product_data` when creating a price.', { param })
  const product = named ?? (product_data && createInlineProduct(account, product_data, `${param}[product_data]`).id)
  return {
    price_data: { ...terms, product: product ?? '' },
    ...(pricing?.price !== undefined && { price: pricing.price }),
  }
}

function pendingItem(account: Account, { customer }: InvoiceRow, id: string, param: string): InvoiceItemRow {
  const item = inParam(account.invoiceItems, id, 'invoiceitem', param)
  if (item.customer !== customer)
    throw invalidRequest('The invoice item belongs to another customer than the invoice.', { param })
  if (item.invoice !== null) throw invalidRequest('The invoice item is already attached to an invoice.', { param })
  return item
}

function removeItem(
  account: Account,
  { invoice_item: id }: InvoiceLine,
  behavior: 'delete' | 'unassign',
  param: string,
): void {
  if (id === null) {
    if (behavior === 'delete') return
    throw invalidRequest('Only line items of invoice items can be unassigned. This one can only be deleted.', { param })
  }
  if (behavior === 'unassign') {
    account.invoiceItems.patch(id, { invoice: null })
    return
  }
  const item = account.invoiceItems.get(id)
  account.invoiceItems.remove(id)
  emit(account, 'invoiceitem.deleted', serializeInvoiceItem(account, item))
}

const wrongCurrency = (has: string, wanted: string, param: string) =>
  invalidRequest(
    `The price specified supports currencies of \`${has}\`. This doesn't match the expected currency: \`${wanted}\`.`,
    { param },
  )
