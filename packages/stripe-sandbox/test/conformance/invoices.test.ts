import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start({ settings: { retryAfterDays: [3, 5, 7] } })
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

/** A draft invoice over $15.00. */
async function aDraft(customer: string, { auto_advance }: { auto_advance?: boolean } = {}): Promise<string> {
  await it.stripe.invoiceItems.create({ customer, amount: 1500, currency: 'usd' })
  const { id } = await it.stripe.invoices.create({
    customer,
    pending_invoice_items_behavior: 'include',
    auto_advance,
  })
  return id
}

describe('manual invoices (https://docs.stripe.com/invoicing/integration/workflow-transitions)', () => {
  test('a draft becomes open with a number and a page, then paid', async () => {
    const { id: customer } = await it.aCustomer()
    await it.stripe.invoiceItems.create({ customer, amount: 1500, currency: 'usd', description: 'Work' })
    const draft = await it.stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })
    expect(draft).toMatchObject({ status: 'draft', total: 1500, billing_reason: 'manual', number: null })
    const open = await it.stripe.invoices.finalizeInvoice(draft.id)
    expect(open).toMatchObject({ status: 'open', amount_due: 1500, amount_remaining: 1500 })
    expect(open.number).toMatch(/^[0-9A-Z]{8}-0001$/)
    expect(open.hosted_invoice_url).toContain(open.id)
    const pdf = await fetch(open.invoice_pdf ?? '')
    expect(pdf.headers.get('content-disposition')).toContain(`Invoice-${open.number}.pdf`)
    const text = await pdf.text()
    expect(text).toMatch(/^%PDF-1\.4\n[^]*\(Work\)[^]*\(\$15\.00\)[^]*%%EOF\n$/)
    // A reader starts at the table, which says where each object begins.
    const table = Number(/startxref\n(\d+)/.exec(text)?.[1])
    expect(text.slice(table, table + 5)).toBe('xref\n')
    expect(await it.stripe.invoices.pay(open.id)).toMatchObject({
      status: 'paid',
      amount_paid: 1500,
      amount_remaining: 0,
    })
  })
  test("a paid invoice can't be finalized, paid or voided again", async () => {
    const { customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    const { id } = await it.latestInvoice(customer)
    expect(await errorOf(it.stripe.invoices.finalizeInvoice(id))).toMatchObject({ statusCode: 400 })
    expect(await errorOf(it.stripe.invoices.pay(id))).toMatchObject({
      statusCode: 400,
      message: 'Invoice is already paid',
    })
    expect(await errorOf(it.stripe.invoices.voidInvoice(id))).toMatchObject({ statusCode: 400 })
  })
  test('a declined payment answers 402 and counts as an attempt', async () => {
    const { id: customer } = await it.aCustomer()
    const id = await aDraft(customer)
    await it.failCharges(customer, true)
    const events = await it.eventsOf(async () =>
      expect(await errorOf(it.stripe.invoices.pay(id))).toMatchObject({ statusCode: 402, code: 'card_declined' }),
    )
    expect(events).toEqual(expect.arrayContaining(['charge.failed', 'invoice.payment_failed']))
    expect(await it.stripe.invoices.retrieve(id)).toMatchObject({ status: 'open', attempt_count: 1 })
  })
  test('voiding an invoice restores the balance that it used', async () => {
    const { id: customer } = await it.aCustomer()
    await it.stripe.customers.createBalanceTransaction(customer, { amount: -400, currency: 'usd' })
    const id = await aDraft(customer, { auto_advance: false })
    expect(await it.stripe.invoices.finalizeInvoice(id)).toMatchObject({ amount_due: 1100, starting_balance: -400 })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 })
    expect(await it.stripe.invoices.voidInvoice(id)).toMatchObject({ status: 'void' })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: -400 })
  })
  test('an uncollectible invoice can still be paid', async () => {
    const { id: customer } = await it.aCustomer()
    const id = await aDraft(customer)
    await it.stripe.invoices.finalizeInvoice(id, { auto_advance: false })
    const events = await it.eventsOf(() => it.stripe.invoices.markUncollectible(id))
    expect(events).toEqual(['invoice.marked_uncollectible'])
    expect(await it.stripe.invoices.pay(id)).toMatchObject({ status: 'paid' })
  })
  test('paying an invoice out of band charges no card', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    const id = await aDraft(customer)
    const events = await it.eventsOf(() => it.stripe.invoices.pay(id, { paid_out_of_band: true }))
    expect(events).not.toContain('charge.succeeded')
    expect(await it.stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid', amount_paid: 1500 })
  })
  test('only a draft without a subscription can be deleted', async () => {
    const { id: customer } = await it.aCustomer()
    const { id } = await it.stripe.invoices.create({ customer })
    expect(await it.stripe.invoices.del(id)).toMatchObject({ deleted: true })
    expect(await errorOf(it.stripe.invoices.retrieve(id))).toMatchObject({ statusCode: 404 })
    const other = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    expect(await errorOf(it.stripe.invoices.del((await it.latestInvoice(other.customer)).id))).toMatchObject({
      statusCode: 400,
    })
  })
  test('invoice numbers count up per customer', async () => {
    const { clock, customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect((await it.stripe.invoices.list({ customer })).data.map((invoice) => invoice.number?.slice(-4))).toEqual([
      '0003',
      '0002',
      '0001',
    ])
  })
})

describe('what an invoice says', () => {
  test('its number, its date, the account’s tax ids and its own fields are shown, expanded and on its page', async () => {
    const { id: customer } = await it.aCustomer()
    const { id: taxId } = await it.stripe.taxIds.create({ type: 'eu_vat', value: 'DE123456789' })
    const custom_fields = [{ name: 'Order', value: '4711' }]
    const said = { number: 'A-1', effective_at: 1_770_000_000, account_tax_ids: [taxId], custom_fields, footer: 'Bye' }
    await it.stripe.invoiceItems.create({ customer, amount: 1500, currency: 'usd' })
    const draft = await it.stripe.invoices.create({
      ...{ customer, pending_invoice_items_behavior: 'include', ...said },
    })
    expect(draft).toMatchObject(said)
    const open = await it.stripe.invoices.finalizeInvoice(draft.id, { expand: ['account_tax_ids'] })
    expect(open).toMatchObject({ ...said, account_tax_ids: [{ id: taxId, value: 'DE123456789' }] })
    const page = await (await fetch(open.hosted_invoice_url ?? '')).text()
    for (const text of ['Invoice A-1', '2 Feb 2026', 'DE123456789', '4711', 'Bye']) expect(page).toContain(text)
    const again = await it.stripe.invoices.create({ customer })
    expect(await errorOf(it.stripe.invoices.update(again.id, { number: 'A-1' }))).toMatchObject({ param: 'number' })
    const { id: theirs } = await it.stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })
    expect(await errorOf(it.stripe.invoices.update(again.id, { account_tax_ids: [theirs] }))).toMatchObject({
      ...{ code: 'resource_missing', param: 'account_tax_ids[0]' },
    })
    expect((await it.stripe.invoices.finalizeInvoice(again.id)).number).toMatch(/-0001$/)
  })
  test('a customer’s custom fields and footer are on each of their invoices', async () => {
    const invoice_settings = { custom_fields: [{ name: 'VAT', value: 'x' }], footer: 'Thanks' }
    const { id: customer } = await it.stripe.customers.create({ invoice_settings })
    expect(await it.stripe.invoices.create({ customer })).toMatchObject(invoice_settings)
    expect(await it.stripe.invoices.create({ customer, footer: 'Bye' })).toMatchObject({ footer: 'Bye' })
  })
  test('a draft is finalized at the time that it names', async () => {
    const clock = await it.aClock('2026-04-01T00:00:00Z')
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const at = Date.parse('2026-04-11T00:00:00Z') / 1000
    const { id } = await it.stripe.invoices.create({ customer, automatically_finalizes_at: at })
    expect(await errorOf(it.stripe.invoices.create({ customer, automatically_finalizes_at: 1 }))).toMatchObject({
      param: 'automatically_finalizes_at',
    })
    await it.advance(clock.id, '2026-04-10T23:00:00Z')
    expect(await it.stripe.invoices.retrieve(id)).toMatchObject({ status: 'draft', automatically_finalizes_at: at })
    await it.advance(clock.id, '2026-04-11T00:00:00Z')
    expect((await it.stripe.invoices.retrieve(id)).status).toBe('paid')
  })
  test('a revision replaces its invoice when it is finalized (https://docs.stripe.com/invoicing/invoice-revisions)', async () => {
    const { id: customer } = await it.aCustomer()
    const from = { action: 'revision', invoice: await aDraft(customer) } as const
    expect(await errorOf(it.stripe.invoices.create({ from_invoice: from }))).toMatchObject({
      param: 'from_invoice[invoice]',
    })
    await it.stripe.invoices.finalizeInvoice(from.invoice)
    const draft = await it.stripe.invoices.create({ from_invoice: from, description: 'Corrected' })
    expect(draft).toMatchObject({ customer, status: 'draft', total: 1500, from_invoice: from })
    expect(await it.stripe.invoices.retrieve(from.invoice)).toMatchObject({ status: 'open', latest_revision: draft.id })
    expect((await it.stripe.invoices.finalizeInvoice(draft.id)).status).toBe('open')
    expect((await it.stripe.invoices.retrieve(from.invoice)).status).toBe('void')
  })
})

describe('invoice items', () => {
  test('quantities and amounts per unit can have decimals, and negative amounts are credit', async () => {
    const { id: customer } = await it.aCustomer()
    const item = { customer, currency: 'usd' }
    const decimal = (text: string) => Stripe.Decimal.from(text)
    const hours = await it.stripe.invoiceItems.create({
      ...{ ...item, unit_amount_decimal: decimal('999.5'), quantity_decimal: decimal('2.5') },
    })
    expect(hours).toMatchObject({ amount: 2499, quantity: 2, quantity_decimal: decimal('2.5') })
    expect(
      await it.stripe.invoiceItems.create({ ...item, unit_amount_decimal: decimal('-0.5'), quantity: 3 }),
    ).toMatchObject({
      ...{ amount: -2, quantity_decimal: decimal('3') },
    })
    const both = it.stripe.invoiceItems.create({ ...item, amount: 1, quantity: 1, quantity_decimal: decimal('1.5') })
    expect(await errorOf(both)).toMatchObject({ code: 'parameters_exclusive', param: 'quantity_decimal' })

    const { id: product } = await it.stripe.products.create({ name: 'Hour' })
    const once = await it.stripe.prices.create({ product, currency: 'usd', unit_amount: 300 })
    const { id } = hours
    expect(await it.stripe.invoiceItems.update(id, { pricing: { price: once.id } })).toMatchObject({
      ...{ amount: 750, quantity_decimal: decimal('2.5'), pricing: { price_details: { price: once.id } } },
    })
    expect(await it.stripe.invoiceItems.update(id, { quantity_decimal: decimal('1.25') })).toMatchObject({
      amount: 375,
    })
    expect(await it.stripe.invoiceItems.update(id, { unit_amount_decimal: decimal('100') })).toMatchObject({
      amount: 125,
    })
    const euro = { price_data: { currency: 'eur', product, unit_amount: 5 } }
    expect(await errorOf(it.stripe.invoiceItems.update(id, euro))).toMatchObject({ param: 'pricing[price]' })
    const draft = await it.stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })
    expect(draft.lines.data.map(({ amount, quantity_decimal: units }) => [amount, String(units)])).toEqual([
      ...[
        [125, '1.25'],
        [-2, '3'],
      ],
    ])
  })
  test('an item says how it is taxed by location', async () => {
    const address = { line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117', country: 'DE' }
    const { id: customer } = await it.stripe.customers.create({ address })
    const item = { customer, currency: 'eur', amount: 1190 }
    await it.stripe.invoiceItems.create({ ...item, tax_behavior: 'inclusive' })
    const { id } = await it.stripe.invoiceItems.create({ ...item, tax_behavior: 'inclusive' })
    await it.stripe.invoiceItems.update(id, { tax_behavior: 'exclusive' })
    await it.stripe.invoiceItems.create({ ...item, tax_code: 'txcd_00000000' })
    const draft = await it.stripe.invoices.create({
      ...{ customer, currency: 'eur', pending_invoice_items_behavior: 'include', automatic_tax: { enabled: true } },
    })
    expect(draft.lines.data.map(({ taxes }) => taxes?.map((tax) => [tax.amount, tax.tax_behavior]))).toEqual([
      [[190, 'inclusive']],
      [[226, 'exclusive']],
      [[0, expect.any(String)]],
    ])
  })
})
