import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { JANUARY, Metering } from '../metering.ts'
import { errorOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
let metering: Metering
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
  metering = new Metering(it)
})
afterAll(() => it[Symbol.asyncDispose]())

describe('meters (https://docs.stripe.com/api/billing/meter)', () => {
  test('are created, renamed, deactivated and reactivated, each with an event', async () => {
    let meter = await metering.aMeter()
    const types = await it.eventsOf(async () => {
      meter = await metering.aMeter()
      await stripe.billing.meters.update(meter.id, { display_name: 'Calls' })
      await stripe.billing.meters.update(meter.id, { display_name: 'Calls' })
      await stripe.billing.meters.deactivate(meter.id)
      await stripe.billing.meters.reactivate(meter.id)
    })
    expect(types).toEqual([
      'billing.meter.created',
      'billing.meter.updated',
      'billing.meter.deactivated',
      'billing.meter.reactivated',
    ])
    expect(await stripe.billing.meters.retrieve(meter.id)).toMatchObject({
      ...{ display_name: 'Calls', status: 'active', customer_mapping: { event_payload_key: 'stripe_customer_id' } },
      ...{ value_settings: { event_payload_key: 'value' }, default_aggregation: { formula: 'sum' } },
    })
  })
  test('have event names of their own while they are active', async () => {
    const meter = await metering.aMeter()
    const same = { event_name: meter.event_name }
    expect(await errorOf(metering.aMeter(same))).toMatchObject({ statusCode: 400, param: 'event_name' })
    await stripe.billing.meters.deactivate(meter.id)
    const other = await metering.aMeter(same)
    expect(await errorOf(stripe.billing.meters.reactivate(meter.id))).toMatchObject({ statusCode: 400 })
    const { data } = await stripe.billing.meters.list({ status: 'active', limit: 100 })
    expect(data.map(({ id }) => id)).toContain(other.id)
    expect(data.map(({ id }) => id)).not.toContain(meter.id)
    expect(await errorOf(metering.aPrice(meter))).toMatchObject({ param: 'recurring[meter]' })
  })
  test('a metered price needs a meter, and a licensed one has none', async () => {
    const meter = await metering.aMeter()
    const metered = { recurring: { interval: 'month', usage_type: 'metered' } } as const
    expect(await errorOf(metering.aPrice(meter, metered))).toMatchObject({
      code: 'parameter_missing',
      param: 'recurring[meter]',
    })
    const licensed = { recurring: { interval: 'month', meter: meter.id } } as const
    expect(await errorOf(metering.aPrice(meter, licensed))).toMatchObject({ param: 'recurring[meter]' })
    expect((await metering.aPrice(meter)).recurring).toMatchObject({ usage_type: 'metered', meter: meter.id })
  })
})

describe('usage (https://docs.stripe.com/billing/subscriptions/usage-based)', () => {
  test('is billed when the period is over; before it, there is no invoice (billing-mode/compare)', async () => {
    const meter = await metering.aMeter()
    const { clock, customer, subscription } = await metering.aSubscriber(meter)
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: null })
    expect(itemOf(subscription)).not.toHaveProperty('quantity')
    expect((await stripe.invoices.list({ customer })).data).toEqual([])
    await metering.use(meter, customer, 100)
    await it.advance(clock, '2026-01-20T00:00:00Z')
    await metering.use(meter, customer, 50)
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
    expect(preview.total).toBe(300)
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({ billing_reason: 'subscription_cycle', total: 300 })
    expect(await metering.linesOf(customer)).toEqual([
      { amount: 300, quantity: 150, start: '2026-01-01', end: '2026-02-01' },
    ])
    await it.advance(clock, '2026-03-02T00:00:00Z')
    expect(await metering.linesOf(customer)).toEqual([
      { amount: 0, quantity: 0, start: '2026-02-01', end: '2026-03-01' },
    ])
    expect(await it.totalsOf(customer)).toEqual([300, 0])
  })
  test('is billed beside what is paid in advance', async () => {
    const [meter, base] = [await metering.aMeter(), await it.aPrice({ amount: 1000 })]
    const metered = await metering.aPrice(meter)
    const items = [{ price: base.id }, { price: metered.id }]
    const { clock, customer } = await it.aSubscriber({ from: JANUARY, price: base.id, params: { items } })
    await metering.use(meter, customer, 10, '2026-01-01T00:00:30Z')
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect(await metering.linesOf(customer)).toEqual([
      { amount: 20, quantity: 10, start: '2026-01-01', end: '2026-02-01' },
      { amount: 1000, quantity: 1, start: '2026-02-01', end: '2026-03-01' },
    ])
    expect(await it.totalsOf(customer)).toEqual([1000, 1020])
  })
  test('a car is rented for 150 minutes: 3 hours at $10 (usage-based/transform-quantities)', async () => {
    const meter = await metering.aMeter()
    const transform_quantity = { divide_by: 60, round: 'up' } as const
    const { clock, customer } = await metering.aSubscriber(meter, { price: { unit_amount: 1000, transform_quantity } })
    await metering.use(meter, customer, 150)
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([3000])
  })
  test.each([
    ['sum', 60],
    ['count', 3],
    ['last', 10],
  ] as const)('is aggregated by %s', async (formula, quantity) => {
    const meter = await metering.aMeter({ default_aggregation: { formula } })
    const { clock, customer } = await metering.aSubscriber(meter)
    await it.advance(clock, '2026-01-10T00:00:00Z')
    await metering.use(meter, customer, 30, '2026-01-02T00:00:00Z')
    await metering.use(meter, customer, 10, '2026-01-09T00:00:00Z')
    await metering.use(meter, customer, 20, '2026-01-03T00:00:00Z')
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect((await metering.linesOf(customer))[0]?.quantity).toBe(quantity)
  })
  test('of a pre-aggregated meter counts only the newest event of each hour', async () => {
    const meter = await metering.aMeter({ event_time_window: 'hour' })
    const { clock, customer } = await metering.aSubscriber(meter)
    await it.advance(clock, '2026-01-02T00:00:00Z')
    await metering.use(meter, customer, 9, '2026-01-01T10:10:00Z')
    await metering.use(meter, customer, 7, '2026-01-01T10:50:00Z')
    await metering.use(meter, customer, 1, '2026-01-01T11:00:00Z')
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect((await metering.linesOf(customer))[0]?.quantity).toBe(8)
  })
  test('that is negative costs nothing (meters/configure)', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter)
    await metering.use(meter, customer, -5)
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect(await metering.linesOf(customer)).toMatchObject([{ amount: 0, quantity: 0 }])
  })
  test('of tiered prices fills the tiers', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter, {
      price: {
        unit_amount: undefined,
        billing_scheme: 'tiered',
        tiers_mode: 'graduated',
        tiers: [
          { up_to: 100, unit_amount: 0 },
          { up_to: 'inf', unit_amount_decimal: Stripe.Decimal.from('0.5') },
        ],
      },
    })
    await metering.use(meter, customer, 1100)
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect(await metering.linesOf(customer)).toMatchObject([
      { amount: 0, quantity: 100 },
      { amount: 500, quantity: 1000 },
    ])
  })
  test('during a trial is not billed', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter, { trial_period_days: 10 })
    await metering.use(meter, customer, 100)
    await it.advance(clock, '2026-01-12T00:00:00Z')
    await metering.use(meter, customer, 7)
    await it.advance(clock, '2026-02-12T00:00:00Z')
    expect(await metering.linesOf(customer)).toEqual([
      { amount: 14, quantity: 7, start: '2026-01-11', end: '2026-02-11' },
    ])
    expect(await it.totalsOf(customer)).toEqual([14])
  })
  test('classic billing has a line of $0 at the beginning (billing-mode/compare)', async () => {
    const { customer, subscription } = await metering.aSubscriber(await metering.aMeter(), {
      billing_mode: { type: 'classic' },
    })
    expect(subscription.status).toBe('active')
    expect(await metering.linesOf(customer)).toEqual([
      { amount: 0, quantity: 0, start: '2026-01-01', end: '2026-02-01' },
    ])
  })
})

test('a checkout page says what renewals cost besides the usage', async () => {
  const metered = await metering.aPrice(await metering.aMeter())
  const fixed = await it.aPrice({ amount: 1000 })
  const session = await it.aCheckout({ line_items: [{ price: metered.id }, { price: fixed.id, quantity: 2 }] })
  const text = await (await fetch(session.url)).text()
  expect(text).toContain('now and at each renewal ($20.00 a month and $0.02 per unit used a month)')
})
test('a checkout page sells a metered price, with nothing due today', async () => {
  const price = await metering.aPrice(await metering.aMeter(), {
    unit_amount: undefined,
    unit_amount_decimal: Stripe.Decimal.from('0.5'),
  })
  const session = await it.aCheckout({ line_items: [{ price: price.id }] })
  expect(session.amount_total).toBe(0)
  const [line] = (await stripe.checkout.sessions.listLineItems(session.id)).data
  expect(line?.quantity).toBeNull()
  expect(await (await fetch(session.url)).text()).toContain('$0.005 per unit used a month')
  await stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, { payment_method: 'pm_card_visa' })
  const complete = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
  expect(complete).toMatchObject({ status: 'complete', payment_status: 'no_payment_required', invoice: null })
  expect(complete.subscription).toMatchObject({ status: 'active' })
})
