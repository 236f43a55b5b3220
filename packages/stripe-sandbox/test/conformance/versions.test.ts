import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, errorOf, idOf, TestSandbox, untyped } from '../test-sandbox.ts'
import { REQUIRED_KEYS } from './older-required-keys.ts'

type Json = Record<string, unknown>

/**
 * Required by the types, but not shown: `refunds` only if it is expanded (https://docs.stripe.com/changelog/2022-11-15),
 * and the others are "not fully operational" (stripe-node's changelog, 13.0.0).
 */
const NOT_SHOWN = ['Charge.refunds', 'Charge.destination', 'Charge.dispute', 'Product.attributes']

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

/** The official client with an older API version. Its answers have another shape than their types say. */
const speaking = (version: string): Stripe => clientOf(it.sandbox, { apiVersion: untyped(version as never) })

/** A call without types: what an older client sends and gets. */
async function call(version: string, method: string, path: string, params: Record<string, string> = {}) {
  const form = new URLSearchParams(params)
  const response = await fetch(`${it.sandbox.url}/v1${path}${method === 'GET' ? `?${form.toString()}` : ''}`, {
    method,
    headers: { authorization: 'Bearer sk_test_sandbox', 'stripe-version': version },
    ...(method === 'POST' && { body: form }),
  })
  return { status: response.status, version: response.headers.get('stripe-version'), json: await response.json() }
}
const get = async (version: string, path: string, params: Record<string, string> = {}): Promise<Json> =>
  (await call(version, 'GET', path, params)).json as Json

const ACACIA = '2025-02-24.acacia'

/** A subscriber with a discount and a tax, and all objects about them. */
async function everything() {
  const { stripe } = it
  const price = await it.aPrice({ amount: 1000 })
  const rate = await stripe.taxRates.create({ display_name: 'VAT', inclusive: true, percentage: 25 })
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
  const { customer, subscription, item } = await it.aSubscriber({
    from: '2026-03-01T00:00:00Z',
    price: price.id,
    params: { discounts: [{ coupon: coupon.id }], default_tax_rates: [rate.id] },
  })
  const invoice = await it.latestInvoice(customer)
  const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data
  const intent = await stripe.paymentIntents.retrieve(idOf(payment?.payment.payment_intent))
  const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 100, refund_amount: 100 })
  const pending = await stripe.invoiceItems.create({ customer, amount: 500, currency: 'usd' })
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } })
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const session = await it.aCheckout()
  return {
    ids: { customer, subscription: subscription.id, item, invoice: invoice.id, intent: intent.id, coupon: coupon.id },
    rate: rate.id,
    price: price.id,
    discount: idOf(subscription.discounts[0]),
    paths: {
      Subscription: `/subscriptions/${subscription.id}`,
      SubscriptionItem: `/subscription_items/${item}`,
      SubscriptionSchedule: `/subscription_schedules/${schedule.id}`,
      Invoice: `/invoices/${invoice.id}`,
      InvoiceItem: `/invoiceitems/${pending.id}`,
      CreditNote: `/credit_notes/${note.id}`,
      Refund: `/refunds/${idOf(note.refunds[0]?.refund)}`,
      Charge: `/charges/${idOf(intent.latest_charge)}`,
      PaymentIntent: `/payment_intents/${intent.id}`,
      PromotionCode: `/promotion_codes/${code.id}`,
      Customer: `/customers/${customer}`,
      Product: `/products/${idOf(price.product)}`,
      Price: `/prices/${price.id}`,
      'Checkout.Session': `/checkout/sessions/${session.id}`,
    },
  }
}

/** The first entry of a list inside of an object. */
const firstOf = (object: Json, list: string): Json => ((object[list] as Json)['data'] as Json[])[0] ?? {}

describe('older versions (https://docs.stripe.com/api/versioning)', () => {
  test.each(Object.entries(REQUIRED_KEYS))(
    'objects of %s have all keys that its clients require',
    async (version, keys) => {
      const { paths, ids } = await everything()
      const objects: Record<string, Json> = {}
      for (const [name, path] of Object.entries(paths)) objects[name] = await get(version, path)
      objects['InvoiceLineItem'] = firstOf(await get(version, `/invoices/${ids.invoice}`), 'lines')
      objects['CreditNoteLineItem'] = firstOf(objects['CreditNote'] ?? {}, 'lines')
      objects['Plan'] = firstOf(objects['Subscription'] ?? {}, 'items')['plan'] as Json
      const subscription = await get(version, paths.Subscription, { 'expand[]': 'discounts' })
      objects['Discount'] = (subscription['discounts'] as Json[])[0] ?? {}
      for (const [name, required] of Object.entries(keys)) {
        const object = objects[name]
        const missing = required
          .trim()
          .split(/\s+/)
          .filter((key) => object?.[key] === undefined && !NOT_SHOWN.includes(`${name}.${key}`))
        expect.soft(missing, name).toEqual([])
      }
    },
  )
  test('the newest version has nothing of the older shapes', async () => {
    const { ids } = await everything()
    const invoice = await get('2026-10-28.endive', `/invoices/${ids.invoice}`)
    for (const key of ['subscription', 'payment_intent', 'charge', 'paid', 'tax', 'discount', 'total_tax_amounts'])
      expect.soft(invoice).not.toHaveProperty(key)
    expect(await get('2026-10-28.endive', `/subscriptions/${ids.subscription}`)).not.toHaveProperty(
      'current_period_end',
    )
  })
  test('an invoice of 2025-02-24.acacia names its subscription, payment, discount and taxes', async () => {
    const { ids, rate, price, discount } = await everything()
    const invoice = await get(ACACIA, `/invoices/${ids.invoice}`)
    expect(invoice).toMatchObject({
      subscription: ids.subscription,
      payment_intent: ids.intent,
      charge: expect.stringMatching(/^ch_/),
      paid: true,
      paid_out_of_band: false,
      discount: { id: discount, object: 'discount', coupon: { id: ids.coupon, object: 'coupon', percent_off: 50 } },
      subscription_details: { metadata: {} },
      tax: 100,
      total_tax_amounts: [
        { amount: 100, inclusive: true, tax_rate: rate, taxability_reason: 'standard_rated', taxable_amount: 400 },
      ],
    })
    expect(invoice).not.toHaveProperty('parent')
    expect(firstOf(invoice, 'lines')).toMatchObject({
      type: 'subscription',
      proration: false,
      proration_details: { credited_items: null },
      price: { id: price, object: 'price' },
      plan: { id: price, object: 'plan' },
      subscription_item: ids.item,
      amount: 1000,
      amount_excluding_tax: 800,
      unit_amount_excluding_tax: '800',
      tax_amounts: [{ amount: 100, inclusive: true, tax_rate: rate }],
      tax_rates: [],
    })
  })
  test('expand follows the references of the older shape', async () => {
    const { ids } = await everything()
    const subscription = await get(ACACIA, `/subscriptions/${ids.subscription}`, {
      'expand[0]': 'latest_invoice.payment_intent',
      'expand[1]': 'latest_invoice.charge.invoice',
      'expand[2]': 'latest_invoice.confirmation_secret',
    })
    expect(subscription).toMatchObject({
      current_period_start: Date.parse('2026-03-01T00:00:00Z') / 1000,
      current_period_end: Date.parse('2026-04-01T00:00:00Z') / 1000,
      discount: { coupon: { id: ids.coupon } },
      plan: { object: 'plan' },
      quantity: 1,
      latest_invoice: {
        object: 'invoice',
        subscription: ids.subscription,
        payment_intent: { id: ids.intent, client_secret: expect.stringContaining('secret'), invoice: ids.invoice },
        charge: { object: 'charge', invoice: { id: ids.invoice, paid: true } },
      },
    })
    expect(firstOf(subscription, 'items')).not.toHaveProperty('current_period_end')
    const newest = await get('2026-10-28.endive', `/subscriptions/${ids.subscription}`, {
      'expand[]': 'latest_invoice.payment_intent',
    })
    expect(newest['latest_invoice']).not.toHaveProperty('payment_intent')
  })
  test('an unpaid first invoice has a payment intent to confirm', async () => {
    const [price, customer] = [await it.aPrice(), await it.aCustomer({ card: null })]
    const { json } = await call('2022-11-15', 'POST', '/subscriptions', {
      customer: customer.id,
      'items[0][price]': price.id,
      payment_behavior: 'default_incomplete',
      'expand[]': 'latest_invoice.payment_intent',
    })
    expect(json).toMatchObject({
      status: 'incomplete',
      latest_invoice: { paid: false, charge: null, payment_intent: { status: 'requires_payment_method' } },
    })
  })
  test('coupons are whole in discounts and codes before 2025-09-30.clover', async () => {
    const { paths, ids } = await everything()
    const [older, newer] = ['2025-08-27.basil', '2025-09-30.clover']
    expect(await get(older, paths.PromotionCode)).toMatchObject({ coupon: { id: ids.coupon, object: 'coupon' } })
    expect(await get(newer, paths.PromotionCode)).toMatchObject({ promotion: { coupon: ids.coupon } })
    const created = await call(older, 'POST', '/promotion_codes', { coupon: ids.coupon })
    expect(created.json).toMatchObject({ coupon: { id: ids.coupon } })
    expect((await call(newer, 'POST', '/promotion_codes', { coupon: ids.coupon })).status).toBe(400)
  })
  test('billing mode is classic by default before 2025-09-30.clover', async () => {
    const [price, customer] = [await it.aPrice(), await it.aCustomer()]
    const params = { customer: customer.id, items: [{ price: price.id }] }
    expect((await speaking('2025-08-27.basil').subscriptions.create(params)).billing_mode.type).toBe('classic')
    expect((await speaking('2025-09-30.clover').subscriptions.create(params)).billing_mode.type).toBe('flexible')
  })
  test("a session's ui_mode has its older names before 2026-03-25.dahlia", async () => {
    const price = await it.aPrice()
    const params = {
      mode: 'subscription',
      'line_items[0][price]': price.id,
      success_url: 'https://a.example/',
      'payment_method_types[0]': 'card',
    }
    const older = await call('2026-02-25.clover', 'POST', '/checkout/sessions', { ...params, ui_mode: 'hosted' })
    expect(older.json).toMatchObject({ ui_mode: 'hosted' })
    const newer = await call('2026-03-25.dahlia', 'POST', '/checkout/sessions', { ...params, ui_mode: 'hosted_page' })
    expect(newer.json).toMatchObject({ ui_mode: 'hosted_page' })
    const newest = await call('2026-10-28.endive', 'POST', '/checkout/sessions', params)
    expect(newest.json).toMatchObject({ error: { message: 'Received unknown parameter: payment_method_types' } })
  })
  test('the parameters of an older version are accepted', async () => {
    const { ids, price } = await everything()
    const half = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const { id: customer } = await it.aCustomer()
    const discounted = await call(ACACIA, 'POST', '/subscriptions', {
      customer,
      'items[0][price]': price,
      coupon: half.id,
      'expand[]': 'latest_invoice',
    })
    expect(discounted.json).toMatchObject({ latest_invoice: { total: 500 }, discount: { coupon: { id: half.id } } })
    const { id } = discounted.json as { id: string }
    expect((await call(ACACIA, 'POST', `/subscriptions/${id}`, { coupon: '' })).json).toMatchObject({ discount: null })
    const anchored = await call('2026-08-26.dahlia', 'POST', `/subscriptions/${id}`, { billing_cycle_anchor: 'now' })
    expect(anchored.status).toBe(200)
    expect(
      (await call('2026-09-30.endive', 'POST', `/subscriptions/${id}`, { billing_cycle_anchor: 'now' })).status,
    ).toBe(400)
    const once = await it.stripe.prices.create({ currency: 'usd', unit_amount: 300, product_data: { name: 'Setup' } })
    const item = await call(ACACIA, 'POST', '/invoiceitems', { customer, price: once.id, quantity: '2' })
    expect(item.json).toMatchObject({ amount: 600, unit_amount: 300, price: { id: once.id }, plan: null })
    const custom = await call(ACACIA, 'POST', '/invoiceitems', {
      customer,
      currency: 'usd',
      unit_amount: '70',
      quantity: '2',
    })
    expect(custom.json).toMatchObject({ amount: 140, subscription: null })
    const preview = await call(ACACIA, 'POST', '/invoices/create_preview', {
      subscription: ids.subscription,
      coupon: half.id,
    })
    expect(preview.json).toMatchObject({ subscription: ids.subscription, payment_intent: null, paid: false })
    const product = await call('2023-10-16', 'POST', '/products', { name: 'P', 'features[0][name]': 'Seats' })
    expect(product.json).toMatchObject({ features: [{ name: 'Seats' }] })
    expect(await it.stripe.products.retrieve((product.json as { id: string }).id)).toMatchObject({
      marketing_features: [{ name: 'Seats' }],
    })
  })
  test('a customer can have a discount before 2025-03-31.basil, and invoices without their own have it', async () => {
    const half = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const once = await it.stripe.coupons.create({ amount_off: 100, currency: 'usd', duration: 'once' })
    const [price, { id }] = [await it.aPrice(), await it.aCustomer()]
    const change = (params: Record<string, string>) => call(ACACIA, 'POST', `/customers/${id}`, params)
    const types = await it.eventsOf(() => change({ coupon: half.id }))
    expect(types).toEqual(['customer.updated', 'customer.discount.created'])
    expect(await get(ACACIA, `/customers/${id}`)).toMatchObject({ discount: { coupon: { id: half.id }, customer: id } })
    const items = [{ price: price.id }]
    await it.stripe.subscriptions.create({ customer: id, items })
    const discounts = [{ coupon: (await it.stripe.coupons.create({ percent_off: 10 })).id }]
    const other = await it.aPrice({ name: 'Other' })
    await it.stripe.subscriptions.create({ customer: id, items: [{ price: other.id }], discounts })
    expect(await it.totalsOf(id)).toEqual([500, 900])

    expect(await it.eventsOf(() => change({ coupon: once.id }))).toContain('customer.discount.updated')
    await it.stripe.invoiceItems.create({ customer: id, amount: 1000, currency: 'usd' })
    const manual = await it.stripe.invoices.create({ customer: id, pending_invoice_items_behavior: 'include' })
    expect(manual.total).toBe(900)
    expect(await it.stripe.customers.retrieve(id)).toMatchObject({ discount: null })

    await change({ coupon: half.id })
    expect(await it.stripe.customers.deleteDiscount(id)).toMatchObject({ deleted: true })
    expect((await call('2026-10-28.endive', 'POST', `/customers/${id}`, { coupon: half.id })).json).toMatchObject({
      error: { message: 'Received unknown parameter: coupon' },
    })
  })
  test('before 2022-11-15, a payment intent has its charges, and a charge its refunds', async () => {
    const { paths } = await everything()
    const charges = { object: 'list', data: [{ object: 'charge', refunds: { object: 'list' } }] }
    expect(await get('2022-08-01', paths.PaymentIntent)).toMatchObject({ charges })
    expect(await get('2022-11-15', paths.PaymentIntent)).not.toHaveProperty('charges')
  })
  test("a version that Stripe doesn't know is refused, and one that only the sandbox lacks says so", async () => {
    const unknown = await call('2025-09-30.acacia', 'GET', '/customers')
    expect(unknown.status).toBe(400)
    expect(unknown.json).toMatchObject({
      error: { type: 'invalid_request_error', message: 'Invalid Stripe API version: 2025-09-30.acacia' },
    })
    const tooOld = await call('2020-08-27', 'GET', '/customers')
    expect(tooOld.status).toBe(400)
    expect(tooOld.json).toMatchObject({ error: { message: expect.stringContaining('Its oldest is 2022-08-01') } })
    const endpoint = { url: 'http://127.0.0.1:9/', enabled_events: ['*' as const], api_version: '2025-13-13' }
    expect(await errorOf(it.stripe.webhookEndpoints.create(untyped(endpoint)))).toMatchObject({ param: 'api_version' })
  })
})
