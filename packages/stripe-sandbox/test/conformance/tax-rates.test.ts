import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

const START = '2026-04-01T00:00:00Z'

async function aRate(percentage: number, inclusive = false): Promise<string> {
  return (await it.stripe.taxRates.create({ display_name: 'VAT', inclusive, percentage })).id
}

describe('tax rates (https://docs.stripe.com/billing/taxes/tax-rates)', () => {
  test('a rate is created, updated, archived and listed', async () => {
    const rate = await it.stripe.taxRates.create({
      display_name: 'VAT',
      inclusive: false,
      percentage: 19.5,
      country: 'DE',
      tax_type: 'vat',
    })
    expect(rate).toMatchObject({
      object: 'tax_rate',
      active: true,
      percentage: 19.5,
      effective_percentage: 19.5,
      inclusive: false,
      country: 'DE',
      tax_type: 'vat',
    })
    expect(await it.stripe.taxRates.update(rate.id, { active: false })).toMatchObject({ active: false })
    expect((await it.stripe.taxRates.list({ active: false })).data.map(({ id }) => id)).toContain(rate.id)
    expect((await it.lastEvent('tax_rate.updated')).data.previous_attributes).toEqual({ active: true })
    const { id: customer } = await it.aCustomer()
    const price = await it.aPrice()
    expect(
      await errorOf(
        it.stripe.subscriptions.create({ customer, items: [{ price: price.id }], default_tax_rates: [rate.id] }),
      ),
    ).toMatchObject({ statusCode: 400, param: 'default_tax_rates[0]' })
  })
  test('an exclusive rate is added to each invoice', async () => {
    const [price, rate] = [await it.aPrice({ amount: 999 }), await aRate(19)]
    const { clock, customer, subscription } = await it.aSubscriber({
      from: START,
      price: price.id,
      params: { default_tax_rates: [rate] },
    })
    expect(subscription.default_tax_rates).toMatchObject([{ id: rate, object: 'tax_rate' }])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1189, 1189])
    const invoice = await it.latestInvoice(customer)
    const tax = {
      amount: 190,
      tax_behavior: 'exclusive',
      tax_rate_details: { tax_rate: rate },
      taxability_reason: 'standard_rated',
      taxable_amount: 999,
      type: 'tax_rate_details',
    }
    expect(invoice).toMatchObject({
      amount_paid: 1189,
      subtotal: 999,
      subtotal_excluding_tax: 999,
      total: 1189,
      total_excluding_tax: 999,
      total_taxes: [tax],
      default_tax_rates: [{ id: rate }],
    })
    expect(invoice.lines.data[0]?.taxes).toEqual([tax])
  })
  test('an inclusive rate is part of the price', async () => {
    const [price, rate] = [await it.aPrice({ amount: 1190 }), await aRate(19, true)]
    const { customer } = await it.aSubscriber({ from: START, price: price.id, params: { default_tax_rates: [rate] } })
    expect(await it.latestInvoice(customer)).toMatchObject({
      subtotal: 1190,
      subtotal_excluding_tax: 1000,
      total: 1190,
      total_excluding_tax: 1000,
      total_taxes: [{ amount: 190, tax_behavior: 'inclusive', taxable_amount: 1000 }],
    })
  })
  test("an item's rates replace those of the subscription, and several rates add up", async () => {
    const [plan, extra] = [await it.aPrice({ amount: 1000 }), await it.aPrice({ amount: 500 })]
    const [all, state, city] = [await aRate(20), await aRate(6), await aRate(2.5)]
    const { customer, subscription } = await it.aSubscriber({
      from: START,
      price: plan.id,
      params: {
        items: [{ price: plan.id }, { price: extra.id, tax_rates: [state, city] }],
        default_tax_rates: [all],
      },
    })
    expect(await it.latestInvoice(customer)).toMatchObject({
      subtotal: 1500,
      total: 1500 + 200 + 30 + 13,
      total_taxes: [{ amount: 200 }, { amount: 30 }, { amount: 13, taxable_amount: 500 }],
    })
    expect(subscription.items.data[1]?.tax_rates).toMatchObject([{ id: state }, { id: city }])
  })
  test('the tax is on what is left after discounts', async () => {
    const [price, rate] = [await it.aPrice({ amount: 1000 }), await aRate(10)]
    const coupon = await it.stripe.coupons.create({ percent_off: 50 })
    const { customer } = await it.aSubscriber({
      from: START,
      price: price.id,
      params: { default_tax_rates: [rate], discounts: [{ coupon: coupon.id }] },
    })
    expect(await it.latestInvoice(customer)).toMatchObject({
      subtotal: 1000,
      total_excluding_tax: 500,
      total: 550,
      amount_paid: 550,
    })
  })
  test('prorations are taxed, credits too', async () => {
    const [price, dearer, rate] = [await it.aPrice(), await it.aPrice({ amount: 2000 }), await aRate(10)]
    const { clock, customer, subscription, item } = await it.aSubscriber({
      from: START,
      price: price.id,
      params: { default_tax_rates: [rate] },
    })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await it.latestInvoice(customer)
    expect(invoice.lines.data.map((line) => [line.amount, line.taxes?.[0]?.amount])).toEqual([
      [-500, -50],
      [1000, 100],
    ])
    expect(invoice.total).toBe(550)
  })
  test('an update changes or removes the rates', async () => {
    const [price, one, two] = [await it.aPrice(), await aRate(10), await aRate(20)]
    const { clock, customer, subscription } = await it.aSubscriber({
      from: START,
      price: price.id,
      params: { default_tax_rates: [one] },
    })
    await it.stripe.subscriptions.update(subscription.id, { default_tax_rates: [two] })
    expect(await it.stripe.invoices.createPreview({ subscription: subscription.id })).toMatchObject({ total: 1200 })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, { default_tax_rates: '' })
    await it.advance(clock, '2026-06-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1100, 1200, 1000])
  })
})

describe('invoices and invoice items with discounts and taxes', () => {
  test('an invoice has its own discounts and rates, which can change while it is a draft', async () => {
    const { id: customer } = await it.aCustomer()
    const [half, tenth] = [
      await it.stripe.coupons.create({ percent_off: 50 }),
      await it.stripe.coupons.create({ percent_off: 10 }),
    ]
    const rate = await aRate(10)
    const invoice = await it.stripe.invoices.create({
      customer,
      discounts: [{ coupon: half.id }],
      default_tax_rates: [rate],
    })
    await it.stripe.invoiceItems.create({ customer, invoice: invoice.id, amount: 1000, currency: 'usd' })
    expect(await it.stripe.invoices.retrieve(invoice.id, { expand: ['discounts'] })).toMatchObject({
      total: 550,
      discounts: [{ invoice: invoice.id, source: { coupon: half.id } }],
    })
    expect(
      await it.stripe.invoices.update(invoice.id, { discounts: [{ coupon: tenth.id }], default_tax_rates: '' }),
    ).toMatchObject({ total: 900 })
    expect(await it.stripe.invoices.update(invoice.id, { discounts: '' })).toMatchObject({ total: 1000, discounts: [] })
  })
  test('an invoice item has its own discounts and rates, and can be excluded from those of the invoice', async () => {
    const { id: customer } = await it.aCustomer()
    const [half, tenth] = [
      await it.stripe.coupons.create({ percent_off: 50 }),
      await it.stripe.coupons.create({ percent_off: 10 }),
    ]
    const rate = await aRate(20)
    const common = { customer, currency: 'usd' }
    const item = await it.stripe.invoiceItems.create({
      ...common,
      amount: 1000,
      discounts: [{ coupon: half.id }],
      tax_rates: [rate],
      expand: ['discounts'],
    })
    expect(item).toMatchObject({
      discounts: [{ invoice_item: item.id }],
      tax_rates: [{ id: rate }],
      discountable: true,
    })
    await it.stripe.invoiceItems.create({ ...common, amount: 300, discountable: false })
    const invoice = await it.stripe.invoices.create({
      customer,
      pending_invoice_items_behavior: 'include',
      discounts: [{ coupon: tenth.id }],
    })
    expect(invoice).toMatchObject({ subtotal: 800, total: 450 + 90 + 300 })
    const { data } = await it.stripe.invoices.listLineItems(invoice.id)
    expect(data.map((line) => line.discount_amounts?.map(({ amount }) => amount))).toEqual([[500, 50], []])
  })
  test('an invoice item can be changed while it is pending or on a draft', async () => {
    const { id: customer } = await it.aCustomer()
    const half = await it.stripe.coupons.create({ percent_off: 50 })
    const item = await it.stripe.invoiceItems.create({ customer, currency: 'usd', amount: 1000 })
    const invoice = await it.stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })
    const changed = await it.stripe.invoiceItems.update(item.id, {
      amount: 800,
      description: 'Goodwill',
      discounts: [{ coupon: half.id }],
    })
    expect(changed).toMatchObject({ amount: 800, description: 'Goodwill', discounts: [expect.stringMatching(/^di_/)] })
    expect(await it.stripe.invoices.retrieve(invoice.id)).toMatchObject({ subtotal: 400, total: 400 })
    await it.stripe.invoices.finalizeInvoice(invoice.id)
    expect(await errorOf(it.stripe.invoiceItems.update(item.id, { amount: 1 }))).toMatchObject({ statusCode: 400 })
  })
  test("a manual invoice of a subscription can reuse the subscription's discount", async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const { customer, subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    const [discount = ''] = subscription.discounts.map(idOf)
    await it.stripe.invoiceItems.create({ customer, amount: 400, currency: 'usd', subscription: subscription.id })
    const invoice = await it.stripe.invoices.create({
      customer,
      subscription: subscription.id,
      discounts: [{ discount }],
    })
    expect(invoice).toMatchObject({ total: 200, discounts: [discount] })
    expect((await it.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1)
  })
})
