import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

const day = (time: number): string => new Date(time * 1000).toISOString().slice(0, 10)

async function subscribed(
  from: string,
  params: Partial<Stripe.SubscriptionCreateParams>,
  price: { amount?: number; interval?: 'week' | 'month' | 'year' } = {},
) {
  const { id } = await it.aPrice({ amount: 3100, ...price })
  const { clock, customer, subscription } = await it.aSubscriber({ from, price: id, params })
  const invoice = await it.latestInvoice(customer)
  const lines = invoice.lines.data.map(({ amount, period }) => [day(period.start), day(period.end), amount])
  return { clock, customer, subscription, invoice, lines }
}

describe('backdated subscriptions (https://docs.stripe.com/billing/subscriptions/backdating)', () => {
  test('half of February is half a month', async () => {
    const { subscription, lines } = await subscribed(
      '2026-03-01T00:00:00Z',
      { backdate_start_date: at('2026-02-15T00:00:00Z') },
      { amount: 2800 },
    )
    expect(day(subscription.start_date)).toBe('2026-02-15')
    expect(lines).toEqual([
      ['2026-02-15', '2026-03-01', 1400],
      ['2026-03-01', '2026-04-01', 2800],
    ])
  })
  test('17 days of January are 17/31 of a month', async () => {
    const { lines } = await subscribed('2026-02-01T00:00:00Z', { backdate_start_date: at('2026-01-15T00:00:00Z') })
    expect(lines[0]).toEqual(['2026-01-15', '2026-02-01', 1700])
  })
  test('flexible billing has a line for each natural period, classic billing a single one', async () => {
    const params = { backdate_start_date: at('2026-09-01T00:00:00Z') }
    const flexible = await subscribed('2026-11-01T00:00:00Z', params)
    expect(flexible.lines).toEqual([
      ['2026-09-01', '2026-10-01', 3100],
      ['2026-10-01', '2026-11-01', 3100],
      ['2026-11-01', '2026-12-01', 3100],
    ])
    const classic = await subscribed('2026-11-01T00:00:00Z', { ...params, billing_mode: { type: 'classic' } })
    expect(classic.lines).toEqual([
      ['2026-09-01', '2026-11-01', 6200],
      ['2026-11-01', '2026-12-01', 3100],
    ])
  })
  test('with an anchor, they are billed up to it, and then at it', async () => {
    const { clock, customer, subscription, lines } = await subscribed('2026-10-15T00:00:00Z', {
      backdate_start_date: at('2026-09-01T00:00:00Z'),
      billing_cycle_anchor: at('2026-11-01T00:00:00Z'),
    })
    expect(lines).toEqual([
      ['2026-09-01', '2026-10-01', 3100],
      ['2026-10-01', '2026-11-01', 3100],
    ])
    expect(day(itemOf(subscription).current_period_start)).toBe('2026-10-01')
    await it.advance(clock, '2026-11-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([6200, 3100])
  })
  test('without prorations, the time before is free', async () => {
    const { customer, subscription } = await subscribed('2026-10-15T00:00:00Z', {
      backdate_start_date: at('2026-09-01T00:00:00Z'),
      billing_cycle_anchor: at('2026-11-01T00:00:00Z'),
      proration_behavior: 'none',
    })
    expect(day(subscription.start_date)).toBe('2026-09-01')
    expect(await it.totalsOf(customer)).toEqual([0])
  })
  test('a change credits what is left of the current period only', async () => {
    const { clock, customer, subscription } = await subscribed('2026-04-01T00:00:00Z', {
      backdate_start_date: at('2026-02-01T00:00:00Z'),
    })
    const free = await it.aPrice({ amount: 0, name: 'Free' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const { id } = itemOf(subscription)
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id, price: free.id }],
      proration_behavior: 'always_invoice',
    })
    expect(await it.totalsOf(customer)).toEqual([3 * 3100, -1550])
  })
  test('can have a trial from now on', async () => {
    const { lines, subscription } = await subscribed('2026-04-01T00:00:00Z', {
      backdate_start_date: at('2026-03-01T00:00:00Z'),
      trial_end: at('2026-05-01T00:00:00Z'),
    })
    expect(subscription).toMatchObject({ status: 'trialing', trial_start: at('2026-04-01T00:00:00Z') })
    expect(lines).toEqual([
      ['2026-03-01', '2026-04-01', 3100],
      ['2026-04-01', '2026-05-01', 0],
    ])
  })
  test('start in the past, and have at most 250 lines', async () => {
    const { id } = await it.aPrice({ interval: 'week' })
    const { id: customer } = await it.aCustomer()
    const from = (backdate_start_date: number) =>
      errorOf(stripe.subscriptions.create({ customer, items: [{ price: id }], backdate_start_date }))
    const now = Math.floor(Date.now() / 1000)
    expect(await from(now + 86_400)).toMatchObject({ statusCode: 400, param: 'backdate_start_date' })
    expect(await from(now - 6 * 365 * 86_400)).toMatchObject({ statusCode: 400, param: 'backdate_start_date' })
  })
  test('a preview says what they cost, and a schedule can start in the past, too', async () => {
    const { id: price } = await it.aPrice({ amount: 3100 })
    const clock = await it.aClock('2026-03-01T00:00:00Z')
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const start_date = at('2026-01-01T00:00:00Z')
    const details = { items: [{ price }], start_date }
    const { total } = await stripe.invoices.createPreview({ customer, subscription_details: details })
    expect(total).toBe(9300)
    await stripe.subscriptionSchedules.create({
      customer,
      start_date,
      phases: [{ items: [{ price }], iterations: 12 }] as never,
    })
    expect(await it.totalsOf(customer)).toEqual([9300])
  })
})

describe('the day of the month (https://docs.stripe.com/billing/subscriptions/billing-cycle)', () => {
  test('is the next one, and the time before it costs its share', async () => {
    const { clock, customer, subscription, lines } = await subscribed('2026-01-15T00:00:00Z', {
      billing_cycle_anchor_config: { day_of_month: 1 },
    })
    expect(subscription).toMatchObject({
      billing_cycle_anchor: at('2026-02-01T00:00:00Z'),
      billing_cycle_anchor_config: { day_of_month: 1, hour: null, minute: null, month: null, second: null },
    })
    expect(lines).toEqual([['2026-01-15', '2026-02-01', 1700]])
    await it.advance(clock, '2026-03-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1700, 3100, 3100])
  })
  test('the 31st is the last day of shorter months, and comes back after them', async () => {
    const { clock, subscription, customer } = await subscribed('2026-02-15T08:30:00Z', {
      billing_cycle_anchor_config: { day_of_month: 31, hour: 12, minute: 0, second: 0 },
    })
    // The next month that has 31 days. The first full invoice is in February.
    expect(subscription.billing_cycle_anchor).toBe(at('2026-03-31T12:00:00Z'))
    await it.advance(clock, '2026-04-10T00:00:00Z')
    await it.advance(clock, '2026-06-01T00:00:00Z')
    const ends = (await stripe.invoices.list({ customer })).data.map(({ lines }) => day(lines.data[0]?.period.end ?? 0))
    expect(ends.toReversed()).toEqual(['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31', '2026-06-30'])
  })
  test('a yearly price can have a month', async () => {
    const { subscription } = await subscribed(
      '2026-09-10T00:00:00Z',
      { billing_cycle_anchor_config: { day_of_month: 1, month: 7 }, proration_behavior: 'none' },
      { interval: 'year' },
    )
    expect(day(subscription.billing_cycle_anchor)).toBe('2027-07-01')
    expect(day(itemOf(subscription).current_period_end)).toBe('2027-07-01')
  })
  test('a monthly price has its first full invoice in the next month, and its anchor in the month that it names', async () => {
    const { clock, subscription, customer } = await subscribed('2026-01-15T00:00:00Z', {
      billing_cycle_anchor_config: { day_of_month: 1, month: 7 },
    })
    expect(day(subscription.billing_cycle_anchor)).toBe('2026-07-01')
    await it.advance(clock, '2026-03-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1700, 3100, 3100])
  })
  test('after a trial, the time up to it costs its share (https://docs.stripe.com/changelog/2018-02-05/subscriptions-delay-first-full-invoice-future-date)', async () => {
    const { clock, customer, subscription } = await subscribed('2026-01-01T00:00:00Z', {
      trial_end: at('2026-01-15T00:00:00Z'),
      billing_cycle_anchor_config: { day_of_month: 1 },
    })
    expect(day(itemOf(subscription).current_period_end)).toBe('2026-01-15')
    await it.advance(clock, '2026-02-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([0, 1700, 3100])
  })
  test('needs months or years, and no other anchor', async () => {
    const weekly = subscribed(
      '2026-01-15T00:00:00Z',
      { billing_cycle_anchor_config: { day_of_month: 1 } },
      { interval: 'week' },
    )
    expect(await errorOf(weekly)).toMatchObject({ statusCode: 400, param: 'billing_cycle_anchor_config' })
    const both = subscribed('2026-01-15T00:00:00Z', {
      billing_cycle_anchor: at('2026-02-01T00:00:00Z'),
      billing_cycle_anchor_config: { day_of_month: 1 },
    })
    expect(await errorOf(both)).toMatchObject({ code: 'parameters_exclusive' })
  })
  test('in checkout, the page and the invoice agree (https://docs.stripe.com/payments/checkout/billing-cycle)', async () => {
    const clock = await it.aClock('2026-01-15T00:00:00Z')
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const session = await it.aCheckout({
      amount: 3100,
      customer,
      subscription_data: { billing_cycle_anchor_config: { day_of_month: 1 } },
    })
    expect(session.amount_total).toBe(1700)
    await stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, { payment_method: 'pm_card_visa' })
    expect(await it.totalsOf(customer)).toEqual([1700])
    const free = await it.aCheckout({
      amount: 3100,
      customer,
      subscription_data: { billing_cycle_anchor: at('2026-02-01T00:00:00Z'), proration_behavior: 'none' },
    })
    expect(free.amount_total).toBe(0)
  })
})
