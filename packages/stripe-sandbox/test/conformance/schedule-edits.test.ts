import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

type Phase = Stripe.SubscriptionScheduleUpdateParams.Phase

/** A subscription since 1 March that has a schedule, and the phase that repeats its only item. */
async function aScheduled(params: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const price = await it.aPrice({ amount: 1000 })
  const subscriber = await it.aSubscriber({
    from: '2026-03-01T00:00:00Z',
    price: price.id,
    params: { items: [{ price: price.id, quantity: 2 }], ...params },
  })
  const schedule = await it.stripe.subscriptionSchedules.create({ from_subscription: subscriber.subscription.id })
  const phase: Phase = {
    items: [{ price: price.id, quantity: 2 }],
    start_date: at('2026-03-01T00:00:00Z'),
    end_date: at('2026-04-01T00:00:00Z'),
  }
  return { ...subscriber, price: price.id, schedule, phase }
}
const month = { interval: 'month' as const, interval_count: 1 }

describe('the phases of a schedule (https://docs.stripe.com/api/subscription_schedules/update)', () => {
  test("a schedule made from a subscription repeats the subscription's settings", async () => {
    const { schedule } = await aScheduled({
      collection_method: 'send_invoice',
      days_until_due: 10,
      description: 'Team',
      billing_thresholds: { amount_gte: 5000 },
    })
    expect(schedule.phases).toMatchObject([
      {
        collection_method: 'send_invoice',
        invoice_settings: { days_until_due: 10 },
        description: 'Team',
        billing_thresholds: { amount_gte: 5000 },
        items: [{ quantity: 2 }],
      },
    ])
  })
  test('what a phase does not name is removed from the subscription', async () => {
    const { subscription, schedule, phase } = await aScheduled({
      collection_method: 'send_invoice',
      days_until_due: 10,
      description: 'Team',
      billing_thresholds: { amount_gte: 5000 },
    })
    await it.stripe.subscriptionSchedules.update(schedule.id, { phases: [phase] })
    expect(await it.subscription(subscription.id)).toMatchObject({
      collection_method: 'charge_automatically',
      days_until_due: null,
      description: null,
      billing_thresholds: null,
    })
  })
  test('what a phase names, or the default settings, stays', async () => {
    const { subscription, schedule, phase } = await aScheduled({
      collection_method: 'send_invoice',
      days_until_due: 10,
      description: 'Team',
    })
    await it.stripe.subscriptionSchedules.update(schedule.id, {
      default_settings: { collection_method: 'send_invoice', invoice_settings: { days_until_due: 10 } },
      phases: [{ ...phase, description: 'Team' }],
    })
    expect(await it.subscription(subscription.id)).toMatchObject({
      collection_method: 'send_invoice',
      days_until_due: 10,
      description: 'Team',
    })
  })
  test('the card of the subscription stays without being named', async () => {
    const { clock, customer, subscription, price } = await aScheduled()
    const card = await it.stripe.paymentMethods.attach('pm_card_mastercard', { customer })
    const released = idOf((await it.subscription(subscription.id)).schedule)
    await it.stripe.subscriptionSchedules.release(released)
    await it.stripe.subscriptions.update(subscription.id, { default_payment_method: card.id })
    const { id } = await it.stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    await it.stripe.subscriptionSchedules.update(id, {
      phases: [
        {
          items: [{ price, quantity: 2 }],
          start_date: at('2026-03-01T00:00:00Z'),
          end_date: at('2026-04-01T00:00:00Z'),
        },
        { items: [{ price, quantity: 1 }], duration: month },
      ],
    })
    await it.advance(clock, '2026-04-01T02:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({ default_payment_method: card.id })
  })
  test('an item that a phase does not name is removed, and the others keep their ids', async () => {
    const { clock, subscription, schedule, phase, price, item } = await aScheduled()
    const addOn = await it.aPrice({ amount: 300, name: 'Extra' })
    const withAddOn = { ...phase, items: [{ price: addOn.id }, { price, quantity: 2 }] }
    await it.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [withAddOn, { items: [{ price }], duration: month }],
    })
    const both = (await it.subscription(subscription.id)).items.data
    expect(both.map((each) => [each.price.id, each.quantity])).toEqual([
      [addOn.id, 1],
      [price, 2],
    ])
    expect(both[1]?.id).toBe(item)
    await it.advance(clock, '2026-04-01T02:00:00Z')
    const { data } = (await it.subscription(subscription.id)).items
    expect(data).toMatchObject([{ id: item, quantity: 1 }])
  })
  test('the metadata of a phase is added to that of the subscription, and an empty value removes a key', async () => {
    const { subscription, schedule, phase } = await aScheduled({ metadata: { kept: '1', gone: '2' } })
    await it.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [{ ...phase, metadata: { gone: '', added: '3' } }],
    })
    expect((await it.subscription(subscription.id)).metadata).toEqual({ kept: '1', added: '3' })
  })
  test('a phase without the trial of the subscription ends the trial', async () => {
    const { customer, subscription, schedule, phase } = await aScheduled({ trial_end: at('2026-03-21T00:00:00Z') })
    const trial = { ...phase, end_date: at('2026-03-21T00:00:00Z'), trial_end: at('2026-03-21T00:00:00Z') }
    await it.stripe.subscriptionSchedules.update(schedule.id, { phases: [trial] })
    expect((await it.subscription(subscription.id)).status).toBe('trialing')
    await it.stripe.subscriptionSchedules.update(schedule.id, { phases: [phase] })
    expect((await it.subscription(subscription.id)).status).toBe('active')
    expect(await it.latestInvoice(customer)).toMatchObject({ status: 'paid', amount_paid: 2000 })
  })
  test('a change of the current phase is prorated as the request says', async () => {
    const { clock, customer, schedule, phase, price } = await aScheduled()
    await it.advance(clock, '2026-03-16T12:00:00Z')
    await it.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [{ ...phase, items: [{ price, quantity: 4 }] }],
      proration_behavior: 'always_invoice',
    })
    expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-1000, 2000])
  })
  test("billing_cycle_anchor 'phase_start' starts a new period with the phase", async () => {
    const { clock, subscription, schedule, phase, price } = await aScheduled()
    await it.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        { ...phase, end_date: at('2026-03-16T00:00:00Z') },
        { items: [{ price, quantity: 2 }], duration: month, billing_cycle_anchor: 'phase_start' },
      ],
    })
    await it.advance(clock, '2026-03-17T00:00:00Z')
    expect(itemOf(await it.subscription(subscription.id))).toMatchObject({
      current_period_start: at('2026-03-16T00:00:00Z'),
      current_period_end: at('2026-04-16T00:00:00Z'),
    })
  })
  test('the first phase must have the start of the current phase', async () => {
    const { schedule, phase } = await aScheduled()
    const { start_date: _start, ...without } = phase
    expect(await errorOf(it.stripe.subscriptionSchedules.update(schedule.id, { phases: [without] }))).toMatchObject({
      statusCode: 400,
      message:
        'The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.',
    })
    const moved = { ...phase, start_date: at('2026-03-02T00:00:00Z') }
    expect(await errorOf(it.stripe.subscriptionSchedules.update(schedule.id, { phases: [moved] }))).toMatchObject({
      statusCode: 400,
      message: 'You can only adjust the end date to a future date for the current phase.',
    })
  })
})

describe('a subscription with a schedule', () => {
  test('shows when its schedule will cancel it, until the schedule is released', async () => {
    const { subscription, schedule } = await aScheduled()
    await it.stripe.subscriptionSchedules.update(schedule.id, { end_behavior: 'cancel' })
    expect(await it.subscription(subscription.id)).toMatchObject({
      cancel_at: at('2026-04-01T00:00:00Z'),
      cancel_at_period_end: false,
    })
    await it.stripe.subscriptionSchedules.release(schedule.id)
    expect(await it.subscription(subscription.id)).toMatchObject({ cancel_at: null, canceled_at: null, schedule: null })
  })
  test('keeps the date if preserve_cancel_date says so', async () => {
    const { clock, subscription, schedule } = await aScheduled()
    await it.stripe.subscriptionSchedules.update(schedule.id, { end_behavior: 'cancel' })
    await it.stripe.subscriptionSchedules.release(schedule.id, { preserve_cancel_date: true })
    await it.advance(clock, '2026-04-01T02:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('canceled')
  })
  test.each([
    ['cancel_at_period_end', { cancel_at_period_end: true }],
    ['cancel_at', { cancel_at: at('2026-03-20T00:00:00Z') }],
    ['cancel_at', { cancel_at: '' as const }],
  ])('refuses a change of %s (%j)', async (param, params) => {
    const { subscription, schedule } = await aScheduled()
    expect(await errorOf(it.stripe.subscriptions.update(subscription.id, params))).toMatchObject({
      statusCode: 400,
      message: `The subscription is managed by the subscription schedule \`${schedule.id}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
      param,
    })
  })
  test('can be canceled immediately, which cancels the schedule', async () => {
    const { subscription, schedule } = await aScheduled()
    expect(await it.eventsOf(() => it.stripe.subscriptions.cancel(subscription.id))).toEqual([
      'customer.subscription.deleted',
      'subscription_schedule.canceled',
    ])
    expect((await it.stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('canceled')
  })
  test('that is canceled because its payments failed aborts the schedule', async () => {
    const { clock, customer, schedule, phase } = await aScheduled()
    await it.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [{ ...phase, end_date: at('2026-12-01T00:00:00Z') }],
    })
    await it.failCharges(customer, true)
    const events = await it.eventsOf(() => it.advance(clock, '2026-04-20T00:00:00Z'))
    expect(events).toContain('subscription_schedule.aborted')
    expect((await it.stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('canceled')
  })
  test('splits the current phase when it is updated directly, and the later phases still come', async () => {
    const { clock, subscription, schedule, phase, price, item } = await aScheduled()
    const cheaper = await it.aPrice({ amount: 100 })
    await it.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [phase, { items: [{ price: cheaper.id }], duration: month }],
    })
    await it.advance(clock, '2026-03-10T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 5 }] })
    const { phases } = await it.stripe.subscriptionSchedules.retrieve(schedule.id)
    expect(phases.map((each) => [each.start_date, each.items[0]?.price, each.items[0]?.quantity])).toEqual([
      [at('2026-03-01T00:00:00Z'), price, 2],
      [at('2026-03-10T00:00:00Z'), price, 5],
      [at('2026-04-01T00:00:00Z'), cheaper.id, 1],
    ])
    await it.advance(clock, '2026-04-01T02:00:00Z')
    expect(itemOf(await it.subscription(subscription.id))).toMatchObject({ price: { id: cheaper.id }, quantity: 1 })
  })
  test('does not split it when an update changes nothing', async () => {
    const { clock, subscription, schedule, item } = await aScheduled({ metadata: { of: 'before' } })
    await it.advance(clock, '2026-03-10T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] })
    expect((await it.stripe.subscriptionSchedules.retrieve(schedule.id)).phases).toHaveLength(1)
  })
})
