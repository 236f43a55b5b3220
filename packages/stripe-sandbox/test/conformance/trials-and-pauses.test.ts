import type Stripe from 'stripe'
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
    const events = await it.eventsOf(() =>
      it.stripe.subscriptions.resume(subscription.id, { payment_behavior: 'resume_on_payment_success' }),
    )
    expect(events.slice(-2)).toEqual(['customer.subscription.resumed', 'customer.subscription.updated'])
    expect(itemOf(await it.subscription(subscription.id))).toMatchObject({
      current_period_start: at('2026-05-20T00:00:00Z'),
      current_period_end: at('2026-06-20T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 1000, status: 'paid' })
  })
  test('a pause is previewed if it bills something, and a resumption if the subscription is paused', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const preview = async (subscription_details: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails) =>
      it.stripe.invoices.createPreview({ subscription: subscription.id, subscription_details })
    expect(await preview({ pause: { invoicing_behavior: 'invoice' } })).toMatchObject({ total: -500, status: 'draft' })
    const all = { unused_time_from: { type: 'item_current_period_start' } } as const
    expect(await preview({ pause: { invoicing_behavior: 'invoice', bill_for: all } })).toMatchObject({ total: -1000 })
    // Without an invoice, there is nothing to preview; an empty hash is the next invoice.
    const unbilled = preview({ pause: { invoicing_behavior: 'pending_invoice_item' } })
    expect(await errorOf(unbilled)).toMatchObject({ code: 'invoice_upcoming_none' })
    expect(await preview({ pause: {} })).toMatchObject({ total: 1000, created: at('2026-05-01T00:00:00Z') })
    expect(await errorOf(preview({ resume_at: 'now' }))).toMatchObject({ statusCode: 400 })

    await it.stripe.subscriptions.pause(subscription.id, { bill_for: all, invoicing_behavior: 'invoice' })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: -1000 })
    expect(await preview({ resume_at: 'now' })).toMatchObject({ total: 1000, amount_due: 0 })
    expect(await it.subscription(subscription.id)).toMatchObject({ status: 'paused' })
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

describe('pause schedules (https://docs.stripe.com/billing/subscriptions/pause/schedules)', () => {
  const IN_MAY = {
    pause: { pause_at: { type: 'timestamp', timestamp: at('2026-05-01T00:00:00Z') } },
    resume: { resume_at: { type: 'duration', duration: { interval: 'month', interval_count: 2 } } },
  } as const

  async function aSchedule(pause_schedules: Stripe.SubscriptionScheduleCreateParams['pause_schedules'], card?: string) {
    const from = { from: '2026-04-01T00:00:00Z', price, ...(card && { card }) }
    const { clock, customer, subscription } = await it.aSubscriber(from)
    const schedule = await it.stripe.subscriptionSchedules.create({
      ...{ from_subscription: subscription.id, pause_schedules },
    })
    return { clock, customer, subscription: subscription.id, schedule }
  }

  test('pause and resume a subscription at their times', async () => {
    const { clock, customer, subscription, schedule } = await aSchedule([IN_MAY])
    expect(schedule.pause_schedules).toEqual([
      {
        key: expect.any(String),
        pause: {
          pause_at: at('2026-05-01T00:00:00Z'),
          settings: {
            bill_for: {
              outstanding_usage_through: { type: 'pause_at' },
              unused_time_from: { type: 'pause_at' },
            },
            invoicing_behavior: 'pending_invoice_item',
            type: 'subscription',
          },
          status: { type: 'scheduled' },
        },
        resume: {
          resume_at: at('2026-07-01T00:00:00Z'),
          settings: {
            billing_cycle_anchor: 'resume_at',
            payment_behavior: 'resume_on_payment_success',
            proration_behavior: 'create_prorations',
          },
          status: { type: 'scheduled' },
        },
      },
    ])
    const phases = [
      { start_date: at('2026-04-01T00:00:00Z'), end_date: at('2026-12-01T00:00:00Z'), items: [{ price, quantity: 1 }] },
    ]
    await it.stripe.subscriptionSchedules.update(schedule.id, { phases })
    await it.advance(clock, '2026-05-02T00:00:00Z')
    expect(await it.subscription(subscription)).toMatchObject({ status: 'paused', schedule: schedule.id })
    expect(await it.totalsOf(customer)).toEqual([1000])
    await it.advance(clock, '2026-07-01T00:00:00Z')
    expect(await it.subscription(subscription)).toMatchObject({
      status: 'active',
      billing_cycle_anchor: at('2026-07-01T00:00:00Z'),
    })
    expect(await it.totalsOf(customer)).toEqual([1000, 1000])
    const [plan] = (await it.stripe.subscriptionSchedules.retrieve(schedule.id)).pause_schedules
    expect([plan?.pause.status.type, plan?.resume?.status.type]).toEqual(['succeeded', 'succeeded'])
  })
  test('pause at once, are changed by their key, and wait for a payment', async () => {
    const { clock, customer, subscription, schedule } = await aSchedule([
      { key: 'vacation', pause: { pause_at: { type: 'now' }, settings: { invoicing_behavior: 'invoice' } } },
    ])
    expect(await it.subscription(subscription)).toMatchObject({ status: 'paused' })
    expect(schedule.pause_schedules).toMatchObject([{ pause: { status: { type: 'succeeded' } }, resume: null }])
    const { update } = it.stripe.subscriptionSchedules
    const change = async (pause_schedules: Stripe.SubscriptionScheduleUpdateParams['pause_schedules']) =>
      update.call(it.stripe.subscriptionSchedules, schedule.id, { pause_schedules })
    const resume = { resume_at: { type: 'timestamp', timestamp: at('2026-04-20T00:00:00Z') } } as const
    expect(await errorOf(change([{ key: 'other', resume }]))).toMatchObject({ param: 'pause_schedules[0][key]' })
    expect((await change([{ key: 'vacation', resume }])).pause_schedules).toMatchObject([
      {
        key: 'vacation',
        pause: { settings: { invoicing_behavior: 'invoice' } },
        resume: { status: { type: 'scheduled' } },
      },
    ])
    await it.failCharges(customer, true)
    await it.stripe.customers.update(customer, { balance: 0 })
    await it.advance(clock, '2026-04-20T00:00:00Z')
    expect(await it.subscription(subscription)).toMatchObject({ status: 'paused' })
    const status = async () =>
      (await it.stripe.subscriptionSchedules.retrieve(schedule.id)).pause_schedules[0]?.resume?.status.type
    expect(await status()).toBe('pending')
    await it.failCharges(customer, false)
    await it.stripe.invoices.pay((await it.latestInvoice(customer)).id)
    expect([await status(), (await it.subscription(subscription)).status]).toEqual(['succeeded', 'active'])
    expect((await change('')).pause_schedules).toEqual([])
  })
  test('are part of a preview', async () => {
    const { clock, schedule } = await aSchedule([])
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const pause = { pause_at: { type: 'now' }, settings: { invoicing_behavior: 'invoice' } } as const
    const details = { schedule: schedule.id, schedule_details: { pause_schedules: [{ pause }] } }
    expect(await it.stripe.invoices.createPreview(details)).toMatchObject({ total: -500 })
    const param = 'pause_schedules[0][resume][resume_at]'
    const early = { resume_at: { type: 'timestamp', timestamp: at('2026-04-20T00:00:00Z') } } as const
    expect(await errorOf(aSchedule([{ ...IN_MAY, resume: early }]))).toMatchObject({ param })
    const classic = it.stripe.subscriptionSchedules.create({
      ...{ customer: (await it.aCustomer()).id, billing_mode: { type: 'classic' }, pause_schedules: [IN_MAY] },
      ...{ start_date: at('2030-01-01T00:00:00Z'), phases: [{ items: [{ price, quantity: 1 }] }] },
    })
    expect(await errorOf(classic)).toMatchObject({ param: 'pause_schedules' })
  })
})
