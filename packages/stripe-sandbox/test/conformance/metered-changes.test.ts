import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Metering } from '../metering.ts'
import { errorOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
let metering: Metering
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
  metering = new Metering(it)
})
afterAll(() => it[Symbol.asyncDispose]())

describe('changes of metered items (usage-based/manage-billing-setup)', () => {
  test('price A is billed until 16 January, and price B from then on', async () => {
    const meter = await metering.aMeter()
    const { clock, customer, item, subscription } = await metering.aSubscriber(meter)
    await metering.use(meter, customer, 100)
    await it.advance(clock, '2026-01-16T00:00:00Z')
    const other = await metering.aPrice(meter, { unit_amount: 5 })
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: other.id }] })
    const { data } = await stripe.invoiceItems.list({ customer, pending: true })
    expect(data.map(({ amount, quantity }) => ({ amount, quantity }))).toEqual([{ amount: 200, quantity: 100 }])
    await metering.use(meter, customer, 10)
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect(await metering.linesOf(customer)).toEqual([
      { amount: 200, quantity: 100, start: '2026-01-01', end: '2026-01-16' },
      { amount: 50, quantity: 10, start: '2026-01-16', end: '2026-02-01' },
    ])
    await metering.use(meter, customer, 1)
    await it.advance(clock, '2026-03-02T00:00:00Z')
    expect(await metering.linesOf(customer)).toEqual([
      { amount: 5, quantity: 1, start: '2026-02-01', end: '2026-03-01' },
    ])
  })
  test('without prorations, a removed item is not billed', async () => {
    const [meter, base] = [await metering.aMeter(), await it.aPrice({ amount: 1000 })]
    const { clock, customer, item, subscription } = await metering.aSubscriber(meter)
    await metering.use(meter, customer, 100)
    await it.advance(clock, '2026-01-16T00:00:00Z')
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, deleted: true }, { price: base.id }],
      proration_behavior: 'none',
    })
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect((await metering.linesOf(customer)).map(({ amount }) => amount)).toEqual([1000])
  })
  test('a licensed price that a metered one replaces is credited once', async () => {
    const [meter, dear, cheap] = [await metering.aMeter(), await it.aPrice({ amount: 3000 }), await it.aPrice()]
    const metered = await metering.aPrice(meter)
    const { clock, customer, item, subscription } = await it.aSubscriber({
      from: '2026-04-01T00:00:00Z',
      price: dear.id,
    })
    for (const [day, price] of [
      ['11', metered.id],
      ['21', cheap.id],
    ] as const) {
      await it.advance(clock, `2026-04-${day}T00:00:00Z`)
      await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price }] })
    }
    const { data } = await stripe.invoiceItems.list({ customer, pending: true })
    expect(data.filter(({ amount }) => amount < 0).map(({ amount }) => amount)).toEqual([-2000])
  })
  test('a new period bills what was used in the old one, once', async () => {
    const meter = await metering.aMeter()
    const { clock, customer, subscription } = await metering.aSubscriber(meter)
    await metering.use(meter, customer, 40)
    await it.advance(clock, '2026-01-16T00:00:00Z')
    await stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' } })
    expect(await metering.linesOf(customer)).toEqual([
      { amount: 80, quantity: 40, start: '2026-01-01', end: '2026-01-16' },
    ])
    await it.advance(clock, '2026-02-17T00:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([80, 0])
  })
  test('the phases of a schedule can be written again as they were read', async () => {
    const [meter, base] = [await metering.aMeter(), await it.aPrice({ amount: 1000 })]
    const { item, subscription } = await metering.aSubscriber(meter)
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item }, { price: base.id, quantity: 2 }] })
    const { id, phases } = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const written = phases.map(({ start_date, end_date, items }) => ({
      ...{ start_date, end_date },
      items: items.map(({ price, quantity }) => ({
        price: typeof price === 'string' ? price : price.id,
        ...(quantity !== undefined && { quantity }),
      })),
    }))
    expect(written[0]?.items.map(({ quantity }) => quantity)).toEqual([undefined, 2])
    const rewritten = await stripe.subscriptionSchedules.update(id, { phases: written })
    expect(rewritten.phases.map(({ items }) => items)).toEqual(phases.map(({ items }) => items))
  })
  test('a quantity is refused', async () => {
    const price = await metering.aPrice(await metering.aMeter())
    const { id: customer } = await it.aCustomer()
    const items = [{ price: price.id, quantity: 3 }]
    expect(await errorOf(stripe.subscriptions.create({ customer, items }))).toMatchObject({
      statusCode: 400,
      param: 'items[0][quantity]',
    })
  })
})

describe('the end of a subscription with metered items', () => {
  test('at the end of the period bills and charges what was used', async () => {
    const meter = await metering.aMeter()
    const { clock, customer, subscription } = await metering.aSubscriber(meter)
    await metering.use(meter, customer, 100)
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('canceled')
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 200, status: 'paid' })
  })
  test('now bills it only with `invoice_now`', async () => {
    const meter = await metering.aMeter()
    const [one, other] = [await metering.aSubscriber(meter), await metering.aSubscriber(meter)]
    for (const { customer } of [one, other]) await metering.use(meter, customer, 30)
    await it.advance(one.clock, '2026-01-05T00:00:00Z')
    await stripe.subscriptions.cancel(one.subscription.id, { invoice_now: true })
    expect(await it.totalsOf(one.customer)).toEqual([60])
    await stripe.subscriptions.cancel(other.subscription.id)
    expect(await it.totalsOf(other.customer)).toEqual([])
  })
  test('a pause bills it, and what is used during the pause is not billed', async () => {
    const meter = await metering.aMeter()
    const { clock, customer, subscription } = await metering.aSubscriber(meter)
    await metering.use(meter, customer, 30)
    await it.advance(clock, '2026-01-05T00:00:00Z')
    await stripe.subscriptions.pause(subscription.id, { type: 'subscription', invoicing_behavior: 'invoice' })
    expect(await it.totalsOf(customer)).toEqual([60])
    await metering.use(meter, customer, 500, '2026-01-05T00:00:01Z')
    await it.advance(clock, '2026-01-10T00:00:00Z')
    await stripe.subscriptions.resume(subscription.id, { billing_cycle_anchor: { type: 'now' } })
    await it.advance(clock, '2026-02-11T00:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([60, 0])
  })
})
