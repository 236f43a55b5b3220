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
