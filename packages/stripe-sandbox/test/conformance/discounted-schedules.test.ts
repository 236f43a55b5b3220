import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf, expanded, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

/** A subscriber with a schedule and a discount of 25 % on $10 a month. */
async function aScheduledSubscriber() {
  const coupon = await it.stripe.coupons.create({ percent_off: 25, duration: 'repeating', duration_in_months: 3 })
  const subscriber = await it.aDiscountedSubscriber([{ coupon: coupon.id }])
  const schedule = await it.stripe.subscriptionSchedules.create({ from_subscription: subscriber.subscription.id })
  const [phase] = schedule.phases
  if (!phase) throw new Error('The schedule has no phase.')
  return { ...subscriber, coupon: coupon.id, schedule: schedule.id, phase }
}

function again({ start_date, end_date, items }: Stripe.SubscriptionSchedule.Phase) {
  return { start_date, end_date, items: items.map(({ price, quantity }) => ({ price: idOf(price), quantity })) }
}

test('a schedule of a subscription names its discounts', async () => {
  const { phase, subscription } = await aScheduledSubscriber()
  expect(phase.discounts).toEqual([{ coupon: null, discount: subscription.discounts[0], promotion_code: null }])
})
test('a phase that does not name the discounts removes them', async () => {
  const { clock, customer, phase, schedule, subscription } = await aScheduledSubscriber()
  const present = again(phase)
  await it.stripe.subscriptionSchedules.update(schedule, {
    phases: [
      { ...present, discounts: phase.discounts.map(({ discount }) => ({ discount: idOf(discount) })) },
      { items: present.items, duration: { interval: 'month' } },
    ],
  })
  expect((await it.subscription(subscription.id)).discounts).toHaveLength(1)
  await it.advance(clock, '2026-05-01T02:00:00Z')
  expect((await it.subscription(subscription.id)).discounts).toEqual([])
  expect(await it.totalsOf(customer)).toEqual([750, 1000])
})
test('a phase keeps a discount that it names by its id or by its coupon, with its end', async () => {
  const { clock, coupon, customer, phase, schedule, subscription } = await aScheduledSubscriber()
  const [discount = ''] = subscription.discounts.map(idOf)
  const present = again(phase)
  await it.stripe.subscriptionSchedules.update(schedule, {
    phases: [
      { ...present, discounts: [{ discount }] },
      { items: present.items, duration: { interval: 'month' }, discounts: [{ coupon }] },
      { items: present.items, duration: { interval: 'month', interval_count: 3 }, discounts: [{ discount }] },
    ],
  })
  await it.advance(clock, '2026-05-01T02:00:00Z')
  await it.advance(clock, '2026-06-01T02:00:00Z')
  expect((await it.subscription(subscription.id)).discounts).toEqual([discount])
  await it.advance(clock, '2026-07-01T02:00:00Z')
  expect(await it.totalsOf(customer)).toEqual([750, 750, 750, 1000])
  expect((await it.stripe.coupons.retrieve(coupon)).times_redeemed).toBe(1)
})
test('a phase redeems its coupon when it begins, for the subscription and for items, and sets tax rates', async () => {
  const { clock, customer, phase, schedule, subscription } = await aScheduledSubscriber()
  const [shared, own] = [
    await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' }),
    await it.stripe.coupons.create({ amount_off: 200, currency: 'usd', duration: 'forever' }),
  ]
  const rate = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 10 })
  const present = again(phase)
  const updated = await it.stripe.subscriptionSchedules.update(schedule, {
    phases: [
      present,
      {
        items: present.items.map((item) => ({ ...item, discounts: [{ coupon: own.id }] })),
        duration: { interval: 'month' },
        discounts: [{ coupon: shared.id }],
        default_tax_rates: [rate.id],
      },
    ],
  })
  expect(updated.phases[1]).toMatchObject({
    discounts: [{ coupon: shared.id, discount: null, promotion_code: null }],
    default_tax_rates: [{ id: rate.id }],
    items: [{ discounts: [{ coupon: own.id }] }],
  })
  expect((await it.stripe.coupons.retrieve(shared.id)).times_redeemed).toBe(0)
  await it.advance(clock, '2026-05-01T02:00:00Z')
  expect(await it.totalsOf(customer)).toEqual([750, 440])
  expect((await it.stripe.coupons.retrieve(shared.id)).times_redeemed).toBe(1)
  const now = await it.stripe.subscriptions.retrieve(subscription.id, {
    expand: ['discounts', 'items.data.discounts'],
  })
  expect(expanded(now.discounts[0])).toMatchObject({ source: { coupon: shared.id } })
  expect(expanded(itemOf(now).discounts[0])).toMatchObject({ source: { coupon: own.id } })
})
test('a new schedule starts its subscription with the discounts of its first phase', async () => {
  const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
  const { id: customer } = await it.aCustomer()
  const price = await it.aPrice({ amount: 1000 })
  await it.stripe.subscriptionSchedules.create({
    customer,
    start_date: 'now',
    phases: [{ items: [{ price: price.id }], duration: { interval: 'month' }, discounts: [{ coupon: coupon.id }] }],
  })
  expect(await it.totalsOf(customer)).toEqual([500])
})
test('an update of the subscription puts its new discounts into the current phase', async () => {
  const { schedule, subscription } = await aScheduledSubscriber()
  const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
  const { discounts } = await it.stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: coupon.id }] })
  const { phases } = await it.stripe.subscriptionSchedules.retrieve(schedule)
  expect(phases.at(-1)?.discounts).toMatchObject([{ discount: discounts[0] }])
})
test('a schedule refuses an unknown coupon', async () => {
  const { phase, schedule } = await aScheduledSubscriber()
  const phases = [{ ...again(phase), discounts: [{ coupon: 'nope' }] }]
  expect(await errorOf(it.stripe.subscriptionSchedules.update(schedule, { phases }))).toMatchObject({
    statusCode: 400,
    param: 'phases[0][discounts][0][coupon]',
  })
})
