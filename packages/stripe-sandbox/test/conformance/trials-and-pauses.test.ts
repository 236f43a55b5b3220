import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, DAY, errorOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

describe('trials (https://docs.stripe.com/billing/subscriptions/trials)', () => {
  test('a trial costs nothing until it ends, when the first paid period starts', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({
      from: '2026-03-01T00:00:00Z',
      price,
      params: { trial_period_days: 14 },
    })
    expect(subscription).toMatchObject({
      status: 'trialing',
      trial_end: at('2026-03-15T00:00:00Z'),
      billing_cycle_anchor: at('2026-03-15T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 0,
      status: 'paid',
      billing_reason: 'subscription_create',
    })
    await it.advance(clock, '2026-03-15T02:00:00Z')
    const after = await it.subscription(subscription.id)
    expect(after.status).toBe('active')
    expect(itemOf(after)).toMatchObject({
      current_period_start: at('2026-03-15T00:00:00Z'),
      current_period_end: at('2026-04-15T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 1000,
      status: 'paid',
      billing_reason: 'subscription_cycle',
    })
  })
  test('trial_will_end is emitted once, three days before the end', async () => {
    const { clock } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price, params: { trial_period_days: 14 } })
    expect(await it.eventsOf(() => it.advance(clock, '2026-03-11T23:59:59Z'))).toEqual([])
    expect(await it.eventsOf(() => it.advance(clock, '2026-03-12T00:00:01Z'))).toEqual([
      'customer.subscription.trial_will_end',
    ])
    expect(await it.eventsOf(() => it.advance(clock, '2026-03-14T23:59:59Z'))).toEqual([])
  })
  test('trial_will_end is emitted immediately for a trial shorter than three days', async () => {
    const { id: customer } = await it.aCustomer()
    expect(
      await it.eventsOf(() => it.stripe.subscriptions.create({ customer, items: [{ price }], trial_period_days: 2 })),
    ).toContain('customer.subscription.trial_will_end')
  })
  test.each([
    ['cancel', 'canceled', 'customer.subscription.deleted'],
    ['pause', 'paused', 'customer.subscription.paused'],
    ['create_invoice', 'past_due', 'invoice.payment_failed'],
  ] as const)(
    'at the end of a trial without a card, missing_payment_method %s makes the subscription %s',
    async (missing_payment_method, status, event) => {
      const { clock, subscription } = await it.aSubscriber({
        from: '2026-03-01T00:00:00Z',
        card: null,
        price,
        params: { trial_period_days: 14, trial_settings: { end_behavior: { missing_payment_method } } },
      })
      expect(await it.eventsOf(() => it.advance(clock, '2026-03-15T02:00:00Z'))).toContain(event)
      expect((await it.subscription(subscription.id)).status).toBe(status)
    },
  )
  test("trial_end: 'now' ends the trial and charges immediately", async () => {
    const { customer, subscription } = await it.aSubscriber({
      from: '2026-03-01T00:00:00Z',
      price,
      params: { trial_period_days: 14 },
    })
    const active = await it.stripe.subscriptions.update(subscription.id, { trial_end: 'now' })
    expect(active).toMatchObject({ status: 'active', trial_end: at('2026-03-01T00:00:00Z') })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 1000,
      status: 'paid',
      billing_reason: 'subscription_update',
    })
  })
  test('a plan change during a trial costs nothing, and the trial continues', async () => {
    const dearer = await it.aPrice({ amount: 5000 })
    const { customer, subscription, item } = await it.aSubscriber({
      from: '2026-03-01T00:00:00Z',
      price,
      params: { trial_period_days: 14 },
    })
    const changed = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    expect(changed).toMatchObject({ status: 'trialing', trial_end: at('2026-03-15T00:00:00Z') })
    expect((await it.stripe.invoices.list({ customer })).data).toHaveLength(1)
  })
  test('refuses trial_end and trial_period_days together', async () => {
    const { id: customer } = await it.aCustomer()
    const params = {
      customer,
      items: [{ price }],
      trial_period_days: 3,
      trial_end: Math.floor(Date.now() / 1000) + 5 * DAY,
    }
    expect(await errorOf(it.stripe.subscriptions.create(params))).toMatchObject({ code: 'parameters_exclusive' })
  })
})

describe('pausing and resuming (https://docs.stripe.com/changelog/endive/2026-09-30/pause-subscription)', () => {
  test("a paused subscription doesn't renew, and resuming it starts a new period and charges it", async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    expect(
      await it.eventsOf(() =>
        it.stripe.subscriptions.pause(subscription.id, { bill_for: { unused_time_from: { type: 'none' } } }),
      ),
    ).toEqual(['customer.subscription.updated', 'customer.subscription.paused'])
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'paused',
      status_details: { paused: { subscription: { type: 'pause_requested' } } },
    })
    expect(await it.eventsOf(() => it.advance(clock, '2026-05-20T00:00:00Z'))).toEqual([])
    const events = await it.eventsOf(() => it.stripe.subscriptions.resume(subscription.id))
    expect(events.slice(-2)).toEqual(['customer.subscription.resumed', 'customer.subscription.updated'])
    expect(itemOf(await it.subscription(subscription.id))).toMatchObject({
      current_period_start: at('2026-05-20T00:00:00Z'),
      current_period_end: at('2026-06-20T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 1000, status: 'paid' })
  })
  test("refuses to resume a subscription that isn't paused", async () => {
    const { subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    expect(await errorOf(it.stripe.subscriptions.resume(subscription.id))).toMatchObject({ statusCode: 400 })
  })
  test('pause_collection keeps the status and voids renewals until it ends', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: 'void', resumes_at: at('2026-05-10T00:00:00Z') },
    })
    await it.advance(clock, '2026-05-02T00:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'active',
      pause_collection: { behavior: 'void' },
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ status: 'void' })
    await it.advance(clock, '2026-06-02T00:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({ pause_collection: null })
    expect(await it.latestInvoice(customer)).toMatchObject({ status: 'paid' })
  })
})
