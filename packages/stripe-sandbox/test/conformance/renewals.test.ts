import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, idOf, itemOf, TestSandbox, PAYMENT_EVENTS } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start({ settings: { retryAfterDays: [3, 5, 7] } })
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

describe('a renewal (https://docs.stripe.com/billing/subscriptions/overview)', () => {
  test('starts the new period first and charges an hour later (sequence 3)', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    expect(await it.eventsOf(() => it.advance(clock, '2026-04-01T00:30:00Z'))).toEqual([
      'customer.subscription.updated',
      'invoice.created',
    ])
    expect(itemOf(await it.subscription(subscription.id)).current_period_end).toBe(at('2026-05-01T00:00:00Z'))
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'draft',
      number: null,
      auto_advance: true,
      automatically_finalizes_at: at('2026-04-01T01:00:00Z'),
      hosted_invoice_url: null,
    })
    expect(await it.eventsOf(() => it.advance(clock, '2026-04-01T01:00:00Z'))).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      ...PAYMENT_EVENTS,
    ])
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'paid',
      attempt_count: 1,
      billing_reason: 'subscription_cycle',
    })
  })
  test('emits an update with the previous periods and the previous invoice', async () => {
    const { clock, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.advance(clock, '2026-04-01T00:30:00Z')
    const { data, request } = await it.lastEvent('customer.subscription.updated')
    expect(data.previous_attributes).toMatchObject({
      latest_invoice: idOf(subscription.latest_invoice),
      items: { data: [{ current_period_end: at('2026-04-01T00:00:00Z') }] },
    })
    expect(request).toEqual({ id: null, idempotency_key: null })
  })
  test('has the past period on its invoice, and the paid period on the line', async () => {
    const { clock, customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.advance(clock, '2026-04-01T02:00:00Z')
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ period_start: at('2026-03-01T00:00:00Z'), period_end: at('2026-04-01T00:00:00Z') })
    expect(invoice.lines.data[0]?.period).toEqual({
      start: at('2026-04-01T00:00:00Z'),
      end: at('2026-05-01T00:00:00Z'),
    })
  })
  test('happens twice in an advance of two months, with an invoice at each time', async () => {
    const { clock, customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    const { data } = await it.stripe.invoices.list({ customer })
    expect(data.map((invoice) => [invoice.created, invoice.status_transitions.paid_at])).toEqual([
      [at('2026-05-01T00:00:00Z'), at('2026-05-01T01:00:00Z')],
      [at('2026-04-01T00:00:00Z'), at('2026-04-01T01:00:00Z')],
      [at('2026-03-01T00:00:00Z'), at('2026-03-01T00:00:00Z')],
    ])
  })
  test('of a subscription from 31 January comes on 28 February, then on 31 March', async () => {
    const { clock, subscription } = await it.aSubscriber({ from: '2026-01-31T10:00:00Z', price })
    expect(itemOf(subscription).current_period_end).toBe(at('2026-02-28T10:00:00Z'))
    await it.advance(clock, '2026-02-28T12:00:00Z')
    expect(itemOf(await it.subscription(subscription.id)).current_period_end).toBe(at('2026-03-31T10:00:00Z'))
  })
  test('of a free plan makes no payment', async () => {
    const free = await it.aPrice({ amount: 0 })
    const { clock, customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: free.id, card: null })
    const events = await it.eventsOf(() => it.advance(clock, '2026-04-01T02:00:00Z'))
    expect(events).toEqual([
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
    ])
    expect(await it.latestInvoice(customer)).toMatchObject({ status: 'paid', amount_due: 0 })
  })
  test("charges the subscription's card rather than the customer's (https://docs.stripe.com/billing/revenue-recovery/smart-retries)", async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    const { id } = await it.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
    await it.stripe.subscriptions.update(subscription.id, { default_payment_method: id })
    await it.advance(clock, '2026-04-01T02:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('past_due')
  })
})

describe('a renewal that fails (https://docs.stripe.com/billing/revenue-recovery)', () => {
  test('makes the subscription past_due, and is retried on schedule (sequence 4)', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.failCharges(customer, true)
    const events = await it.eventsOf(() => it.advance(clock, '2026-04-01T02:00:00Z'))
    expect(events.slice(2)).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
      'customer.subscription.updated',
    ])
    expect((await it.lastEvent('customer.subscription.updated')).data.previous_attributes).toEqual({ status: 'active' })
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'open',
      attempt_count: 1,
      attempted: true,
      next_payment_attempt: at('2026-04-04T01:00:00Z'),
    })
    expect((await it.subscription(subscription.id)).status).toBe('past_due')
    expect(await it.eventsOf(() => it.advance(clock, '2026-04-04T02:00:00Z'))).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
    ])
    expect(await it.latestInvoice(customer)).toMatchObject({
      attempt_count: 2,
      next_payment_attempt: at('2026-04-09T01:00:00Z'),
    })
  })
  test('recovers when a retry succeeds', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.failCharges(customer, true)
    await it.advance(clock, '2026-04-01T02:00:00Z')
    await it.failCharges(customer, false)
    const events = await it.eventsOf(() => it.advance(clock, '2026-04-04T02:00:00Z'))
    expect(events).toEqual([...PAYMENT_EVENTS, 'customer.subscription.updated'])
    expect((await it.subscription(subscription.id)).status).toBe('active')
    expect((await it.lastEvent('customer.subscription.updated')).data.previous_attributes).toEqual({
      status: 'past_due',
    })
  })
  test('recovers when the open invoice is paid manually, which is not counted as an attempt', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.failCharges(customer, true)
    await it.advance(clock, '2026-04-01T02:00:00Z')
    await it.failCharges(customer, false)
    const { id } = await it.latestInvoice(customer)
    expect(await it.stripe.invoices.pay(id)).toMatchObject({
      status: 'paid',
      attempt_count: 1,
      next_payment_attempt: null,
    })
    expect((await it.subscription(subscription.id)).status).toBe('active')
  })
  test('cancels the subscription after the last retry, with reason payment_failed and an open invoice (sequence 5)', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.failCharges(customer, true)
    await it.advance(clock, '2026-04-10T00:00:00Z')
    const events = await it.eventsOf(() => it.advance(clock, '2026-04-17T00:00:00Z'))
    expect(events).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
      'customer.subscription.deleted',
      'invoice.updated',
    ])
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
      ended_at: at('2026-04-16T01:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'open',
      attempt_count: 4,
      next_payment_attempt: null,
    })
  })
  test('makes the subscription unpaid after the last retry with mark_unpaid, and later renewals stay drafts', async () => {
    await it.control('PUT', '/_/settings', { afterRetries: 'mark_unpaid' })
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.failCharges(customer, true)
    await it.advance(clock, '2026-04-17T00:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('unpaid')
    await it.advance(clock, '2026-05-02T00:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({ status: 'draft', auto_advance: false, attempted: false })
    await it.control('PUT', '/_/settings', { afterRetries: 'cancel' })
  })
  test('leaves the subscription past_due after the last retry with leave_past_due', async () => {
    await it.control('PUT', '/_/settings', { afterRetries: 'leave_past_due' })
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.failCharges(customer, true)
    await it.advance(clock, '2026-04-20T00:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('past_due')
    await it.control('PUT', '/_/settings', { afterRetries: 'cancel' })
  })
  test('is not retried with the same card after a hard decline, but with a new card', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.failCharges(customer, true, 'stolen_card')
    await it.advance(clock, '2026-04-01T02:00:00Z')
    await it.failCharges(customer, false)
    expect(await it.eventsOf(() => it.advance(clock, '2026-04-04T02:00:00Z'))).toEqual(['invoice.updated'])
    expect(await it.latestInvoice(customer)).toMatchObject({
      attempt_count: 1,
      next_payment_attempt: at('2026-04-09T01:00:00Z'),
    })
    const { id } = await it.stripe.paymentMethods.attach('pm_card_mastercard', { customer })
    await it.stripe.subscriptions.update(subscription.id, { default_payment_method: id })
    await it.advance(clock, '2026-04-09T02:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('active')
  })
  test('emits payment_action_required when the card requires authentication', async () => {
    const { id: customerCard } = await it.stripe.paymentMethods.create({
      type: 'card',
      card: { token: 'tok_authenticationRequired' },
    })
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.stripe.paymentMethods.attach(customerCard, { customer })
    await it.stripe.subscriptions.update(subscription.id, { default_payment_method: customerCard })
    const events = await it.eventsOf(() => it.advance(clock, '2026-04-01T02:00:00Z'))
    expect(events).toContain('invoice.payment_action_required')
    expect((await it.subscription(subscription.id)).status).toBe('past_due')
  })
})
