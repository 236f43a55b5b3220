import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, itemOf, TestSandbox } from '../test-sandbox.ts'

// https://docs.stripe.com/billing/subscriptions/pause
let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const UNBILLED = { bill_for: { unused_time_from: { type: 'none' } } } as const
const from = '2026-04-01T00:00:00Z'

/** A subscription that was paused on 16 April, without credit. */
async function aPaused() {
  const subscriber = await it.aSubscriber({ from, price })
  await it.advance(subscriber.clock, '2026-04-16T00:00:00Z')
  const paused = await it.stripe.subscriptions.pause(subscriber.subscription.id, UNBILLED)
  return { ...subscriber, id: paused.id, paused }
}
const statusOf = async (id: string) => (await it.subscription(id)).status

describe('a pause', () => {
  test('ends the current period, and drops a pending update', async () => {
    const { paused } = await aPaused()
    expect(itemOf(paused)).toMatchObject({
      current_period_start: at(from),
      current_period_end: at('2026-04-16T00:00:00Z'),
    })
    const { customer, subscription, item } = await it.aSubscriber({ from, price })
    await it.failCharges(customer, true)
    const dearer = await it.aPrice({ amount: 5000 })
    const waiting = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      payment_behavior: 'pending_if_incomplete',
      proration_behavior: 'always_invoice',
    })
    expect(waiting.pending_update).not.toBeNull()
    expect((await it.stripe.subscriptions.pause(subscription.id, UNBILLED)).pending_update).toBeNull()
  })
  test.each<[string, Partial<Stripe.SubscriptionCreateParams>]>([
    ['in classic billing mode', { billing_mode: { type: 'classic' } }],
    ['whose invoices are sent', { collection_method: 'send_invoice', days_until_due: 30 }],
    ['in a trial', { trial_period_days: 7 }],
  ])('of a subscription %s is refused', async (_name, params) => {
    const { customer, subscription } = await it.aSubscriber({ from, price, params })
    expect(await errorOf(it.stripe.subscriptions.pause(subscription.id))).toMatchObject({ statusCode: 400 })
    expect(await statusOf(subscription.id)).toBe(subscription.status)
    const { id: configuration } = await it.stripe.billingPortal.configurations.create({
      features: { subscription_pause: { enabled: true, duration: { type: 'indefinite' } } },
    })
    const { url } = await it.stripe.billingPortal.sessions.create({ customer, configuration })
    expect(await (await fetch(url)).text()).not.toContain('Pause subscription')
  })
  test('takes a new price of another interval without an invoice, and bills it when it ends', async () => {
    const { clock, customer, id, item } = await aPaused()
    const { id: yearly } = await it.aPrice({ amount: 9000, interval: 'year' })
    const changed = await it.stripe.subscriptions.update(id, {
      items: [{ id: item, price: yearly }],
      proration_behavior: 'always_invoice',
    })
    expect(changed).toMatchObject({ status: 'paused', items: { data: [{ price: { id: yearly } }] } })
    await it.advance(clock, '2026-04-20T00:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1000])
    const resumed = await it.stripe.subscriptions.resume(id, { payment_behavior: 'resume_on_payment_success' })
    expect(itemOf(resumed)).toMatchObject({ current_period_end: at('2027-04-20T00:00:00Z') })
    expect(await it.totalsOf(customer)).toEqual([1000, 9000])
  })
})

describe('a resumption on an attempt to pay', () => {
  test('charges nothing itself, and its invoice is void after 23 hours', async () => {
    const { clock, customer, id } = await aPaused()
    expect((await it.stripe.subscriptions.resume(id)).status).toBe('paused')
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ status: 'open', attempted: false, next_payment_attempt: null })
    expect(await errorOf(it.stripe.subscriptions.resume(id))).toMatchObject({ statusCode: 400 })
    await it.advance(clock, '2026-04-16T22:59:59Z')
    expect((await it.stripe.invoices.retrieve(invoice.id)).status).toBe('open')
    const types = await it.eventsOf(() => it.advance(clock, '2026-04-16T23:00:00Z'))
    expect(types).toContain('invoice.voided')
    expect([(await it.stripe.invoices.retrieve(invoice.id)).status, await statusOf(id)]).toEqual(['void', 'paused'])
    await it.stripe.subscriptions.resume(id)
    await it.stripe.invoices.pay((await it.latestInvoice(customer)).id)
    expect(await it.subscription(id)).toMatchObject({
      ...{ status: 'active', billing_cycle_anchor: at('2026-04-16T23:00:00Z') },
    })
  })
  test('makes the subscription past due if the attempt fails, and is not retried', async () => {
    const { clock, customer, id } = await aPaused()
    await it.failCharges(customer, true)
    await it.stripe.subscriptions.resume(id)
    const { id: invoice } = await it.latestInvoice(customer)
    const types = await it.eventsOf(() => errorOf(it.stripe.invoices.pay(invoice)))
    expect(types).toContain('customer.subscription.resumed')
    expect(await statusOf(id)).toBe('past_due')
    await it.failCharges(customer, false)
    await it.advance(clock, '2026-05-10T00:00:00Z')
    expect(await it.stripe.invoices.retrieve(invoice)).toMatchObject({ status: 'open', attempt_count: 1 })
  })
})

test('a resumption on success stays paused after a failure, and its invoice is void after a year', async () => {
  const { clock, customer, id } = await aPaused()
  await it.failCharges(customer, true)
  await it.stripe.subscriptions.resume(id, { payment_behavior: 'resume_on_payment_success' })
  const { id: invoice } = await it.latestInvoice(customer)
  await it.advance(clock, '2026-05-10T00:00:00Z')
  expect([(await it.stripe.invoices.retrieve(invoice)).status, await statusOf(id)]).toEqual(['open', 'paused'])
  for (let month = 6; month <= 16; month += 1) await it.advance(clock, new Date(Date.UTC(2026, month, 1)).toISOString())
  expect([(await it.stripe.invoices.retrieve(invoice)).status, await statusOf(id)]).toEqual(['void', 'paused'])
})

test('a resumption needs automatic collection', async () => {
  const { id } = await aPaused()
  await it.stripe.subscriptions.update(id, { collection_method: 'send_invoice', days_until_due: 30 })
  expect(await errorOf(it.stripe.subscriptions.resume(id))).toMatchObject({ statusCode: 400 })
})

test('the schedule of a subscription lasts until its pause is over, even if that is after its period', async () => {
  const { clock, customer, subscription } = await it.aSubscriber({ from, price })
  const pause = { pause_at: { type: 'timestamp', timestamp: at('2026-04-16T00:00:00Z') }, settings: UNBILLED } as const
  const resume = { resume_at: { type: 'timestamp', timestamp: at('2026-05-20T00:00:00Z') } } as const
  const { id } = await it.stripe.subscriptionSchedules.create({
    ...{ from_subscription: subscription.id, pause_schedules: [{ pause, resume }] },
  })
  await it.advance(clock, '2026-05-19T00:00:00Z')
  expect((await it.stripe.subscriptionSchedules.retrieve(id)).status).toBe('active')
  await it.advance(clock, '2026-05-21T00:00:00Z')
  const { billing_cycle_anchor, schedule, status } = await it.subscription(subscription.id)
  expect([status, schedule, billing_cycle_anchor]).toEqual(['active', null, at('2026-05-20T00:00:00Z')])
  expect((await it.stripe.subscriptionSchedules.retrieve(id)).status).toBe('released')
  expect(await it.totalsOf(customer)).toEqual([1000, 1000])
})
