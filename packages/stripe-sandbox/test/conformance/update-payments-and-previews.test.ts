import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('the payment_behavior of an update (https://docs.stripe.com/billing/subscriptions/pending-updates)', () => {
  async function upgrade(payment_behavior: Stripe.SubscriptionUpdateParams.PaymentBehavior) {
    const subscriber = await it.aSubscriberInApril(1000)
    const dearer = await it.aPrice({ amount: 2000 })
    await it.advance(subscriber.clock, '2026-04-16T00:00:00Z')
    await it.stripe.customers.update(subscriber.customer, {
      invoice_settings: {
        default_payment_method: (
          await it.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: subscriber.customer })
        ).id,
      },
    })
    const call = it.stripe.subscriptions.update(subscriber.subscription.id, {
      items: [{ id: subscriber.item, price: dearer.id }],
      proration_behavior: 'always_invoice',
      payment_behavior,
    })
    return { ...subscriber, dearer: dearer.id, call }
  }
  test('error_if_incomplete answers 402 and changes nothing', async () => {
    const { call, customer, subscription } = await upgrade('error_if_incomplete')
    expect(await errorOf(call)).toMatchObject({ statusCode: 402, code: 'card_declined' })
    expect(itemOf(await it.subscription(subscription.id)).price.unit_amount).toBe(1000)
    expect((await it.stripe.invoices.list({ customer })).data).toHaveLength(1)
  })
  test('allow_incomplete applies the new price and makes the subscription past_due', async () => {
    const { call, customer } = await upgrade('allow_incomplete')
    const changed = await call
    expect(changed.status).toBe('past_due')
    expect(itemOf(changed).price.unit_amount).toBe(2000)
    expect((await it.latestInvoice(customer)).status).toBe('open')
  })
  test('pending_if_incomplete keeps the old price until the invoice is paid', async () => {
    const { call, customer, subscription, dearer } = await upgrade('pending_if_incomplete')
    const waiting = await call
    expect(itemOf(waiting).price.unit_amount).toBe(1000)
    expect(waiting.pending_update?.subscription_items?.[0]?.price.id).toBe(dearer)
    const { id: payment_method } = await it.stripe.paymentMethods.attach('pm_card_visa', { customer })
    const events = await it.eventsOf(async () =>
      it.stripe.invoices.pay((await it.latestInvoice(customer)).id, { payment_method }),
    )
    expect(events).toContain('customer.subscription.pending_update_applied')
    expect(itemOf(await it.subscription(subscription.id)).price.unit_amount).toBe(2000)
  })
  test('pending_if_incomplete discards the update after 23 hours and voids the invoice', async () => {
    const { call, clock, customer, subscription } = await upgrade('pending_if_incomplete')
    await call
    expect(await it.eventsOf(() => it.advance(clock, '2026-04-17T00:00:00Z'))).toContain(
      'customer.subscription.pending_update_expired',
    )
    expect(await it.subscription(subscription.id)).toMatchObject({ pending_update: null, status: 'active' })
    expect((await it.latestInvoice(customer)).status).toBe('void')
  })
})

describe('previews (https://docs.stripe.com/api/invoices/create_preview)', () => {
  test.each([
    { change: 'to a more expensive plan', interval: 'month' as const },
    { change: 'from a month to a year', interval: 'year' as const },
  ])(
    'a change $change costs exactly what its preview said, even hours later, with the same proration date',
    async ({ interval }) => {
      const { clock, customer, subscription, item } = await it.aSubscriberInApril(1999)
      const dearer = await it.aPrice({ amount: 4999, interval })
      await it.advance(clock, '2026-04-13T09:17:23Z')
      const details = {
        items: [{ id: item, price: dearer.id }],
        proration_behavior: 'always_invoice' as const,
        proration_date: at('2026-04-13T09:17:23Z'),
      }
      const preview = await it.stripe.invoices.createPreview({
        subscription: subscription.id,
        subscription_details: details,
      })
      await it.advance(clock, '2026-04-13T11:26:00Z')
      await it.stripe.subscriptions.update(subscription.id, details)
      const invoice = await it.latestInvoice(customer)
      expect(invoice.amount_due).toBe(preview.amount_due)
      expect(invoice.lines.data.map((line) => line.amount)).toEqual(preview.lines.data.map((line) => line.amount))
    },
  )
  test('a preview changes nothing and emits no events', async () => {
    const { customer, subscription, item } = await it.aSubscriberInApril(1000)
    const dearer = await it.aPrice({ amount: 2000 })
    const events = await it.eventsOf(async () => {
      const preview = await it.stripe.invoices.createPreview({
        subscription: subscription.id,
        subscription_details: { items: [{ id: item, price: dearer.id }], proration_behavior: 'always_invoice' },
      })
      expect(preview).toMatchObject({ status: 'draft', object: 'invoice', billing_reason: 'subscription_update' })
      expect(preview.id).toMatch(/^upcoming_in_/)
    })
    expect(events).toEqual([])
    expect((await it.stripe.invoices.list({ customer })).data).toHaveLength(1)
    expect(itemOf(await it.subscription(subscription.id)).price.unit_amount).toBe(1000)
  })
  test('a preview without a change is the next renewal', async () => {
    const { subscription } = await it.aSubscriberInApril(1000)
    const preview = await it.stripe.invoices.createPreview({ subscription: subscription.id })
    expect(preview).toMatchObject({
      amount_due: 1000,
      billing_reason: 'subscription_cycle',
      period_start: at('2026-04-01T00:00:00Z'),
      period_end: at('2026-05-01T00:00:00Z'),
    })
    expect(preview.lines.data[0]?.period).toEqual({
      start: at('2026-05-01T00:00:00Z'),
      end: at('2026-06-01T00:00:00Z'),
    })
  })
  test('a preview with create_prorations is the next renewal with the prorations', async () => {
    const { clock, subscription, item } = await it.aSubscriberInApril(10_000)
    const dearer = await it.aPrice({ amount: 20_000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const preview = await it.stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { items: [{ id: item, price: dearer.id }] },
    })
    expect(preview.total).toBe(25_000)
  })
  test('a subscription that is set to cancel has no upcoming invoice', async () => {
    const { subscription } = await it.aSubscriberInApril(1000)
    await it.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    expect(await errorOf(it.stripe.invoices.createPreview({ subscription: subscription.id }))).toMatchObject({
      statusCode: 404,
      code: 'invoice_upcoming_none',
    })
  })
  test('a preview with cancel_now shows the credit of an immediate cancellation', async () => {
    const { clock, subscription } = await it.aSubscriberInApril(1000)
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const preview = await it.stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { cancel_now: true, proration_behavior: 'always_invoice' },
    })
    expect(preview.total).toBe(-500)
    expect((await it.subscription(subscription.id)).status).toBe('active')
  })
  test("previews a subscription that doesn't exist yet, without creating it", async () => {
    const price = await it.aPrice({ amount: 1500 })
    const { id: customer } = await it.aCustomer()
    const preview = await it.stripe.invoices.createPreview({
      customer,
      subscription_details: { items: [{ price: price.id, quantity: 2 }] },
    })
    expect(preview.amount_due).toBe(3000)
    expect((await it.stripe.subscriptions.list({ customer, status: 'all' })).data).toEqual([])
  })
})
