import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

describe('canceling (https://docs.stripe.com/billing/subscriptions/cancel)', () => {
  test('an immediate cancellation emits a deleted event and keeps the reason, the comment and the feedback', async () => {
    const { subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    const events = await it.eventsOf(() =>
      it.stripe.subscriptions.cancel(subscription.id, {
        cancellation_details: { comment: 'Bye', feedback: 'too_expensive' },
      }),
    )
    expect(events).toEqual(['customer.subscription.deleted'])
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-03-01T00:00:00Z'),
      cancellation_details: { reason: 'cancellation_requested', comment: 'Bye', feedback: 'too_expensive' },
    })
  })
  test('canceling a second time answers 404', async () => {
    const { subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.stripe.subscriptions.cancel(subscription.id)
    expect(await errorOf(it.stripe.subscriptions.cancel(subscription.id))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    })
  })
  test('a canceled subscription accepts only metadata and cancellation_details', async () => {
    const { subscription, item } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.stripe.subscriptions.cancel(subscription.id)
    expect(
      await errorOf(it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] })),
    ).toMatchObject({ statusCode: 400, code: 'invalid_canceled_subscription_fields' })
    expect(await it.stripe.subscriptions.update(subscription.id, { metadata: { kept: 'yes' } })).toMatchObject({
      metadata: { kept: 'yes' },
    })
  })
  test('cancel_at_period_end emits an update (sequence 6), then the subscription ends without an invoice', async () => {
    const { clock, subscription, customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    const marked = await it.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    expect(marked).toMatchObject({
      status: 'active',
      cancel_at_period_end: true,
      cancel_at: at('2026-04-01T00:00:00Z'),
      canceled_at: at('2026-03-01T00:00:00Z'),
    })
    expect((await it.lastEvent('customer.subscription.updated')).data.previous_attributes).toEqual({
      cancel_at_period_end: false,
      cancel_at: null,
      canceled_at: null,
      cancellation_details: { reason: null },
    })
    expect(await it.eventsOf(() => it.advance(clock, '2026-04-01T00:00:01Z'))).toEqual([
      'customer.subscription.deleted',
    ])
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'canceled',
      cancel_at_period_end: true,
      ended_at: at('2026-04-01T00:00:00Z'),
      canceled_at: at('2026-03-01T00:00:00Z'),
    })
    expect((await it.stripe.invoices.list({ customer })).data).toHaveLength(1)
  })
  test('undoing the cancellation before the period ends lets the subscription renew (sequence 7)', async () => {
    const { clock, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    const resumed = await it.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false })
    expect(resumed).toMatchObject({
      cancel_at_period_end: false,
      cancel_at: null,
      canceled_at: null,
      cancellation_details: { reason: null },
    })
    await it.advance(clock, '2026-04-02T00:00:00Z')
    expect(itemOf(await it.subscription(subscription.id)).current_period_end).toBe(at('2026-05-01T00:00:00Z'))
  })
  test('cancel_at ends the subscription at that time, min_period_end at the end of the period, and an empty value undoes it', async () => {
    const { clock, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    expect(await it.stripe.subscriptions.update(subscription.id, { cancel_at: 'min_period_end' })).toMatchObject({
      cancel_at: at('2026-04-01T00:00:00Z'),
      cancel_at_period_end: false,
    })
    expect(await it.stripe.subscriptions.update(subscription.id, { cancel_at: '' })).toMatchObject({
      cancel_at: null,
      canceled_at: null,
    })
    await it.stripe.subscriptions.update(subscription.id, { cancel_at: at('2026-03-20T12:00:00Z') })
    await it.advance(clock, '2026-03-21T00:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-03-20T12:00:00Z'),
    })
  })
  test('cancel_at and cancel_at_period_end together are refused', async () => {
    const { subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    expect(
      await errorOf(
        it.stripe.subscriptions.update(subscription.id, {
          cancel_at: at('2026-03-20T00:00:00Z'),
          cancel_at_period_end: true,
        }),
      ),
    ).toMatchObject({ statusCode: 400, param: 'cancel_at' })
  })
  test('canceling with prorate and invoice_now credits the unused time to the balance', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: -500 })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: -500,
      amount_due: 0,
      status: 'paid',
      ending_balance: -500,
    })
  })
  test('open invoices of a canceled subscription can be paid, but are no longer collected', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.failCharges(customer, true)
    await it.advance(clock, '2026-04-01T02:00:00Z')
    await it.stripe.subscriptions.cancel(subscription.id)
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'open',
      auto_advance: false,
      next_payment_attempt: null,
    })
    await it.failCharges(customer, false)
    await it.stripe.invoices.pay((await it.latestInvoice(customer)).id)
    expect((await it.subscription(subscription.id)).status).toBe('canceled')
  })
})

describe('cancel_at (https://docs.stripe.com/api/subscriptions/update#update_subscription-cancel_at)', () => {
  test('within the current period, it credits the unused time to the balance when it comes', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, { cancel_at: at('2026-04-16T00:00:00Z') })
    expect((await it.stripe.invoiceItems.list({ customer })).data).toEqual([])
    await it.advance(clock, '2026-04-17T00:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-04-16T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: -500, amount_due: 0, status: 'paid' })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: -500 })
  })
  test('credits nothing if it was set without prorations', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, {
      cancel_at: at('2026-04-16T00:00:00Z'),
      proration_behavior: 'none',
    })
    await it.advance(clock, '2026-04-17T00:00:00Z')
    expect((await it.stripe.invoices.list({ customer })).data).toHaveLength(1)
  })
  test('in a later period, that period is billed up to it', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, { cancel_at: at('2026-06-16T00:00:00Z') })
    await it.advance(clock, '2026-05-02T00:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 1000 })
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'active',
      cancel_at: at('2026-06-16T00:00:00Z'),
      cancel_at_period_end: false,
    })
    await it.advance(clock, '2026-06-02T00:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 500,
      lines: { data: [{ period: { start: at('2026-06-01T00:00:00Z'), end: at('2026-06-16T00:00:00Z') } }] },
    })
    await it.advance(clock, '2026-06-17T00:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('canceled')
    expect((await it.stripe.invoices.list({ customer })).data).toHaveLength(3)
  })
  test('can be set at the start, and then the first invoice is billed up to it', async () => {
    const { customer, subscription } = await it.aSubscriber({
      from: '2026-04-01T00:00:00Z',
      price,
      params: { cancel_at: at('2026-04-16T00:00:00Z') },
    })
    expect(subscription).toMatchObject({
      cancel_at: at('2026-04-16T00:00:00Z'),
      canceled_at: at('2026-04-01T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 500 })
  })
  test.each([
    ['cancel_at', { cancel_at: 'min_period_end' as const }, false],
    ['cancel_at_period_end', { cancel_at_period_end: true }, true],
  ])('%s at the start cancels at the end of the first period', async (_, params, flag) => {
    const { clock, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price, params })
    expect(subscription).toMatchObject({ cancel_at: at('2026-05-01T00:00:00Z'), cancel_at_period_end: flag })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('canceled')
  })
  test('is refused in the past', async () => {
    const clock = await it.aClock('2026-04-01T00:00:00Z')
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const past = { cancel_at: at('2026-03-01T00:00:00Z') }
    expect(await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price }], ...past }))).toMatchObject({
      statusCode: 400,
      param: 'cancel_at',
    })
    const { id } = await it.stripe.subscriptions.create({ customer, items: [{ price }] })
    expect(await errorOf(it.stripe.subscriptions.update(id, past))).toMatchObject({ param: 'cancel_at' })
  })
  test('with cancel_at_period_end, the end moves with the period', async () => {
    const yearly = await it.aPrice({ amount: 9000, interval: 'year' })
    const { subscription, item } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    expect(
      await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: yearly.id }] }),
    ).toMatchObject({ cancel_at: at('2027-04-01T00:00:00Z'), cancel_at_period_end: true })
  })
  test('an immediate cancellation without invoice_now and prorate deletes pending prorations', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] })
    expect((await it.stripe.invoiceItems.list({ customer, pending: true })).data).toHaveLength(2)
    await it.stripe.subscriptions.cancel(subscription.id)
    expect((await it.stripe.invoiceItems.list({ customer, pending: true })).data).toEqual([])
  })
})
