import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

/** A subscriber from 1 April, 30 days before the renewal: half a month is 15 days. */
async function inApril(
  amount: number,
  options: {
    currency?: string
    interval?: 'month' | 'year'
    card?: string
    params?: Partial<Stripe.SubscriptionCreateParams>
  } = {},
) {
  const { currency, interval, card, params } = options
  const price = await it.aPrice({ amount, currency, interval, name: 'Basic' })
  return it.aSubscriber({ from: '2026-04-01T00:00:00Z', price: price.id, card, params })
}

describe('worked examples of Stripe’s documentation', () => {
  test('100 a month, after half of it 200 a month: the renewal is 250 (Update a subscription, https://docs.stripe.com/api/subscriptions/update)', async () => {
    const { clock, customer, subscription, item } = await inApril(10_000)
    const dearer = await it.aPrice({ amount: 20_000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: dearer.id }] })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ total: 25_000, amount_paid: 25_000, billing_reason: 'subscription_cycle' })
    expect(invoice.lines.data.map((line) => line.amount)).toEqual([-5000, 10_000, 20_000])
  })
  test('the same without prorations: 100, then 200 (same page)', async () => {
    const { clock, customer, subscription, item } = await inApril(10_000)
    const dearer = await it.aPrice({ amount: 20_000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'none',
    })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect((await it.stripe.invoices.list({ customer })).data.map((invoice) => invoice.total)).toEqual([20_000, 10_000])
  })
  test('$10 a month, after half of it $20 a month: $5 credit and $10 charge (https://docs.stripe.com/billing/subscriptions/prorations)', async () => {
    const { clock, customer, subscription, item } = await inApril(1000)
    const dearer = await it.aPrice({ amount: 2000, name: 'Plus' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({
      total: 500,
      amount_paid: 500,
      status: 'paid',
      billing_reason: 'subscription_update',
    })
    expect(invoice.lines.data.map((line) => [line.description, line.amount])).toEqual([
      ['Unused time on Basic after 16 Apr 2026', -500],
      ['Remaining time on Plus after 16 Apr 2026', 1000],
    ])
    expect(invoice.lines.data.every((line) => line.parent?.subscription_item_details?.proration)).toBe(true)
  })
  test('from free to paid: charged at once, and the period restarts (same page)', async () => {
    const { clock, customer, subscription, item } = await inApril(0)
    const paid = await it.aPrice({ amount: 2000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const changed = await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: paid.id }] })
    expect(itemOf(changed)).toMatchObject({
      current_period_start: at('2026-04-16T00:00:00Z'),
      current_period_end: at('2026-05-16T00:00:00Z'),
    })
    expect(changed.billing_cycle_anchor).toBe(at('2026-04-16T00:00:00Z'))
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 2000, amount_paid: 2000 })
  })
  test('from monthly to yearly: credit for the rest, the year charged at once, the period restarts (same page)', async () => {
    const { clock, customer, subscription, item } = await inApril(1000)
    const yearly = await it.aPrice({ amount: 10_000, interval: 'year' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const changed = await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: yearly.id }] })
    expect(itemOf(changed)).toMatchObject({
      current_period_start: at('2026-04-16T00:00:00Z'),
      current_period_end: at('2027-04-16T00:00:00Z'),
    })
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-500, 10_000])
  })
  test('another interval without prorations: no credit, all the same charged at once (Update a subscription)', async () => {
    const { clock, customer, subscription, item } = await inApril(1000)
    const yearly = await it.aPrice({ amount: 10_000, interval: 'year' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: yearly.id }],
      proration_behavior: 'none',
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 10_000, amount_paid: 10_000 })
  })
})

describe('prorations', () => {
  test('are reckoned to the second', async () => {
    const { clock, customer, subscription, item } = await inApril(1000)
    const dearer = await it.aPrice({ amount: 3000 })
    await it.advance(clock, '2026-04-10T07:11:13Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    const left = at('2026-05-01T00:00:00Z') - at('2026-04-10T07:11:13Z')
    const whole = 30 * 24 * 60 * 60
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([
      -Math.round((1000 * left) / whole),
      Math.round((3000 * left) / whole),
    ])
  })
  test('a downgrade that is invoiced at once is credit on the balance, not a refund', async () => {
    const { clock, customer, subscription, item } = await inApril(3000)
    const cheaper = await it.aPrice({ amount: 1000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const events = await it.eventsOf(() =>
      it.stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: cheaper.id }],
        proration_behavior: 'always_invoice',
      }),
    )
    expect(events).not.toContain('refund.created')
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: -1000 })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 1000,
      starting_balance: -1000,
      amount_due: 0,
      status: 'paid',
    })
  })
  test('a zero-decimal currency has no smaller unit to round to', async () => {
    const { clock, customer, subscription, item } = await inApril(1001, { currency: 'jpy' })
    const dearer = await it.aPrice({ amount: 2000, currency: 'jpy' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await it.latestInvoice(customer)
    expect(invoice.lines.data.map((line) => line.amount)).toEqual([-501, 1000])
    expect(invoice.lines.data[0]?.currency).toBe('jpy')
  })
  test('two changes in one period credit what was really billed for it', async () => {
    const { clock, customer, subscription, item } = await inApril(1000)
    const [plus, max] = [await it.aPrice({ amount: 2000 }), await it.aPrice({ amount: 4000 })]
    await it.advance(clock, '2026-04-11T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: plus.id }],
      proration_behavior: 'always_invoice',
    })
    await it.advance(clock, '2026-04-21T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: max.id }],
      proration_behavior: 'always_invoice',
    })
    const lines = (await it.stripe.invoices.list({ customer })).data.flatMap((invoice) =>
      invoice.lines.data.map((line) => line.amount),
    )
    // The second credit is half of the 1333 that the rest was billed for at the first change, not of a share of 2000.
    expect(lines).toEqual([-667, 1333, -667, 1333, 1000])
  })
  test('more of the same is charged for the rest of the period', async () => {
    const { clock, customer, subscription, item } = await inApril(1000)
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 3 }],
      proration_behavior: 'always_invoice',
    })
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-500, 1500])
  })
  test('an item without an id is added, and one that is deleted is credited', async () => {
    const { clock, customer, subscription, item } = await inApril(1000)
    const extra = await it.aPrice({ amount: 600, name: 'Extra' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const both = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ price: extra.id }],
      proration_behavior: 'always_invoice',
    })
    expect(both.items.data).toHaveLength(2)
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 300 })
    const one = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, deleted: true }],
      proration_behavior: 'always_invoice',
    })
    expect(one.items.data.map((each) => each.price.id)).toEqual([extra.id])
    expect(await it.latestInvoice(customer)).toMatchObject({ total: -500 })
  })
  test('a subscription keeps at least one item', async () => {
    const { subscription, item } = await inApril(1000)
    expect(
      await errorOf(it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, deleted: true }] })),
    ).toMatchObject({ statusCode: 400 })
  })
  test('an upgrade that is invoiced at once tells so in order (sequence 9)', async () => {
    const { clock, subscription, item } = await inApril(1000)
    const dearer = await it.aPrice({ amount: 2000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const events = await it.eventsOf(() =>
      it.stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: dearer.id }],
        proration_behavior: 'always_invoice',
      }),
    )
    expect(events).toEqual([
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.updated',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
    ])
    expect(
      Object.keys((await it.lastEvent('customer.subscription.updated')).data.previous_attributes ?? {}).toSorted(),
    ).toEqual(['items', 'latest_invoice'])
  })
  test('create_prorations puts both lines aside for the next invoice', async () => {
    const { clock, customer, subscription, item } = await inApril(1000)
    const dearer = await it.aPrice({ amount: 2000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const events = await it.eventsOf(() =>
      it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: dearer.id }] }),
    )
    expect(events).toEqual(['invoiceitem.created', 'invoiceitem.created', 'customer.subscription.updated'])
    expect((await it.stripe.invoiceItems.list({ customer, pending: true })).data.map((row) => row.amount)).toEqual([
      1000, -500,
    ])
  })
  test('a proration date outside of the period is refused', async () => {
    const { subscription, item } = await inApril(1000)
    const dearer = await it.aPrice({ amount: 2000 })
    const params = { items: [{ id: item, price: dearer.id }], proration_date: at('2026-03-01T00:00:00Z') }
    expect(await errorOf(it.stripe.subscriptions.update(subscription.id, params))).toMatchObject({
      statusCode: 400,
      param: 'proration_date',
    })
  })
  test("billing_cycle_anchor {type: 'now'} restarts the period", async () => {
    const { clock, customer, subscription } = await inApril(1000)
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const changed = await it.stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' } })
    expect(itemOf(changed)).toMatchObject({
      current_period_start: at('2026-04-16T00:00:00Z'),
      current_period_end: at('2026-05-16T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 500 })
  })
})
