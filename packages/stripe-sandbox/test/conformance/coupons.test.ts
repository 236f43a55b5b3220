import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, expanded, idOf, itemOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

const START = '2026-04-01T00:00:00Z'

describe('coupons (https://docs.stripe.com/api/coupons)', () => {
  test('a coupon is created, updated, listed and deleted', async () => {
    const coupon = await it.stripe.coupons.create({
      id: 'SPRING',
      percent_off: 12.5,
      duration: 'repeating',
      duration_in_months: 3,
      max_redemptions: 2,
      name: 'Spring',
    })
    expect(coupon).toMatchObject({
      id: 'SPRING',
      object: 'coupon',
      amount_off: null,
      currency: null,
      percent_off: 12.5,
      duration: 'repeating',
      duration_in_months: 3,
      max_redemptions: 2,
      times_redeemed: 0,
      valid: true,
    })
    expect((await it.stripe.coupons.update('SPRING', { name: 'Spring sale' })).name).toBe('Spring sale')
    expect((await it.stripe.coupons.list()).data.map(({ id }) => id)).toContain('SPRING')
    expect(await it.stripe.coupons.del('SPRING')).toMatchObject({ id: 'SPRING', deleted: true })
    expect(await errorOf(it.stripe.coupons.retrieve('SPRING'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: "No such coupon: 'SPRING'",
    })
    expect((await it.lastEvent('coupon.deleted')).data.object).toMatchObject({ id: 'SPRING' })
  })
  test.each([
    ['both an amount and a percentage', { amount_off: 100, currency: 'usd', percent_off: 10 }, 'amount_off'],
    ['neither', {}, 'percent_off'],
    ['an amount without a currency', { amount_off: 100 }, 'currency'],
    ['more than 100 %', { percent_off: 100.5 }, 'percent_off'],
    ['repeating without months', { percent_off: 10, duration: 'repeating' }, 'duration_in_months'],
    ['months without repeating', { percent_off: 10, duration: 'once', duration_in_months: 2 }, 'duration_in_months'],
    ['a redemption date in the past', { percent_off: 10, redeem_by: 1000 }, 'redeem_by'],
    ['an unknown product', { percent_off: 10, applies_to: { products: ['prod_x'] } }, 'applies_to[products][0]'],
  ] as const)('refuses a coupon with %s', async (_, params, param) => {
    const refused = it.stripe.coupons.create(untyped(params))
    expect(await errorOf(refused)).toMatchObject({ statusCode: 400, param })
  })
})

describe('discounts of a subscription (https://docs.stripe.com/billing/subscriptions/coupons)', () => {
  test('a percentage counts on each invoice, forever', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 25, duration: 'forever' })
    const { clock, customer, subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([750, 750])
    const [discount = ''] = subscription.discounts.map(idOf)
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({
      subtotal: 1000,
      total: 750,
      amount_paid: 750,
      discounts: [discount],
      total_discount_amounts: [{ amount: 250, discount }],
      total_pretax_credit_amounts: [{ amount: 250, discount, type: 'discount' }],
    })
    expect(invoice.lines.data[0]).toMatchObject({
      amount: 1000,
      subtotal: 1000,
      discountable: true,
      discounts: [],
      discount_amounts: [{ amount: 250, discount }],
    })
    expect((await it.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1)
  })
  test('a once coupon counts on one invoice, and then leaves the subscription', async () => {
    const coupon = await it.stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'once' })
    const { clock, customer, subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    expect(subscription.discounts).toEqual([])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([700, 1000])
  })
  test('a once coupon waits until the trial is over', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'once' })
    const { clock, customer, subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }], {
      trial_period_days: 7,
    })
    expect(subscription.discounts).toHaveLength(1)
    await it.advance(clock, '2026-04-08T02:00:00Z')
    await it.advance(clock, '2026-05-08T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([0, 500, 1000])
  })
  test('a repeating coupon counts for its months, and its end removes it', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 2 })
    const { clock, customer, subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    const { discounts } = await it.stripe.subscriptions.retrieve(subscription.id, { expand: ['discounts'] })
    expect(discounts).toMatchObject([{ start: at(START), end: at('2026-06-01T00:00:00Z') }])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect((await it.subscription(subscription.id)).discounts).toHaveLength(1)
    expect(await it.eventsOf(() => it.advance(clock, '2026-06-01T00:30:00Z'))).toEqual([
      'customer.discount.deleted',
      'customer.subscription.updated',
      'customer.subscription.updated',
      'invoice.created',
    ])
    await it.advance(clock, '2026-06-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([500, 500, 1000])
    expect((await it.subscription(subscription.id)).discounts).toEqual([])
  })
  test('several discounts are applied in order, each to what the ones before it left', async () => {
    const [amount, percent] = [
      await it.stripe.coupons.create({ amount_off: 200, currency: 'usd', duration: 'forever' }),
      await it.stripe.coupons.create({ percent_off: 10, duration: 'forever' }),
    ]
    const first = await it.aDiscountedSubscriber([{ coupon: amount.id }, { coupon: percent.id }])
    expect(await it.totalsOf(first.customer)).toEqual([720])
    const second = await it.aDiscountedSubscriber([{ coupon: percent.id }, { coupon: amount.id }])
    expect(await it.totalsOf(second.customer)).toEqual([700])
  })
  test('an amount never makes an invoice negative', async () => {
    const coupon = await it.stripe.coupons.create({ amount_off: 5000, currency: 'usd', duration: 'forever' })
    const { customer, subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    expect(subscription.status).toBe('active')
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 0, amount_due: 0, status: 'paid' })
  })
  test("an item's discounts come first and only count for it; products limit a coupon", async () => {
    const [plan, extra] = [await it.aPrice({ amount: 1000 }), await it.aPrice({ amount: 500 })]
    const own = await it.stripe.coupons.create({ percent_off: 20, duration: 'forever' })
    const limited = await it.stripe.coupons.create({
      percent_off: 50,
      duration: 'forever',
      applies_to: { products: [idOf(extra.product)] },
    })
    const { customer, subscription } = await it.aSubscriber({
      from: START,
      price: plan.id,
      params: {
        items: [{ price: plan.id, discounts: [{ coupon: own.id }] }, { price: extra.id }],
        discounts: [{ coupon: limited.id }],
      },
    })
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ subtotal: 1300, total: 1050 })
    const [itemDiscount = ''] = itemOf(subscription).discounts.map(idOf)
    const [shared = ''] = subscription.discounts.map(idOf)
    expect(invoice.lines.data).toMatchObject([
      { discounts: [itemDiscount], discount_amounts: [{ amount: 200, discount: itemDiscount }] },
      { discounts: [], discount_amounts: [{ amount: 250, discount: shared }] },
    ])
    const expandedItem = await it.stripe.subscriptionItems.retrieve(itemOf(subscription).id, { expand: ['discounts'] })
    expect(expandedItem.discounts).toMatchObject([
      { subscription: null, subscription_item: expandedItem.id, source: { coupon: own.id, type: 'coupon' } },
    ])
    expect(await it.stripe.coupons.retrieve(limited.id, { expand: ['applies_to'] })).toMatchObject({
      applies_to: { products: [idOf(extra.product)] },
    })
  })
  test('an amount is spread over the lines in proportion, to the cent', async () => {
    const prices = await Promise.all([999, 333, 667].map((amount) => it.aPrice({ amount })))
    const coupon = await it.stripe.coupons.create({ amount_off: 100, currency: 'usd', duration: 'once' })
    const { customer } = await it.aSubscriber({
      from: START,
      price: '',
      params: { items: prices.map(({ id }) => ({ price: id })), discounts: [{ coupon: coupon.id }] },
    })
    const { lines } = await it.latestInvoice(customer)
    expect(lines.data.map((line) => line.discount_amounts?.[0]?.amount)).toEqual([50, 17, 33])
  })
  test('an update adds, keeps, replaces and removes discounts, with events', async () => {
    const [one, two] = [
      await it.stripe.coupons.create({ percent_off: 10, duration: 'forever' }),
      await it.stripe.coupons.create({ percent_off: 20, duration: 'forever' }),
    ]
    const { clock, customer, subscription } = await it.aDiscountedSubscriber(undefined)
    const { id } = subscription
    const update = (discounts: Stripe.SubscriptionUpdateParams['discounts']) =>
      it.eventsOf(() => it.stripe.subscriptions.update(id, { discounts }))
    expect(await update([{ coupon: one.id }])).toEqual(['customer.discount.created', 'customer.subscription.updated'])
    const [kept = ''] = (await it.subscription(id)).discounts.map(idOf)
    expect((await it.lastEvent('customer.discount.created')).data.object).toMatchObject({
      id: kept,
      object: 'discount',
      customer,
      subscription: id,
      source: { coupon: one.id, type: 'coupon' },
    })
    expect(await update([{ discount: kept }, { coupon: two.id }])).toEqual([
      'customer.discount.created',
      'customer.subscription.updated',
    ])
    expect((await it.subscription(id)).discounts[0]).toBe(kept)
    await it.stripe.subscriptions.update(id, { metadata: { a: 'b' } })
    expect((await it.subscription(id)).discounts).toHaveLength(2)
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1000, 720])
    expect(await update('')).toEqual([
      'customer.discount.deleted',
      'customer.discount.deleted',
      'customer.subscription.updated',
    ])
    await update([{ coupon: one.id }])
    expect(await update([{ coupon: two.id }])).toEqual(['customer.discount.updated', 'customer.subscription.updated'])
    expect(await it.stripe.subscriptions.deleteDiscount(id)).toMatchObject({
      object: 'discount',
      deleted: true,
      source: { coupon: two.id },
    })
    expect((await it.subscription(id)).discounts).toEqual([])
    expect(await errorOf(it.stripe.subscriptions.deleteDiscount(id))).toMatchObject({ statusCode: 400 })
    expect(await errorOf(it.stripe.customers.deleteDiscount(customer))).toMatchObject({ statusCode: 400 })
  })
  test('a discount, its coupon and the amounts of an invoice can be expanded', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const { customer, subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    const { discounts } = await it.stripe.subscriptions.retrieve(subscription.id, {
      expand: ['discounts.source.coupon'],
    })
    expect(expanded(discounts[0])).toMatchObject({ source: { coupon: { id: coupon.id, percent_off: 10 } } })
    const { id } = await it.latestInvoice(customer)
    const invoice = await it.stripe.invoices.retrieve(id, { expand: ['discounts', 'total_discount_amounts.discount'] })
    expect(invoice).toMatchObject({
      discounts: [{ object: 'discount' }],
      total_discount_amounts: [{ amount: 100, discount: { object: 'discount', subscription: subscription.id } }],
    })
  })
  test('a deleted coupon goes on where it was redeemed, and its id can be used again', async () => {
    await it.stripe.coupons.create({ id: 'AGAIN', percent_off: 10, duration: 'forever' })
    const { clock, customer } = await it.aDiscountedSubscriber([{ coupon: 'AGAIN' }])
    await it.stripe.coupons.del('AGAIN')
    await it.stripe.coupons.create({ id: 'AGAIN', percent_off: 90, duration: 'forever' })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([900, 900])
  })
  test("refuses coupons that don't exist, are used up, or are in another currency", async () => {
    const used = await it.stripe.coupons.create({ percent_off: 10, max_redemptions: 1 })
    const euros = await it.stripe.coupons.create({ amount_off: 100, currency: 'eur' })
    await it.aDiscountedSubscriber([{ coupon: used.id }])
    expect((await it.stripe.coupons.retrieve(used.id)).valid).toBe(false)
    expect(await errorOf(it.aDiscountedSubscriber([{ coupon: used.id }]))).toMatchObject({ code: 'coupon_expired' })
    expect(await errorOf(it.aDiscountedSubscriber([{ coupon: euros.id }]))).toMatchObject({ statusCode: 400 })
    expect(await errorOf(it.aDiscountedSubscriber([{ coupon: 'nope' }]))).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'discounts[0][coupon]',
    })
    expect(await errorOf(it.aDiscountedSubscriber([{ discount: 'di_nope' }]))).toMatchObject({
      param: 'discounts[0][discount]',
    })
    expect(await errorOf(it.aDiscountedSubscriber([{ coupon: 'nope', discount: 'di_nope' }]))).toMatchObject({
      statusCode: 400,
    })
  })
  test('an amount in several currencies takes off that of the subscription', async () => {
    const coupon = await it.stripe.coupons.create({
      amount_off: 100,
      currency: 'usd',
      currency_options: { eur: { amount_off: 90 } },
    })
    const price = await it.aPrice({ amount: 1000, currency: 'eur' })
    const { customer } = await it.aSubscriber({
      from: START,
      price: price.id,
      params: { discounts: [{ coupon: coupon.id }] },
    })
    expect(await it.totalsOf(customer)).toEqual([910])
  })
})

test('a discount of an item is in the currency of its subscription', async () => {
  const price = await it.stripe.prices.create({
    ...{ currency: 'usd', unit_amount: 1000, currency_options: { eur: { unit_amount: 900 } } },
    ...{ product_data: { name: 'Both' }, recurring: { interval: 'month' } },
  })
  const { id: coupon } = await it.stripe.coupons.create({ amount_off: 100, currency: 'eur' })
  const { id: customer } = await it.aCustomer()
  const items = [{ price: price.id, discounts: [{ coupon }] }]
  const preview = await it.stripe.invoices.createPreview({ customer, currency: 'eur', subscription_details: { items } })
  expect(preview).toMatchObject({ currency: 'eur', total: 800 })
  await it.stripe.subscriptions.create({ customer, currency: 'eur', items })
  expect(await it.latestInvoice(customer)).toMatchObject({ currency: 'eur', total: 800 })
})
