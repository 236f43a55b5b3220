import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('prorations with discounts in flexible billing mode (proration_discounts: included)', () => {
  test('the charge is that after discounts, and the credit is what was paid', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const { clock, customer, subscription, item } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    const dearer = await it.aPrice({ amount: 2000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const change = {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice' as const,
      proration_date: at('2026-04-16T00:00:00Z'),
    }
    const preview = await it.stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: change,
    })
    await it.stripe.subscriptions.update(subscription.id, change)
    const invoice = await it.latestInvoice(customer)
    expect(preview.lines.data.map((line) => line.amount)).toEqual([-250, 500])
    expect(invoice.lines.data.map((line) => line.amount)).toEqual([-250, 500])
    expect([preview.total, invoice.total]).toEqual([250, 250])
    expect(invoice.lines.data[1]).toMatchObject({
      discountable: false,
      discounts: subscription.discounts,
      discount_amounts: [{ amount: 0, discount: subscription.discounts[0] }],
    })
  })
  test('a discount that is added later does not change what was paid', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const { clock, customer, subscription, item } = await it.aDiscountedSubscriber(undefined)
    const dearer = await it.aPrice({ amount: 2000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      discounts: [{ coupon: coupon.id }],
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-500, 500])
  })
  test('a once coupon that a proration has used is gone', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'once' })
    const { clock, customer, subscription, item } = await it.aDiscountedSubscriber(undefined)
    const dearer = await it.aPrice({ amount: 2000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const { discounts } = await it.stripe.subscriptions.update(subscription.id, {
      discounts: [{ coupon: coupon.id }],
      items: [{ id: item, price: dearer.id }],
    })
    expect(discounts).toEqual([])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-500, 500, 2000])
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 2000, total_discount_amounts: [] })
  })
  test('a once coupon that the invoice of a pause has used does not count again', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'once' })
    const { customer, subscription } = await it.aDiscountedSubscriber(undefined)
    await it.stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: coupon.id }] })
    await it.stripe.invoiceItems.create({ customer, amount: 400, currency: 'usd', subscription: subscription.id })
    await it.stripe.subscriptions.pause(subscription.id, {
      type: 'subscription',
      bill_for: { unused_time_from: { type: 'none' } },
      invoicing_behavior: 'invoice',
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ subtotal: 400, total: 200 })
    expect((await it.subscription(subscription.id)).discounts).toEqual([])
  })
  test('canceling with proration gives back what was paid', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'once' })
    const { clock, customer, subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true })
    expect(await it.totalsOf(customer)).toEqual([500, -250])
  })
})

describe('previews', () => {
  test('show the discounts of the next renewal, and those that are only previewed', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 10, duration: 'repeating', duration_in_months: 1 })
    const { subscription } = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
    expect(await it.stripe.invoices.createPreview({ subscription: subscription.id })).toMatchObject({ total: 1000 })
    const other = await it.stripe.coupons.create({ percent_off: 30, duration: 'forever' })
    expect(
      await it.stripe.invoices.createPreview({ subscription: subscription.id, discounts: [{ coupon: other.id }] }),
    ).toMatchObject({ total: 700, total_discount_amounts: [{ amount: 300 }] })
    expect(await it.stripe.coupons.retrieve(other.id)).toMatchObject({ times_redeemed: 0 })
    expect((await it.subscription(subscription.id)).discounts).toEqual(subscription.discounts)
  })
  test('show the discounts of a new subscription', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 30 })
    const { id: customer } = await it.aCustomer()
    const price = await it.aPrice({ amount: 1000 })
    const preview = await it.stripe.invoices.createPreview({
      customer,
      discounts: [{ coupon: coupon.id }],
      subscription_details: { items: [{ price: price.id }] },
    })
    expect(preview).toMatchObject({ subtotal: 1000, total: 700 })
  })
})

describe('promotion codes (https://docs.stripe.com/api/promotion_codes)', () => {
  test('a code is created, found regardless of case, redeemed and switched off', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 40, duration: 'forever' })
    const promotion = { type: 'coupon', coupon: coupon.id } as const
    const code = await it.stripe.promotionCodes.create({ promotion, code: 'Summer-26' })
    expect(code).toMatchObject({ object: 'promotion_code', active: true, code: 'Summer-26', promotion })
    expect((await it.stripe.promotionCodes.list({ code: 'SUMMER-26' })).data.map(({ id }) => id)).toEqual([code.id])
    expect(await errorOf(it.stripe.promotionCodes.create({ promotion, code: 'SUMMER-26' }))).toMatchObject({
      statusCode: 400,
      param: 'code',
    })
    const { customer, subscription } = await it.aDiscountedSubscriber([{ promotion_code: code.id }])
    expect(await it.totalsOf(customer)).toEqual([600])
    const { discounts } = await it.stripe.subscriptions.retrieve(subscription.id, {
      expand: ['discounts.promotion_code'],
    })
    expect(discounts).toMatchObject([{ promotion_code: { id: code.id, times_redeemed: 1 } }])
    await it.stripe.promotionCodes.update(code.id, { active: false })
    expect(await errorOf(it.aDiscountedSubscriber([{ promotion_code: code.id }]))).toMatchObject({ statusCode: 400 })
    expect((await it.lastEvent('promotion_code.updated')).data.previous_attributes).toEqual({ active: true })
  })
  test('a code can be for one customer, and for first purchases', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 40, duration: 'forever' })
    const promotion = { type: 'coupon', coupon: coupon.id } as const
    const { customer, subscription } = await it.aDiscountedSubscriber(undefined)
    const first = await it.stripe.promotionCodes.create({ promotion, restrictions: { first_time_transaction: true } })
    const other = await it.stripe.promotionCodes.create({ promotion, customer: (await it.aCustomer()).id })
    const own = await it.stripe.promotionCodes.create({ promotion, customer })
    const use = (promotion_code: string) =>
      it.stripe.subscriptions.update(subscription.id, { discounts: [{ promotion_code }] })
    expect(await errorOf(use(first.id))).toMatchObject({ statusCode: 400 })
    expect(await errorOf(use(other.id))).toMatchObject({ statusCode: 400 })
    expect((await use(own.id)).discounts).toHaveLength(1)
  })
})
