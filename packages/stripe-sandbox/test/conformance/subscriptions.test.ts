import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, DAY, errorOf, expanded, idOf, itemOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

describe('creating (https://docs.stripe.com/api/subscriptions/create)', () => {
  test('with a card that pays it is active, and the events come in order', async () => {
    const { id: customer } = await it.aCustomer()
    const events = await it.eventsOf(() => it.stripe.subscriptions.create({ customer, items: [{ price }] }))
    expect(events).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.updated',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
      'customer.subscription.updated',
    ])
  })
  test('without any card it is refused', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    expect((await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price }] }))).message).toContain(
      'no attached payment source or default payment method',
    )
  })
  test('allow_incomplete with a card that fails is incomplete, its invoice open (sequence 15)', async () => {
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
  test('paying the open invoice makes an incomplete one active', async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_chargeCustomerFail' })
    const { id } = await it.stripe.subscriptions.create({ customer, items: [{ price }] })
    const { id: payment_method } = await it.stripe.paymentMethods.attach('pm_card_visa', { customer })
    await it.stripe.invoices.pay((await it.latestInvoice(customer)).id, { payment_method })
    expect((await it.subscription(id)).status).toBe('active')
    expect((await it.lastEvent('customer.subscription.updated')).data.previous_attributes).toEqual({
      status: 'incomplete',
    })
  })
  test('unpaid for 23 hours it is incomplete_expired, without a deletion', async () => {
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
  test('error_if_incomplete with a card that fails is 402 and leaves nothing', async () => {
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
  test('default_incomplete waits for a confirmation, with a secret for it', async () => {
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
  test('an authentication that is asked for leaves it incomplete, and the intent says where to go', async () => {
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
  test('send_invoice is active at once, its invoice payable later', async () => {
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
  test('an amount of 0 is active without a card', async () => {
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
  test('a quantity multiplies', async () => {
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
  test('a later anchor makes a first period that costs its share', async () => {
    // 10 of the 31 days from 1 March to the 1 April that the anchor's cycle has: https://docs.stripe.com/billing/subscriptions/billing-cycle
    const { customer, subscription } = await it.aSubscriber({
      from: '2026-03-22T00:00:00Z',
      price,
      params: { billing_cycle_anchor: at('2026-04-01T00:00:00Z') },
    })
    expect(itemOf(subscription).current_period_end).toBe(at('2026-04-01T00:00:00Z'))
    expect((await it.latestInvoice(customer)).total).toBe(Math.round((1000 * 10) / 31))
  })
})

describe('listing', () => {
  test('ended ones are left out unless they are asked for', async () => {
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

describe('cancelling (https://docs.stripe.com/billing/subscriptions/cancel)', () => {
  test('at once: deleted, with the reason, and the comment and feedback given', async () => {
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
  test('a second cancellation is 404', async () => {
    const { subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.stripe.subscriptions.cancel(subscription.id)
    expect(await errorOf(it.stripe.subscriptions.cancel(subscription.id))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    })
  })
  test('a canceled one takes only metadata and cancellation_details', async () => {
    const { subscription, item } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await it.stripe.subscriptions.cancel(subscription.id)
    expect(
      await errorOf(it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] })),
    ).toMatchObject({ statusCode: 400, code: 'invalid_canceled_subscription_fields' })
    expect(await it.stripe.subscriptions.update(subscription.id, { metadata: { kept: 'yes' } })).toMatchObject({
      metadata: { kept: 'yes' },
    })
  })
  test('at the end of the period: the flag is set and told (sequence 6), then it ends without an invoice', async () => {
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
  test('taken back before the end, it renews (sequence 7)', async () => {
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
  test('cancel_at ends it at that moment, min_period_end at the period’s end, an empty one takes it back', async () => {
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
  test('cancel_at and cancel_at_period_end exclude each other', async () => {
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
  test('with prorate and invoice_now the unused time becomes credit on the balance', async () => {
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
  test('its open invoices stay payable but are not collected any more', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
    await failing(customer, true)
    await it.advance(clock, '2026-04-01T02:00:00Z')
    await it.stripe.subscriptions.cancel(subscription.id)
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'open',
      auto_advance: false,
      next_payment_attempt: null,
    })
    await failing(customer, false)
    await it.stripe.invoices.pay((await it.latestInvoice(customer)).id)
    expect((await it.subscription(subscription.id)).status).toBe('canceled')
  })
})

describe('trials (https://docs.stripe.com/billing/subscriptions/trials)', () => {
  test('nothing is due until the end; then the first period begins there', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({
      from: '2026-03-01T00:00:00Z',
      price,
      params: { trial_period_days: 14 },
    })
    expect(subscription).toMatchObject({
      status: 'trialing',
      trial_end: at('2026-03-15T00:00:00Z'),
      billing_cycle_anchor: at('2026-03-15T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 0,
      status: 'paid',
      billing_reason: 'subscription_create',
    })
    await it.advance(clock, '2026-03-15T02:00:00Z')
    const after = await it.subscription(subscription.id)
    expect(after.status).toBe('active')
    expect(itemOf(after)).toMatchObject({
      current_period_start: at('2026-03-15T00:00:00Z'),
      current_period_end: at('2026-04-15T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 1000,
      status: 'paid',
      billing_reason: 'subscription_cycle',
    })
  })
  test('trial_will_end comes three days before the end, once', async () => {
    const { clock } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price, params: { trial_period_days: 14 } })
    expect(await it.eventsOf(() => it.advance(clock, '2026-03-11T23:59:59Z'))).toEqual([])
    expect(await it.eventsOf(() => it.advance(clock, '2026-03-12T00:00:01Z'))).toEqual([
      'customer.subscription.trial_will_end',
    ])
    expect(await it.eventsOf(() => it.advance(clock, '2026-03-14T23:59:59Z'))).toEqual([])
  })
  test('at once for a trial shorter than that', async () => {
    const { id: customer } = await it.aCustomer()
    expect(
      await it.eventsOf(() => it.stripe.subscriptions.create({ customer, items: [{ price }], trial_period_days: 2 })),
    ).toContain('customer.subscription.trial_will_end')
  })
  test.each([
    ['cancel', 'canceled', 'customer.subscription.deleted'],
    ['pause', 'paused', 'customer.subscription.paused'],
    ['create_invoice', 'past_due', 'invoice.payment_failed'],
  ] as const)(
    'without a card, missing_payment_method %s makes it %s',
    async (missing_payment_method, status, event) => {
      const { clock, subscription } = await it.aSubscriber({
        from: '2026-03-01T00:00:00Z',
        card: null,
        price,
        params: { trial_period_days: 14, trial_settings: { end_behavior: { missing_payment_method } } },
      })
      expect(await it.eventsOf(() => it.advance(clock, '2026-03-15T02:00:00Z'))).toContain(event)
      expect((await it.subscription(subscription.id)).status).toBe(status)
    },
  )
  test("trial_end: 'now' ends it and charges at once", async () => {
    const { customer, subscription } = await it.aSubscriber({
      from: '2026-03-01T00:00:00Z',
      price,
      params: { trial_period_days: 14 },
    })
    const active = await it.stripe.subscriptions.update(subscription.id, { trial_end: 'now' })
    expect(active).toMatchObject({ status: 'active', trial_end: at('2026-03-01T00:00:00Z') })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 1000,
      status: 'paid',
      billing_reason: 'subscription_update',
    })
  })
  test('another plan in a trial costs nothing yet, and the trial goes on', async () => {
    const dearer = await it.aPrice({ amount: 5000 })
    const { customer, subscription, item } = await it.aSubscriber({
      from: '2026-03-01T00:00:00Z',
      price,
      params: { trial_period_days: 14 },
    })
    const changed = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    expect(changed).toMatchObject({ status: 'trialing', trial_end: at('2026-03-15T00:00:00Z') })
    expect((await it.stripe.invoices.list({ customer })).data).toHaveLength(1)
  })
  test('trial_end and trial_period_days exclude each other', async () => {
    const { id: customer } = await it.aCustomer()
    const params = {
      customer,
      items: [{ price }],
      trial_period_days: 3,
      trial_end: Math.floor(Date.now() / 1000) + 5 * DAY,
    }
    expect(await errorOf(it.stripe.subscriptions.create(params))).toMatchObject({ code: 'parameters_exclusive' })
  })
})

describe('pausing and resuming (https://docs.stripe.com/changelog/endive/2026-09-30/pause-subscription)', () => {
  test('a paused one does not renew; resumed, it begins a new period and is charged', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    expect(
      await it.eventsOf(() =>
        it.stripe.subscriptions.pause(subscription.id, { bill_for: { unused_time_from: { type: 'none' } } }),
      ),
    ).toEqual(['customer.subscription.updated', 'customer.subscription.paused'])
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'paused',
      status_details: { paused: { subscription: { type: 'pause_requested' } } },
    })
    expect(await it.eventsOf(() => it.advance(clock, '2026-05-20T00:00:00Z'))).toEqual([])
    const events = await it.eventsOf(() => it.stripe.subscriptions.resume(subscription.id))
    expect(events.slice(-2)).toEqual(['customer.subscription.resumed', 'customer.subscription.updated'])
    expect(itemOf(await it.subscription(subscription.id))).toMatchObject({
      current_period_start: at('2026-05-20T00:00:00Z'),
      current_period_end: at('2026-06-20T00:00:00Z'),
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 1000, status: 'paid' })
  })
  test('only a paused one can be resumed', async () => {
    const { subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    expect(await errorOf(it.stripe.subscriptions.resume(subscription.id))).toMatchObject({ statusCode: 400 })
  })
  test('pause_collection leaves the status alone and voids renewals until it ends', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: 'void', resumes_at: at('2026-05-10T00:00:00Z') },
    })
    await it.advance(clock, '2026-05-02T00:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'active',
      pause_collection: { behavior: 'void' },
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ status: 'void' })
    await it.advance(clock, '2026-06-02T00:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({ pause_collection: null })
    expect(await it.latestInvoice(customer)).toMatchObject({ status: 'paid' })
  })
})

test('an unknown parameter of an item is refused', async () => {
  const { id: customer } = await it.aCustomer()
  expect(
    await errorOf(it.stripe.subscriptions.create(untyped({ customer, items: [{ price, plam: 'x' }] }))),
  ).toMatchObject({ param: 'items[0][plam]' })
})

async function failing(customer: string, on: boolean): Promise<void> {
  await fetch(`${it.sandbox.url}/_/customers/${customer}/fail-charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on }),
  })
}
