import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, errorOf, TestSandbox, untyped } from '../test-sandbox.ts'

// https://docs.stripe.com/api/invoice-line-item, https://docs.stripe.com/invoicing/bulk-update-line-item
let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

async function aDraft(params: Stripe.InvoiceCreateParams = {}) {
  const { id: customer } = await it.aCustomer()
  const { id } = await stripe.invoices.create({ customer, ...params })
  return { customer, id }
}
const aPrice = async (unit_amount: number) =>
  (await stripe.prices.create({ currency: 'usd', unit_amount, product_data: { name: 'Setup' } })).id
const amounts = ({ lines }: Stripe.Invoice) => lines.data.map(({ amount }) => amount)
const lineOf = ({ lines }: Stripe.Invoice, index = 0) => {
  const line = lines.data[index]
  if (!line) throw new Error('The invoice has no such line.')
  return line
}

describe('add_lines', () => {
  test('adds amounts, prices, described products and waiting invoice items', async () => {
    const { customer, id } = await aDraft({ metadata: { order: '1' } })
    const waiting = await stripe.invoiceItems.create({ customer, amount: 300, currency: 'usd', description: 'Waiting' })
    const price = await aPrice(250)
    const types = await it.eventsOf(async () => {
      const invoice = await stripe.invoices.addLines(id, {
        lines: [
          { amount: 7500, description: 'Work', metadata: { row: '1' } },
          { pricing: { price }, quantity: 2 },
          { price_data: { currency: 'usd', unit_amount: 100, product_data: { name: 'Box' } }, quantity: 3 },
          { invoice_item: waiting.id, description: 'No longer waiting' },
        ],
        invoice_metadata: { checked: 'yes' },
      })
      expect(amounts(invoice)).toEqual([7500, 500, 300, 300])
      expect(invoice).toMatchObject({ total: 8600, metadata: { order: '1', checked: 'yes' } })
      expect(invoice.lines.data).toMatchObject([
        { description: 'Work', metadata: { row: '1' } },
        { description: 'Setup', quantity: 2, pricing: { price_details: { price } } },
        { description: 'Box', quantity: 3 },
        { description: 'No longer waiting', parent: { invoice_item_details: { invoice_item: waiting.id } } },
      ])
    })
    expect(types.filter((type) => type.startsWith('invoice'))).toEqual([
      ...['invoiceitem.created', 'invoiceitem.created', 'invoiceitem.created'],
      'invoice.updated',
    ])
    expect(await stripe.invoiceItems.retrieve(waiting.id)).toMatchObject({ invoice: id })
  })
  test('refuses an invoice item that is not free, another currency, and a line without an amount', async () => {
    const { customer, id } = await aDraft()
    const { customer: other } = await aDraft()
    const foreign = await stripe.invoiceItems.create({ customer: other, amount: 1, currency: 'usd' })
    const taken = await stripe.invoiceItems.create({ customer, amount: 1, currency: 'usd', invoice: id })
    const euros = await it.stripe.prices.create({ currency: 'eur', unit_amount: 5, product_data: { name: 'Euro' } })
    const cases: [Stripe.InvoiceAddLinesParams.Line, string][] = [
      [{ invoice_item: foreign.id }, 'lines[1][invoice_item]'],
      [{ invoice_item: taken.id }, 'lines[1][invoice_item]'],
      [{ invoice_item: 'ii_none' }, 'lines[1][invoice_item]'],
      [{ pricing: { price: euros.id } }, 'lines[1][pricing][price]'],
      [{ description: 'Nothing' }, 'lines[1][amount]'],
      [{ price_data: { currency: 'usd', unit_amount: 1 } }, 'lines[1][price_data]'],
    ]
    for (const [line, param] of cases) {
      const call = stripe.invoices.addLines(id, { lines: [{ amount: 5 }, line] })
      expect(await errorOf(call)).toMatchObject({ statusCode: 400, param })
    }
    expect(amounts(await stripe.invoices.retrieve(id))).toEqual([1])
  })
  test('takes the price by its older name in older versions', async () => {
    const { id } = await aDraft()
    const old = clientOf(it.sandbox, { apiVersion: untyped(new String('2024-09-30.acacia')) })
    const lines = [{ price: await aPrice(700), quantity: 2 }]
    expect(await old.invoices.addLines(id, untyped({ lines }))).toMatchObject({ total: 1400 })
  })
})

describe('update_lines and lines/{line}', () => {
  test('change a line and its invoice item, and compute discounts and taxes again', async () => {
    const { id: coupon } = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
    const vat = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
    const { id } = await aDraft({ discounts: [{ coupon }], default_tax_rates: [vat.id] })
    const draft = await stripe.invoices.addLines(id, {
      lines: [{ amount: 1000 }, { pricing: { price: await aPrice(100) } }],
    })
    expect(draft).toMatchObject({ subtotal: 1100, total: 660 })
    const [one, two] = [lineOf(draft), lineOf(draft, 1)]
    const types = await it.eventsOf(async () => {
      const updated = await stripe.invoices.updateLines(id, {
        lines: [
          { id: one.id, amount: 3000 },
          { id: one.id, description: 'More' },
          { id: two.id, quantity: 10, discountable: false },
        ],
      })
      expect(amounts(updated)).toEqual([3000, 1000])
      expect(updated).toMatchObject({ subtotal: 4000, total: 3000 })
    })
    expect(types).toEqual(['invoice.updated'])
    const item = one.parent?.invoice_item_details?.invoice_item ?? ''
    expect(await stripe.invoiceItems.retrieve(item)).toMatchObject({ amount: 3000, description: 'More' })
    const line = await stripe.invoices.updateLineItem(id, one.id, { tax_rates: [], metadata: { a: 'b' }, amount: 200 })
    expect(line).toMatchObject({ id: one.id, object: 'line_item', amount: 200, metadata: { a: 'b' } })
    expect((await stripe.invoices.retrieve(id)).total).toBe((100 + 1000) * 1.2)
  })
  test("change the line of a subscription's renewal, but not its item", async () => {
    const { clock, customer, subscription } = await it.aSubscriberInApril(1000)
    await it.advance(clock, '2026-05-01T00:30:00Z')
    const draft = await it.latestInvoice(customer)
    await stripe.invoices.updateLineItem(draft.id, lineOf(draft).id, { description: 'Agreed', amount: 900 })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ status: 'paid', amount_paid: 900 })
    await it.advance(clock, '2026-06-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1000, 900, 1000])
    expect((await it.subscription(subscription.id)).items.data).toHaveLength(1)
  })
  test('take taxes that the caller computed', async () => {
    const { id } = await aDraft()
    const draft = await stripe.invoices.addLines(id, { lines: [{ amount: 1000 }] })
    const tax_rate_data = {
      display_name: 'Sales tax',
      inclusive: false,
      percentage: 7.5,
      state: 'NY',
    }
    const tax = { amount: 75, taxable_amount: 1000, tax_rate_data, taxability_reason: 'standard_rated' as const }
    const line = await stripe.invoices.updateLineItem(id, lineOf(draft).id, { tax_amounts: [tax] })
    expect(line.taxes).toMatchObject([{ amount: 75, taxable_amount: 1000, taxability_reason: 'standard_rated' }])
    const taxed = await stripe.invoices.retrieve(id)
    expect(taxed).toMatchObject({ total: 1075, total_taxes: [{ amount: 75 }] })
    const rate = line.taxes?.[0]?.tax_rate_details?.tax_rate ?? ''
    expect(await stripe.taxRates.retrieve(rate)).toMatchObject({ active: false, percentage: 7.5, state: 'NY' })
    const again = await stripe.invoices.addLines(id, { lines: [{ amount: 100, tax_amounts: [{ ...tax, amount: 8 }] }] })
    expect(lineOf(again, 1).taxes?.[0]?.tax_rate_details?.tax_rate).toBe(rate)
    expect(again.total).toBe(1183)
    await stripe.invoices.updateLineItem(id, line.id, { tax_amounts: '' })
    expect((await stripe.invoices.retrieve(id)).total).toBe(1108)
    const { id: vat } = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
    const both = stripe.invoices.updateLineItem(id, line.id, { tax_amounts: [tax], tax_rates: [vat] })
    expect(await errorOf(both)).toMatchObject({ code: 'parameters_exclusive', param: 'tax_amounts' })
  })
})

test('remove_lines deletes a line with its invoice item, or leaves the item for another invoice', async () => {
  const { customer, id } = await aDraft()
  const draft = await stripe.invoices.addLines(id, { lines: [{ amount: 1 }, { amount: 20 }, { amount: 300 }] })
  const itemOf = (index: number) => lineOf(draft, index).parent?.invoice_item_details?.invoice_item ?? ''
  const twice = { id: lineOf(draft).id, behavior: 'delete' } as const
  expect(await errorOf(stripe.invoices.removeLines(id, { lines: [twice, twice] }))).toMatchObject({
    ...{ code: 'resource_missing', param: 'lines[1][id]' },
  })
  const types = await it.eventsOf(async () => {
    const left = await stripe.invoices.removeLines(id, {
      lines: [
        { id: lineOf(draft).id, behavior: 'delete' },
        { id: lineOf(draft, 1).id, behavior: 'unassign' },
      ],
    })
    expect(amounts(left)).toEqual([300])
  })
  expect(types).toEqual(['invoiceitem.deleted', 'invoice.updated'])
  expect(await errorOf(stripe.invoiceItems.retrieve(itemOf(0)))).toMatchObject({ statusCode: 404 })
  expect(await stripe.invoiceItems.retrieve(itemOf(1))).toMatchObject({ invoice: null, customer })
  const next = await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })
  expect(amounts(next)).toEqual([20])
})

test('the lines of an invoice that is not a draft stay, and so do those of another invoice', async () => {
  const { id } = await aDraft()
  const draft = await stripe.invoices.addLines(id, { lines: [{ amount: 1000 }] })
  const other = await aDraft()
  const line = lineOf(draft).id
  const missing = { code: 'resource_missing', param: 'lines[0][id]' }
  expect(await errorOf(stripe.invoices.updateLines(other.id, { lines: [{ id: line }] }))).toMatchObject(missing)
  const elsewhere = stripe.invoices.removeLines(other.id, { lines: [{ id: line, behavior: 'delete' }] })
  expect(await errorOf(elsewhere)).toMatchObject(missing)
  expect(await errorOf(stripe.invoices.updateLineItem(other.id, line, { amount: 1 }))).toMatchObject({
    statusCode: 404,
  })
  await stripe.invoices.finalizeInvoice(id)
  const calls = [
    stripe.invoices.addLines(id, { lines: [{ amount: 1 }] }),
    stripe.invoices.updateLines(id, { lines: [{ id: line, amount: 1 }] }),
    stripe.invoices.removeLines(id, { lines: [{ id: line, behavior: 'delete' }] }),
    stripe.invoices.updateLineItem(id, line, { amount: 1 }),
  ]
  for (const call of calls) expect(await errorOf(call)).toMatchObject({ code: 'invoice_not_editable' })
  expect((await stripe.invoices.retrieve(id)).total).toBe(1000)
})
