import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

/** A subscription to a plan of 3 × $10 and an add-on of $5 a month. Half of its first period is 15 days. */
async function aPlanWithAddOn() {
  const [plan, addOn] = [
    await it.aPrice({ amount: 1000, name: 'Plan' }),
    await it.aPrice({ amount: 500, name: 'Extra' }),
  ]
  const subscriber = await it.aSubscriber({
    from: '2026-04-01T00:00:00Z',
    price: plan.id,
    params: { items: [{ price: plan.id, quantity: 3 }, { price: addOn.id }] },
  })
  return { ...subscriber, plan: plan.id, addOn: addOn.id, extra: subscriber.subscription.items.data[1]?.id ?? '' }
}

async function amountsOf(customer: string): Promise<number[]> {
  return (await it.latestInvoice(customer)).lines.data.map((line) => line.amount)
}

describe('several items (https://docs.stripe.com/billing/subscriptions/multiple-products)', () => {
  test('each item is billed with its quantity, now and at each renewal', async () => {
    const { clock, customer } = await aPlanWithAddOn()
    expect(await amountsOf(customer)).toEqual([3000, 500])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await amountsOf(customer)).toEqual([3000, 500])
  })
  test('an update of one item by its id leaves the others alone', async () => {
    const { clock, customer, subscription, item, addOn, extra } = await aPlanWithAddOn()
    const dearer = await it.aPrice({ amount: 2000, name: 'Dearer' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const { items } = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id, quantity: 3 }],
      proration_behavior: 'always_invoice',
    })
    expect(items.data.map((each) => [each.id, each.price.id, each.quantity])).toEqual([
      [item, dearer.id, 3],
      [extra, addOn, 1],
    ])
    expect(await amountsOf(customer)).toEqual([-1500, 3000])
  })
  test('one update can delete, change and add items, and clear_usage does nothing to a licensed price', async () => {
    const { customer, clock, subscription, item, extra } = await aPlanWithAddOn()
    const another = await it.aPrice({ amount: 700, name: 'Another' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const { items } = await it.stripe.subscriptions.update(subscription.id, {
      items: [
        { id: extra, deleted: true, clear_usage: true },
        { id: item, quantity: 1 },
        { price: another.id, quantity: 2 },
      ],
      proration_behavior: 'always_invoice',
    })
    expect(items.data.map((each) => each.quantity)).toEqual([1, 2])
    expect((await amountsOf(customer)).toSorted((one, other) => one - other)).toEqual([-1500, -250, 500, 700])
  })
  test('a price can be on a subscription only once', async () => {
    const { subscription, item, addOn } = await aPlanWithAddOn()
    const message = `Cannot add multiple subscription items with the same plan: ${addOn}`
    expect(await errorOf(it.stripe.subscriptions.update(subscription.id, { items: [{ price: addOn }] }))).toMatchObject(
      { statusCode: 400, message },
    )
    expect(
      await errorOf(it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: addOn }] })),
    ).toMatchObject({ statusCode: 400, message })
    const { id: customer } = await it.aCustomer()
    expect(
      await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price: addOn }, { price: addOn }] })),
    ).toMatchObject({ statusCode: 400, message })
  })
  test('price_data describes a price inline, which is inactive', async () => {
    const { plan, subscription, item } = await aPlanWithAddOn()
    const product = idOf((await it.stripe.prices.retrieve(plan)).product)
    const { items } = await it.stripe.subscriptions.update(subscription.id, {
      items: [
        {
          id: item,
          quantity: 3,
          price_data: { currency: 'usd', product, unit_amount: 1234, recurring: { interval: 'month' } },
        },
      ],
    })
    expect(items.data[0]).toMatchObject({ id: item, quantity: 3, price: { unit_amount: 1234, active: false } })
  })
})

describe('subscription items (https://docs.stripe.com/api/subscription_items)', () => {
  test('an item can be created, updated and deleted by itself', async () => {
    const { clock, customer, subscription } = await aPlanWithAddOn()
    const another = await it.aPrice({ amount: 700, name: 'Another' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const made = await it.stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: another.id,
      quantity: 2,
      proration_behavior: 'always_invoice',
    })
    expect(made).toMatchObject({ object: 'subscription_item', quantity: 2, price: { id: another.id } })
    expect(await amountsOf(customer)).toEqual([700])
    expect(
      await it.stripe.subscriptionItems.update(made.id, { quantity: 4, proration_behavior: 'always_invoice' }),
    ).toMatchObject({ id: made.id, quantity: 4 })
    expect(await amountsOf(customer)).toEqual([-700, 1400])
    expect(await it.stripe.subscriptionItems.del(made.id, { proration_behavior: 'none' })).toMatchObject({
      id: made.id,
      deleted: true,
    })
    expect((await it.subscription(subscription.id)).items.data).toHaveLength(2)
  })
  test("the last item can't be deleted", async () => {
    const { item } = await it.aSubscriberInApril(1000)
    expect(await errorOf(it.stripe.subscriptionItems.del(item))).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('A subscription must have at least one active plan.'),
    })
  })
})

describe('intervals', () => {
  test.each([
    ['day', 10, '2026-04-11T00:00:00Z', '2026-04-21T00:00:00Z'],
    ['week', 1, '2026-04-08T00:00:00Z', '2026-04-15T00:00:00Z'],
    ['month', 3, '2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z'],
    ['year', 2, '2028-04-01T00:00:00Z', '2030-04-01T00:00:00Z'],
  ] as const)('a price per %s × %i renews at its own interval', async (interval, count, first, second) => {
    const price = await it.aPrice({ amount: 900, interval, count })
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price: price.id })
    expect(itemOf(subscription).current_period_end).toBe(at(first))
    await it.advance(clock, new Date((at(first) + 7200) * 1000).toISOString())
    expect(itemOf(await it.subscription(subscription.id)).current_period_end).toBe(at(second))
    expect(await it.latestInvoice(customer)).toMatchObject({ billing_reason: 'subscription_cycle', amount_paid: 900 })
  })
})

/** The example of Stripe's documentation: $15 a month and $100 a quarter, from 1 January 2024. */
async function aMixedSubscriber() {
  const monthly = await it.aPrice({ amount: 1500, name: 'Monthly' })
  const quarterly = await it.aPrice({ amount: 10_000, count: 3, name: 'Quarterly' })
  const subscriber = await it.aSubscriber({
    from: '2024-01-01T00:00:00Z',
    price: monthly.id,
    params: { items: [{ price: monthly.id }, { price: quarterly.id }] },
  })
  return { ...subscriber, monthly: monthly.id, quarterly: quarterly.id }
}
const endsOf = ({ items }: Stripe.Subscription) => items.data.map((item) => item.current_period_end)

describe('mixed intervals (https://docs.stripe.com/billing/subscriptions/mixed-interval)', () => {
  test('each item has its own period, and the first invoice bills them all', async () => {
    const { customer, subscription } = await aMixedSubscriber()
    expect(endsOf(subscription)).toEqual([at('2024-02-01T00:00:00Z'), at('2024-04-01T00:00:00Z')])
    expect(await amountsOf(customer)).toEqual([1500, 10_000])
  })
  test('a renewal bills only the items whose period ends', async () => {
    const { clock, customer, subscription } = await aMixedSubscriber()
    await it.advance(clock, '2024-02-01T02:00:00Z')
    expect(await amountsOf(customer)).toEqual([1500])
    expect(endsOf(await it.subscription(subscription.id))).toEqual([
      at('2024-03-01T00:00:00Z'),
      at('2024-04-01T00:00:00Z'),
    ])
    await it.advance(clock, '2024-03-01T02:00:00Z')
    expect(await amountsOf(customer)).toEqual([1500])
    await it.advance(clock, '2024-04-01T02:00:00Z')
    expect(await amountsOf(customer)).toEqual([1500, 10_000])
    expect(endsOf(await it.subscription(subscription.id))).toEqual([
      at('2024-05-01T00:00:00Z'),
      at('2024-07-01T00:00:00Z'),
    ])
  })
  test('cancel_at_period_end ends the subscription with its shortest item, max_period_end with its longest', async () => {
    const { clock, subscription } = await aMixedSubscriber()
    expect(await it.stripe.subscriptions.update(subscription.id, { cancel_at: 'max_period_end' })).toMatchObject({
      cancel_at: at('2024-04-01T00:00:00Z'),
      cancel_at_period_end: false,
    })
    await it.stripe.subscriptions.update(subscription.id, { cancel_at: '' })
    await it.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    await it.advance(clock, '2024-02-01T02:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2024-02-01T00:00:00Z'),
    })
  })
  test('a yearly add-on to a monthly plan is charged for the rest of its year, and restarts nothing', async () => {
    const { clock, customer, subscription } = await it.aSubscriberInApril(1000)
    const yearly = await it.aPrice({ amount: 36_500, interval: 'year', name: 'Yearly' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const changed = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ price: yearly.id }],
      proration_behavior: 'always_invoice',
    })
    expect(endsOf(changed)).toEqual([at('2026-05-01T00:00:00Z'), at('2027-04-01T00:00:00Z')])
    expect(await amountsOf(customer)).toEqual([36_500 - 1500])
  })
  test('canceling with proration credits every item for its own period', async () => {
    const { clock, customer, subscription } = await aMixedSubscriber()
    await it.advance(clock, '2024-01-16T12:00:00Z')
    await it.stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true })
    expect(await amountsOf(customer)).toEqual([-750, -Math.round((10_000 * 75.5) / 91)])
  })
  test.each([
    [
      ['week', 1],
      ['month', 1],
    ],
    [
      ['month', 2],
      ['month', 3],
    ],
    [
      ['day', 2],
      ['week', 1],
    ],
    [
      ['month', 5],
      ['year', 1],
    ],
  ] as const)('refuses %j with %j, which is no multiple', async ([one, oneCount], [other, otherCount]) => {
    const prices = [
      await it.aPrice({ interval: one, count: oneCount }),
      await it.aPrice({ interval: other, count: otherCount }),
    ]
    const { id: customer } = await it.aCustomer()
    expect(
      await errorOf(it.stripe.subscriptions.create({ customer, items: prices.map(({ id }) => ({ price: id })) })),
    ).toMatchObject({ statusCode: 400, message: expect.stringContaining('multiple of the shortest price interval') })
  })
  test.each([
    [
      ['day', 1],
      ['month', 3],
    ],
    [
      ['week', 2],
      ['week', 4],
    ],
    [
      ['month', 1],
      ['year', 1],
    ],
    [
      ['day', 1],
      ['week', 1],
    ],
  ] as const)('accepts %j with %j', async ([one, oneCount], [other, otherCount]) => {
    const prices = [
      await it.aPrice({ interval: one, count: oneCount }),
      await it.aPrice({ interval: other, count: otherCount }),
    ]
    const { id: customer } = await it.aCustomer()
    const made = await it.stripe.subscriptions.create({ customer, items: prices.map(({ id }) => ({ price: id })) })
    expect(made.items.data).toHaveLength(2)
  })
  test('classic billing mode and checkout refuse several intervals', async () => {
    const [monthly, yearly] = [await it.aPrice(), await it.aPrice({ interval: 'year' })]
    const items = [{ price: monthly.id }, { price: yearly.id }]
    const { id: customer } = await it.aCustomer()
    expect(
      await errorOf(it.stripe.subscriptions.create({ customer, items, billing_mode: { type: 'classic' } })),
    ).toMatchObject({
      message:
        'Currency and interval fields must match across all plans on this subscription. Found mismatch in interval field.',
    })
    expect(await errorOf(it.aCheckout({ line_items: items.map((item) => ({ ...item, quantity: 1 })) }))).toMatchObject({
      message: 'Checkout does not support multiple prices with different billing intervals.',
    })
  })
})
