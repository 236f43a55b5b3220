import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, clientOf, errorOf, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
  price = (await it.aPrice({ amount: 1000, name: 'Basic' })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const amountsOf = ({ lines }: Pick<Stripe.Invoice, 'lines'>): number[] => lines.data.map(({ amount }) => amount)

describe('previews with invoice items (https://docs.stripe.com/api/invoices/create_preview)', () => {
  test('add them to the next invoice of a subscription, and leave nothing behind', async () => {
    const { customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    const { product } = await stripe.prices.retrieve(price)
    const invoice_items = [
      { amount: 250, currency: 'usd', description: 'Setup' },
      { price_data: { currency: 'usd', product: idOf(product), unit_amount: 30 }, quantity: 3 },
      { unit_amount: -5, quantity: 2 },
    ]
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id, invoice_items })
    expect(amountsOf(preview)).toEqual([250, 90, -10, 1000])
    expect((await stripe.invoiceItems.list({ customer })).data).toEqual([])
    const wrong = { customer, invoice_items: [{ description: 'free?' }] }
    expect(await errorOf(stripe.invoices.createPreview(wrong))).toMatchObject({ param: 'invoice_items[0][amount]' })
  })
  test('of a customer: the next renewal, or what is pending without a subscription', async () => {
    const { customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    const { parent } = await stripe.invoices.createPreview({ customer })
    expect(parent?.subscription_details?.subscription).toBe(subscription.id)
    const other = (await it.aCustomer()).id
    expect(await errorOf(stripe.invoices.createPreview({ customer: other }))).toMatchObject({
      code: 'invoice_upcoming_none',
    })
    const item = await stripe.invoiceItems.create({ customer: other, amount: 700, currency: 'usd' })
    const changed = [{ invoiceitem: item.id, amount: 600 }, { amount: 50 }]
    const preview = await stripe.invoices.createPreview({ customer: other, invoice_items: changed })
    expect(amountsOf(preview)).toEqual([600, 50])
    expect((await stripe.invoiceItems.retrieve(item.id)).amount).toBe(700)
  })
  test('are collected an hour after the period ends, with a test clock and without one', async () => {
    const { id: customer } = await it.aCustomer()
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price }] })
    const { subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    for (const each of [await stripe.subscriptions.retrieve(id), subscription]) {
      const preview = await stripe.invoices.createPreview({ subscription: each.id })
      expect(preview.next_payment_attempt).toBe(itemOf(each).current_period_end + 3_600)
    }
  })
  test('of what is pending have taxes at the address that they are given', async () => {
    const { id: customer } = await it.aCustomer()
    await stripe.invoiceItems.create({ customer, amount: 1000, currency: 'usd' })
    const customer_details = { address: { country: 'DE', postal_code: '10115' } }
    const params = { customer, customer_details, automatic_tax: { enabled: true } }
    expect(await stripe.invoices.createPreview(params)).toMatchObject({ subtotal: 1000, total: 1190 })
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ address: null })
  })
  test("of a new subscription are in the customer's currency, with the discount in it", async () => {
    const { id: customer } = await it.aCustomer()
    const { id: both } = await it.stripe.prices.create({
      ...{ currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' }, product_data: { name: 'Both' } },
      currency_options: { eur: { unit_amount: 900 } },
    })
    const items = [{ price: both }]
    await stripe.subscriptions.create({ customer, items, currency: 'eur', trial_period_days: 7 })
    const coupon = await stripe.coupons.create({ amount_off: 50, currency: 'eur' })
    const preview = (params: Partial<Stripe.InvoiceCreatePreviewParams>) =>
      stripe.invoices.createPreview({ customer, subscription_details: { items }, ...params })
    expect(await preview({ discounts: [{ coupon: coupon.id }] })).toMatchObject({ currency: 'eur', total: 850 })
    expect(await errorOf(preview({ subscription_details: { items: [{ price }] } }))).toMatchObject({
      param: 'subscription_details[items][0][price]',
    })
  })
  test('of a subscription that starts later is its first invoice then', async () => {
    const { id: customer } = await it.aCustomer()
    const { id: price } = await it.aPrice({ amount: 3100 })
    const start_date = at('2030-01-15T00:00:00Z')
    const first = await it.stripe.invoices.createPreview({
      ...{ customer, subscription_details: { items: [{ price }], start_date } },
    })
    expect(first).toMatchObject({ total: 3100, lines: { data: [{ period: { start: start_date } }] } })
    expect(first.lines.data[0]?.period.end).toBe(at('2030-02-15T00:00:00Z'))
    expect((await it.stripe.subscriptions.list({ customer })).data).toEqual([])
  })
  test('of a schedule is that of its subscription', async () => {
    const { subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    expect(amountsOf(await stripe.invoices.createPreview({ schedule: schedule.id }))).toEqual([1000])
  })
})

test('an invoice item can have an inline price, or a unit amount with decimals', async () => {
  const { id: customer } = await it.aCustomer()
  const { product } = await stripe.prices.retrieve(price)
  const price_data = { currency: 'usd', product: idOf(product), unit_amount: 30 }
  expect(await stripe.invoiceItems.create({ customer, price_data, quantity: 2 })).toMatchObject({ amount: 60 })
  const unit_amount_decimal = Stripe.Decimal.from('0.25')
  expect(await stripe.invoiceItems.create({ customer, unit_amount_decimal, quantity: 1010 })).toMatchObject({
    amount: 253,
  })
})

describe('the upcoming invoice of older versions (https://docs.stripe.com/changelog/basil/2025-03-31/invoice-preview-api-deprecations)', () => {
  const upcoming = (path: string, query: Record<string, string>, apiVersion?: string) =>
    clientOf(it.sandbox).rawRequest(
      'GET',
      `${path}?${new URLSearchParams(query).toString()}`,
      undefined,
      apiVersion === undefined ? {} : { apiVersion },
    )

  test('is a preview, with its lines', async () => {
    const { customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    const dearer = await it.aPrice({ amount: 3000 })
    const change = {
      customer,
      subscription: subscription.id,
      'subscription_items[0][id]': itemOf(subscription).id,
      'subscription_items[0][price]': dearer.id,
      subscription_proration_behavior: 'none',
    }
    const invoice = await upcoming('/v1/invoices/upcoming', change, '2024-06-20')
    expect(invoice).toMatchObject({ object: 'invoice', total: 3000, subscription: subscription.id })
    const lines = await upcoming('/v1/invoices/upcoming/lines', { subscription: subscription.id }, '2024-06-20')
    expect(lines).toMatchObject({ object: 'list', data: [{ amount: 1000, price: { id: price } }] })
  })
  test('is unknown in the newest version', async () => {
    expect(await errorOf(upcoming('/v1/invoices/upcoming', { customer: 'cus_1' }))).toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('Unrecognized request URL (GET: /v1/invoices/upcoming)'),
    })
  })
})
