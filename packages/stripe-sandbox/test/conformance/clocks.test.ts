import { describe, expect, test } from 'vitest'
import { at, DAY, errorOf, itemOf, PATIENCE_MS, TestSandbox } from '../test-sandbox.ts'

describe('test clocks (https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage)', () => {
  test('an advance answers advancing, and the clock is ready when the work is done', async () => {
    await using it = await TestSandbox.start()
    const clock = await it.aClock('2026-03-01T00:00:00Z')
    const moving = await it.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: at('2026-03-02T00:00:00Z') })
    expect(moving).toMatchObject({
      status: 'advancing',
      status_details: { advancing: { target_frozen_time: at('2026-03-02T00:00:00Z') } },
    })
    await expect
      .poll(async () => (await it.stripe.testHelpers.testClocks.retrieve(clock.id)).status, { timeout: PATIENCE_MS })
      .toBe('ready')
    expect(it.sandbox.eventTypes()).toEqual([
      'test_helpers.test_clock.created',
      'test_helpers.test_clock.advancing',
      'test_helpers.test_clock.ready',
    ])
  })
  test('a test clock refuses to move back', async () => {
    await using it = await TestSandbox.start()
    const clock = await it.aClock('2026-03-01T00:00:00Z')
    expect(
      await errorOf(it.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: at('2026-02-01T00:00:00Z') })),
    ).toMatchObject({ statusCode: 400, param: 'frozen_time' })
  })
  test('a test clock refuses to advance by more than two intervals of its shortest subscription', async () => {
    await using it = await TestSandbox.start()
    const price = await it.aPrice()
    const { clock } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    expect(
      await errorOf(it.stripe.testHelpers.testClocks.advance(clock, { frozen_time: at('2026-07-01T00:00:00Z') })),
    ).toMatchObject({ statusCode: 400 })
  })
  test("objects of a clock's customers have its time and its id", async () => {
    await using it = await TestSandbox.start()
    const price = await it.aPrice()
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2030-03-01T00:00:00Z', price: price.id })
    expect(subscription).toMatchObject({ created: at('2030-03-01T00:00:00Z'), test_clock: clock })
    expect(await it.latestInvoice(customer)).toMatchObject({ created: at('2030-03-01T00:00:00Z'), test_clock: clock })
    expect((await it.stripe.customers.list()).data).toEqual([])
    expect((await it.stripe.customers.list({ test_clock: clock })).data).toHaveLength(1)
  })
  test("advancing a clock doesn't move another clock", async () => {
    await using it = await TestSandbox.start()
    const price = await it.aPrice()
    const [moved, still] = [
      await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id }),
      await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id }),
    ]
    await it.advance(moved.clock, '2026-04-02T00:00:00Z')
    expect(itemOf(await it.subscription(still.subscription.id)).current_period_end).toBe(at('2026-04-01T00:00:00Z'))
  })
  test('deleting a clock deletes its customers and their subscriptions', async () => {
    await using it = await TestSandbox.start()
    const price = await it.aPrice()
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    expect(await it.stripe.testHelpers.testClocks.del(clock)).toMatchObject({ deleted: true })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ deleted: true })
    expect(await errorOf(it.subscription(subscription.id))).toMatchObject({ statusCode: 404 })
  })
})

describe("the sandbox's own clock", () => {
  const advance = (it: TestSandbox, by: object) => it.request('POST', '/_/clock/advance', by)
  const timeOf = (answer: unknown): number => Date.parse((answer as { now: string }).now)
  test('shows wall-clock time until it is advanced, and stays ahead afterwards', async () => {
    await using it = await TestSandbox.start()
    // The sandbox's clock has whole seconds.
    const started = Math.floor(Date.now() / 1000) * 1000
    const first = timeOf(await it.control('GET', '/_/clock'))
    expect(first).toBeGreaterThanOrEqual(started)
    expect(first).toBeLessThanOrEqual(Date.now())
    const second = timeOf(await it.control('POST', '/_/clock/advance', { days: 2, hours: 3, seconds: 4 }))
    expect(second - first).toBeGreaterThanOrEqual((2 * DAY + 3 * 3600 + 4) * 1000)
    const to = started + 90 * DAY * 1000
    const third = timeOf(await it.control('POST', '/_/clock/advance', { to: new Date(to).toISOString() }))
    expect(third).toBeGreaterThanOrEqual(to)
    expect(third).toBeLessThanOrEqual(to + Date.now() - started)
  })
  test('refuses to move back, or to advance without a distance', async () => {
    await using it = await TestSandbox.start()
    for (const by of [{ to: '2020-01-01T00:00:00Z' }, {}, { days: -1 }])
      expect((await advance(it, by)).status).toBe(400)
  })
  test('renews customers without a test clock once a month', async () => {
    await using it = await TestSandbox.start()
    const price = await it.aPrice()
    const { id: customer } = await it.aCustomer()
    await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    await advance(it, { days: 93 })
    const { data } = await it.stripe.invoices.list({ customer })
    expect(data).toHaveLength(4)
    expect(data.every((invoice) => invoice.status === 'paid')).toBe(true)
  })
  test('handles what is due for all customers in chronological order', async () => {
    await using it = await TestSandbox.start()
    const price = await it.aPrice({ interval: 'day' })
    for (let index = 0; index < 3; index += 1) {
      const { id: customer } = await it.aCustomer()
      await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    }
    await it.sandbox.advance({ days: 10, hours: 2 })
    const drafts = await it.stripe.events.list({ type: 'invoice.created', limit: 100 })
    expect(drafts.data).toHaveLength(3 + 3 * 10)
    const times = drafts.data.map((event) => event.created).toReversed()
    expect(times).toEqual(times.toSorted((one, other) => one - other))
  })
})
