import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

/**
 * A downgrade at the end of the period.
 *
 * @see https://docs.stripe.com/billing/subscriptions/subscription-schedules/use-cases
 */
async function aDowngrade(end_behavior: 'release' | 'cancel' = 'release') {
  const [dear, cheap] = [await it.aPrice({ amount: 3000 }), await it.aPrice({ amount: 1000 })]
  const subscriber = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: dear.id })
  const schedule = await it.stripe.subscriptionSchedules.create({ from_subscription: subscriber.subscription.id })
  const [present] = schedule.phases
  const phases: Stripe.SubscriptionScheduleUpdateParams.Phase[] = [
    { items: [{ price: dear.id, quantity: 1 }], start_date: present?.start_date, end_date: present?.end_date },
    { items: [{ price: cheap.id, quantity: 1 }], duration: { interval: 'month', interval_count: 1 } },
  ]
  await it.stripe.subscriptionSchedules.update(schedule.id, { phases, end_behavior })
  return { ...subscriber, schedule: schedule.id, dear: dear.id, cheap: cheap.id, phases }
}

describe('subscription schedules (https://docs.stripe.com/api/subscription_schedules)', () => {
  test('a schedule made from a subscription has the current period as its phase', async () => {
    const price = await it.aPrice()
    const { subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    const schedule = await it.stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    expect(schedule).toMatchObject({
      status: 'active',
      subscription: subscription.id,
      end_behavior: 'release',
      current_phase: { start_date: at('2026-03-01T00:00:00Z'), end_date: at('2026-04-01T00:00:00Z') },
    })
    expect((await it.subscription(subscription.id)).schedule).toBe(schedule.id)
  })
  test('a subscription can have only one schedule', async () => {
    const { subscription } = await aDowngrade()
    expect(
      (await errorOf(it.stripe.subscriptionSchedules.create({ from_subscription: subscription.id }))).message,
    ).toContain('already attached to a schedule')
  })
  test('a downgrade takes effect at the end of the period, and renews at the lower price', async () => {
    const { clock, customer, subscription, cheap, item } = await aDowngrade()
    expect(itemOf(await it.subscription(subscription.id)).price.unit_amount).toBe(3000)
    await it.advance(clock, '2026-04-01T02:00:00Z')
    const after = await it.subscription(subscription.id)
    expect(itemOf(after)).toMatchObject({
      id: item,
      price: { id: cheap },
      current_period_end: at('2026-05-01T00:00:00Z'),
    })
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ total: 1000, amount_paid: 1000, billing_reason: 'subscription_cycle' })
    expect(invoice.lines.data).toHaveLength(1)
  })
  test('after its last phase, a schedule releases the subscription, which continues', async () => {
    const { clock, subscription, schedule } = await aDowngrade()
    const events = await it.eventsOf(() => it.advance(clock, '2026-05-01T02:00:00Z'))
    expect(events).toContain('subscription_schedule.released')
    expect(await it.stripe.subscriptionSchedules.retrieve(schedule)).toMatchObject({
      status: 'released',
      released_subscription: subscription.id,
      subscription: null,
    })
    expect(await it.subscription(subscription.id)).toMatchObject({ status: 'active', schedule: null })
  })
  test('after its last phase, a schedule with end_behavior cancel ends the subscription', async () => {
    const { clock, subscription, schedule } = await aDowngrade('cancel')
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-05-01T00:00:00Z'),
    })
    expect((await it.stripe.subscriptionSchedules.retrieve(schedule)).status).toBe('completed')
  })
  test('a released schedule changes nothing any more', async () => {
    const { clock, subscription, schedule } = await aDowngrade()
    expect(await it.eventsOf(() => it.stripe.subscriptionSchedules.release(schedule))).toEqual([
      'subscription_schedule.released',
    ])
    expect((await it.subscription(subscription.id)).schedule).toBeNull()
    await it.advance(clock, '2026-04-01T02:00:00Z')
    expect(itemOf(await it.subscription(subscription.id)).price.unit_amount).toBe(3000)
  })
  test('a subscription with a schedule refuses cancel_at_period_end', async () => {
    const { subscription, schedule } = await aDowngrade()
    const error = await errorOf(it.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }))
    expect(error.message).toBe(
      `The subscription is managed by the subscription schedule \`${schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
    )
  })
  test("the current phase can't be removed", async () => {
    const { schedule, phases } = await aDowngrade()
    const [, later] = phases
    const params = { phases: later ? [{ ...later, start_date: at('2026-06-01T00:00:00Z') }] : [] }
    expect(await errorOf(it.stripe.subscriptionSchedules.update(schedule, params))).toMatchObject({
      statusCode: 400,
      param: 'phases',
    })
  })
  test.each(['refused', 'accepted'] as const)(
    "a phase that repeats the subscription's archived price is %s, as the setting says",
    async (archivedPricesInPhases) => {
      const { dear, schedule, phases, clock, customer } = await aDowngrade()
      await it.stripe.prices.update(dear, { active: false })
      await it.control('PUT', '/_/settings', { archivedPricesInPhases })
      const update = it.stripe.subscriptionSchedules.update(schedule, { phases })
      if (archivedPricesInPhases === 'refused') {
        expect(await errorOf(update)).toMatchObject({
          statusCode: 400,
          message: 'The price specified is inactive. This field only accepts active prices.',
          param: 'phases[0][items][0][price]',
        })
      } else {
        expect((await update).phases).toHaveLength(2)
        await it.advance(clock, '2026-04-01T02:00:00Z')
        expect(await it.latestInvoice(customer)).toMatchObject({ total: 1000 })
      }
    },
  )
  test('an archived price is refused in a new schedule and in a later phase, whatever the settings say', async () => {
    await it.control('PUT', '/_/settings', { archivedPricesInPhases: 'accepted' })
    const { schedule, phases, customer } = await aDowngrade()
    const { id: archived } = await it.aPrice()
    await it.stripe.prices.update(archived, { active: false })
    const later = { items: [{ price: archived }], duration: { interval: 'month' as const } }
    expect(
      await errorOf(it.stripe.subscriptionSchedules.update(schedule, { phases: [...phases.slice(0, 1), later] })),
    ).toMatchObject({ param: 'phases[1][items][0][price]' })
    expect(
      await errorOf(it.stripe.subscriptionSchedules.create({ customer, start_date: 'now', phases: [later] })),
    ).toMatchObject({ param: 'phases[0][items][0][price]' })
    await it.control('PUT', '/_/settings', { archivedPricesInPhases: 'refused' })
  })
  test('a subscription on an archived price can get a schedule, which repeats the price', async () => {
    const price = await it.aPrice()
    const { subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    await it.stripe.prices.update(price.id, { active: false })
    const schedule = await it.stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    expect(schedule.phases[0]?.items[0]).toMatchObject({ price: price.id, quantity: 1 })
  })
  test('a yearly plan in the next phase runs for a year from the end of the period', async () => {
    const { clock, schedule, phases, subscription } = await aDowngrade()
    const yearly = await it.aPrice({ amount: 9000, interval: 'year' })
    const [first] = phases
    await it.stripe.subscriptionSchedules.update(schedule, {
      phases: [
        ...(first ? [first] : []),
        { items: [{ price: yearly.id }], duration: { interval: 'year', interval_count: 1 } },
      ],
    })
    await it.advance(clock, '2026-04-01T02:00:00Z')
    expect(itemOf(await it.subscription(subscription.id)).current_period_end).toBe(at('2027-04-01T00:00:00Z'))
  })
  test('a schedule with a later start creates its subscription at that time', async () => {
    const clock = await it.aClock('2026-03-01T00:00:00Z')
    const customer = await it.aCustomer({ clock: clock.id })
    const price = await it.aPrice()
    const schedule = await it.stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: at('2026-03-10T00:00:00Z'),
      phases: [{ items: [{ price: price.id }], duration: { interval: 'month' } }],
    })
    expect(schedule).toMatchObject({ status: 'not_started', subscription: null, current_phase: null })
    await it.advance(clock.id, '2026-03-11T00:00:00Z')
    const started = await it.stripe.subscriptionSchedules.retrieve(schedule.id)
    expect(await it.subscription(idOf(started.subscription))).toMatchObject({
      status: 'active',
      start_date: at('2026-03-10T00:00:00Z'),
    })
  })
})
