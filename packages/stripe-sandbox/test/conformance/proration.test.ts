import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, itemOf, TestSandbox, PAYMENT_EVENTS } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe("examples from Stripe's documentation", () => {
  test('a change from $100 to $200 in mid-month makes the renewal $250 (https://docs.stripe.com/api/subscriptions/update)', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(10_000)
    const dearer = await it.aPrice({ amount: 20_000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: dearer.id }] })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ total: 25_000, amount_paid: 25_000, billing_reason: 'subscription_cycle' })
    expect(invoice.lines.data.map((line) => line.amount)).toEqual([-5000, 10_000, 20_000])
  })
  test('the same change without prorations bills $100, then $200 (same page)', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(10_000)
    const dearer = await it.aPrice({ amount: 20_000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'none',
    })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect((await it.stripe.invoices.list({ customer })).data.map((invoice) => invoice.total)).toEqual([20_000, 10_000])
  })
  test('a change from $10 to $20 in mid-month credits $5 and charges $10 (https://docs.stripe.com/billing/subscriptions/prorations)', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1000)
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
  test('a change from free to paid charges immediately and restarts the period (same page)', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(0)
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
  test('a change from monthly to yearly credits the unused time, charges the year immediately and restarts the period (same page)', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1000)
    const yearly = await it.aPrice({ amount: 10_000, interval: 'year' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const changed = await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: yearly.id }] })
    expect(itemOf(changed)).toMatchObject({
      current_period_start: at('2026-04-16T00:00:00Z'),
      current_period_end: at('2027-04-16T00:00:00Z'),
    })
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-500, 10_000])
  })
  test('a change of interval without prorations gives no credit and still charges immediately (https://docs.stripe.com/api/subscriptions/update)', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1000)
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
  test('are computed to the second', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1000)
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
  test('an immediately invoiced downgrade credits the balance and refunds nothing', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(3000)
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
  test('are rounded to whole units in a zero-decimal currency', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1001, 'jpy')
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
  test.each([
    ['ugx', 1100, [-600, 1000]],
    ['kwd', 1110, [-560, 1000]],
  ])('are rounded to amounts that %s has', async (currency, amount, lines) => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(amount, currency)
    const dearer = await it.aPrice({ amount: 2000, currency })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual(lines)
  })
  test('a second change in one period credits what the first change billed', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1000)
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
    // The first change billed 1333 for the remaining 20 days. The second credit is half of that, not a share of 2000.
    expect(lines).toEqual([-667, 1333, -667, 1333, 1000])
  })
  test('a higher quantity is charged for the rest of the period', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1000)
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 3 }],
      proration_behavior: 'always_invoice',
    })
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-500, 1500])
  })
  test('a new price without a quantity sets the quantity to 1', async () => {
    const price = await it.aPrice({ amount: 1000 })
    const dearer = await it.aPrice({ amount: 2000 })
    const { clock, customer, subscription, item } = await it.aSubscriber({
      from: '2026-04-01T00:00:00Z',
      price: price.id,
      params: { items: [{ price: price.id, quantity: 3 }] },
    })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const changed = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    expect(itemOf(changed)).toMatchObject({ id: item, price: { id: dearer.id }, quantity: 1 })
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-1500, 1000])
  })
  test('the quantity stays if the price stays, and a new price can keep it by sending it', async () => {
    const price = await it.aPrice({ amount: 1000 })
    const other = await it.aPrice({ amount: 2000 })
    const { subscription, item } = await it.aSubscriber({
      from: '2026-04-01T00:00:00Z',
      price: price.id,
      params: { items: [{ price: price.id, quantity: 3 }] },
    })
    const same = await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: price.id }] })
    expect(itemOf(same).quantity).toBe(3)
    const kept = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: other.id, quantity: 3 }],
    })
    expect(itemOf(kept)).toMatchObject({ price: { id: other.id }, quantity: 3 })
  })
  test('an item without an id is added, and a deleted item is credited', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1000)
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
  test('deleting the only item of a subscription is refused', async () => {
    const { subscription, item } = await it.aSubscriberInApril(1000)
    expect(
      await errorOf(it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, deleted: true }] })),
    ).toMatchObject({ statusCode: 400 })
  })
  test('an immediately invoiced upgrade emits its events in order (sequence 9)', async () => {
    const { clock, subscription, item } = await it.aSubscriberInApril(1000)
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
      ...PAYMENT_EVENTS,
    ])
    expect(
      Object.keys((await it.lastEvent('customer.subscription.updated')).data.previous_attributes ?? {}).toSorted(),
    ).toEqual(['items', 'latest_invoice'])
  })
  test('create_prorations keeps both lines for the next invoice', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriberInApril(1000)
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
    const { subscription, item } = await it.aSubscriberInApril(1000)
    const dearer = await it.aPrice({ amount: 2000 })
    const params = { items: [{ id: item, price: dearer.id }], proration_date: at('2026-03-01T00:00:00Z') }
    expect(await errorOf(it.stripe.subscriptions.update(subscription.id, params))).toMatchObject({
      statusCode: 400,
      param: 'proration_date',
    })
  })
  test("billing_cycle_anchor {type: 'now'} restarts the period", async () => {
    const { clock, customer, subscription } = await it.aSubscriberInApril(1000)
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const changed = await it.stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' } })
    expect(itemOf(changed)).toMatchObject({
      current_period_start: at('2026-04-16T00:00:00Z'),
      current_period_end: at('2026-05-16T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 500 })
  })
})
