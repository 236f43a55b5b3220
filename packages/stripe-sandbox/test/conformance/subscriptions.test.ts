import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, expanded, idOf, itemOf, TestSandbox, untyped, PAYMENT_EVENTS } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

describe('creating a subscription (https://docs.stripe.com/api/subscriptions/create)', () => {
  test('a subscription with a good card is paid immediately and emits its events in order', async () => {
    const { id: customer } = await it.aCustomer()
    const events = await it.eventsOf(() => it.stripe.subscriptions.create({ customer, items: [{ price }] }))
    expect(events).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      ...PAYMENT_EVENTS,
      'customer.subscription.updated',
    ])
  })
  test('a subscription without a card is refused', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    expect((await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price }] }))).message).toContain(
      'no attached payment source or default payment method',
    )
  })
  test('allow_incomplete with a failing card makes the subscription incomplete and its invoice open (sequence 15)', async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_chargeCustomerFail' })
    const events = await it.eventsOf(async () => {
      const subscription = await it.stripe.subscriptions.create({ customer, items: [{ price }] })
      expect(subscription.status).toBe('incomplete')
    })
    expect(events).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
    ])
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'open',
      attempt_count: 1,
      attempted: true,
      next_payment_attempt: null,
    })
  })
  test('paying the open invoice makes an incomplete subscription active', async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_chargeCustomerFail' })
    const { id } = await it.stripe.subscriptions.create({ customer, items: [{ price }] })
    const { id: payment_method } = await it.stripe.paymentMethods.attach('pm_card_visa', { customer })
    await it.stripe.invoices.pay((await it.latestInvoice(customer)).id, { payment_method })
    expect((await it.subscription(id)).status).toBe('active')
    expect((await it.lastEvent('customer.subscription.updated')).data.previous_attributes).toEqual({
      status: 'incomplete',
    })
  })
  test('an incomplete subscription expires after 23 hours, without a deleted event', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({
      from: '2026-03-01T00:00:00Z',
      card: 'pm_card_chargeCustomerFail',
      price,
    })
    await it.advance(clock, '2026-03-01T22:59:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('incomplete')
    const events = await it.eventsOf(() => it.advance(clock, '2026-03-01T23:01:00Z'))
    expect(events).toEqual(['invoice.voided', 'payment_intent.canceled', 'customer.subscription.updated'])
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'incomplete_expired',
      ended_at: at('2026-03-01T23:00:00Z'),
      canceled_at: at('2026-03-01T23:00:00Z'),
    })
    expect((await it.latestInvoice(customer)).status).toBe('void')
  })
  test('error_if_incomplete with a failing card answers 402 and creates nothing', async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_chargeCustomerFail' })
    const events = await it.eventsOf(async () => {
      const error = await errorOf(
        it.stripe.subscriptions.create({ customer, items: [{ price }], payment_behavior: 'error_if_incomplete' }),
      )
      expect(error).toMatchObject({ statusCode: 402, code: 'card_declined', decline_code: 'generic_decline' })
    })
    expect(events).toEqual([])
    expect((await it.stripe.subscriptions.list({ customer, status: 'all' })).data).toEqual([])
  })
  test('default_incomplete gives a confirmation secret, and confirming makes the subscription active', async () => {
    const { id: customer } = await it.aCustomer()
    const created = await it.stripe.subscriptions.create({
      customer,
      items: [{ price }],
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.confirmation_secret'],
    })
    expect(created.status).toBe('incomplete')
    const secret = expanded(created.latest_invoice).confirmation_secret?.client_secret ?? ''
    const intent = secret.split('_secret_')[0] ?? ''
    await it.stripe.paymentIntents.confirm(intent, {
      payment_method: idOf((await it.stripe.customers.listPaymentMethods(customer)).data[0]),
    })
    expect((await it.subscription(created.id)).status).toBe('active')
  })
  test('a card that requires authentication emits requires_action, and the payment intent has the redirect', async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_authenticationRequired' })
    const events = await it.eventsOf(() => it.stripe.subscriptions.create({ customer, items: [{ price }] }))
    expect(events).toContain('payment_intent.requires_action')
    expect(events).toContain('invoice.payment_action_required')
    const [payment] = (
      await it.stripe.invoicePayments.list({
        invoice: (await it.latestInvoice(customer)).id,
        expand: ['data.payment.payment_intent'],
      })
    ).data
    expect(expanded(payment?.payment.payment_intent)).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect_to_url' },
    })
  })
  test('send_invoice makes the subscription active immediately, with a draft invoice', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    const subscription = await it.stripe.subscriptions.create({
      customer,
      items: [{ price }],
      collection_method: 'send_invoice',
      days_until_due: 10,
    })
    expect(subscription).toMatchObject({ status: 'active', days_until_due: 10 })
    expect((await it.latestInvoice(customer)).status).toBe('draft')
  })
  test('a free subscription is active without a card', async () => {
    const free = await it.aPrice({ amount: 0 })
    const { id: customer } = await it.aCustomer({ card: null })
    expect((await it.stripe.subscriptions.create({ customer, items: [{ price: free.id }] })).status).toBe('active')
  })
  test('a one-time price is refused', async () => {
    const once = await it.stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Once' } })
    const { id: customer } = await it.aCustomer()
    expect(
      (await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price: once.id }] }))).message,
    ).toContain('type=one_time')
  })
  test('a quantity multiplies the amount', async () => {
    const { id: customer } = await it.aCustomer()
    await it.stripe.subscriptions.create({ customer, items: [{ price, quantity: 3 }] })
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ total: 3000 })
    expect(invoice.lines.data[0]).toMatchObject({
      quantity: 3,
      amount: 3000,
      description: '3 × Pro (at $10.00 / month)',
    })
  })
  test('a later billing cycle anchor shortens the first period and prorates its price', async () => {
    // 10 of the 31 days of the anchor's cycle, 1 March to 1 April:
    // https://docs.stripe.com/billing/subscriptions/billing-cycle
    const { customer, subscription } = await it.aSubscriber({
      from: '2026-03-22T00:00:00Z',
      price,
      params: { billing_cycle_anchor: at('2026-04-01T00:00:00Z') },
    })
    expect(itemOf(subscription).current_period_end).toBe(at('2026-04-01T00:00:00Z'))
    expect((await it.latestInvoice(customer)).total).toBe(Math.round((1000 * 10) / 31))
  })
})

describe('listing subscriptions', () => {
  test('omits ended subscriptions unless a status asks for them', async () => {
    const { id: customer } = await it.aCustomer()
    const [kept, ended] = [
      await it.stripe.subscriptions.create({ customer, items: [{ price }] }),
      await it.stripe.subscriptions.create({ customer, items: [{ price }] }),
    ]
    await it.stripe.subscriptions.cancel(ended.id)
    const ids = async (status?: 'all' | 'canceled' | 'ended') =>
      (await it.stripe.subscriptions.list({ customer, ...(status && { status }) })).data.map((row) => row.id)
    expect(await ids()).toEqual([kept.id])
    expect(await ids('canceled')).toEqual([ended.id])
    expect(await ids('ended')).toEqual([ended.id])
    expect(await ids('all')).toEqual([ended.id, kept.id])
  })
})

test('an unknown parameter of an item is refused', async () => {
  const { id: customer } = await it.aCustomer()
  expect(
    await errorOf(it.stripe.subscriptions.create(untyped({ customer, items: [{ price, plam: 'x' }] }))),
  ).toMatchObject({ param: 'items[0][plam]' })
})
