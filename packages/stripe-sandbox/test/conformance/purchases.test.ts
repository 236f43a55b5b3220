import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card, DAY, expanded, idOf, itemOf, TestSandbox, type Page } from '../test-sandbox.ts'

let it: TestSandbox
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

async function aSession(
  params: Partial<Stripe.Checkout.SessionCreateParams> & { amount?: number } = {},
): Promise<Stripe.Checkout.Session & { url: string }> {
  const { amount, ...rest } = params
  const price = await it.aPrice({ amount })
  const session = await it.stripe.checkout.sessions.create({
    mode: 'subscription',
    success_url: 'https://shop.example/ok?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://shop.example/plans',
    line_items: [{ price: price.id, quantity: 1 }],
    ...rest,
  })
  if (session.url === null) throw new Error('The session has no page.')
  return { ...session, url: session.url }
}

async function pay(session: { url: string }, number = '4242 4242 4242 4242'): Promise<Page> {
  return browser.submit(await browser.open(session.url), card(number))
}

describe('what a purchase leaves', () => {
  test('customer, subscription and invoice, the card kept on the subscription', async () => {
    const session = await aSession({
      client_reference_id: 'user-1',
      metadata: { on: 'session' },
      subscription_data: { metadata: { on: 'subscription' } },
    })
    await pay(session)
    const done = await it.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription.latest_invoice', 'customer'],
    })
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      client_reference_id: 'user-1',
      metadata: { on: 'session' },
      customer_details: { email: 'ada@example.com', name: 'Ada Lovelace' },
    })
    const subscription = expanded(done.subscription)
    expect(subscription).toMatchObject({
      status: 'active',
      metadata: { on: 'subscription' },
      billing_mode: { type: 'flexible' },
    })
    expect(subscription.default_payment_method).toMatch(/^pm_/)
    expect(expanded(done.customer)).toMatchObject({
      email: 'ada@example.com',
      invoice_settings: { default_payment_method: null },
    })
    const invoice = expanded(subscription.latest_invoice)
    expect(invoice.id).toBe(idOf(done.invoice))
    expect(invoice).toMatchObject({
      status: 'paid',
      billing_reason: 'subscription_create',
      amount_paid: 1000,
      parent: { subscription_details: { metadata: { on: 'subscription' } } },
    })
  })
  test('the period is on the item, not on the subscription (basil)', async () => {
    const session = await aSession()
    await pay(session)
    const done = await it.stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
    const subscription = expanded(done.subscription)
    expect(subscription).not.toHaveProperty('current_period_end')
    expect(itemOf(subscription).current_period_end).toBeGreaterThan(subscription.start_date)
  })
  test('the events of a first purchase, in their order (sequence 1)', async () => {
    const session = await aSession()
    expect(await it.eventsOf(() => pay(session))).toEqual([
      'customer.created',
      'payment_method.attached',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
      'checkout.session.completed',
    ])
  })
  test('a declined card leaves no subscription and no invoice, and the session open (basil)', async () => {
    const session = await aSession()
    expect(await it.eventsOf(() => pay(session, '4000000000000002'))).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ])
    expect(await it.eventsOf(() => pay(session))).not.toContain('payment_intent.created')
  })
  test('a session for a known customer makes no second one', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    const session = await aSession({ customer })
    const page = await browser.open(session.url)
    expect(page.text).toContain('value="ada@example.com" readonly')
    await browser.submit(page, card('4242424242424242'))
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ customer, status: 'complete' })
  })
  test('a free plan needs no card when payment_method_collection is if_required (sequence 2)', async () => {
    const session = await aSession({ amount: 0, payment_method_collection: 'if_required' })
    const page = await browser.open(session.url)
    expect(page.text).not.toContain('cc-number')
    const events = await it.eventsOf(() => browser.submit(page, { email: 'free@example.com' }))
    expect(events).toEqual([
      'customer.created',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'checkout.session.completed',
    ])
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      payment_status: 'no_payment_required',
      status: 'complete',
    })
  })
  test('a free plan asks for a card by default', async () => {
    expect((await browser.open((await aSession({ amount: 0 })).url)).text).toContain('cc-number')
  })
  test('a trial costs nothing today and begins on trialing (sequence 14)', async () => {
    const session = await aSession({ subscription_data: { trial_period_days: 14 } })
    expect(session.amount_total).toBe(0)
    expect((await browser.open(session.url)).text).toContain('Free for 14 days, then $10.00 a month')
    const events = await it.eventsOf(() => pay(session))
    expect(events).toContain('setup_intent.succeeded')
    expect(events).not.toContain('charge.succeeded')
    const done = await it.stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
    const subscription = expanded(done.subscription)
    expect(done.payment_status).toBe('no_payment_required')
    expect(subscription).toMatchObject({ status: 'trialing', trial_end: (subscription.trial_start ?? 0) + 14 * DAY })
    expect(itemOf(subscription).current_period_end).toBe(subscription.trial_end)
  })
})

describe("a customer's balance (https://docs.stripe.com/billing/customer/balance)", () => {
  const aCustomerOwed = async (credit: number) => {
    const { id } = await it.aCustomer({ card: null })
    await it.stripe.customers.createBalanceTransaction(id, { amount: -credit, currency: 'usd' })
    return id
  }
  const bought = async ({ id }: { id: string }) => {
    const session = await it.stripe.checkout.sessions.retrieve(id, {
      expand: ['subscription.latest_invoice', 'customer', 'payment_intent'],
    })
    const { data } = await it.stripe.charges.list({ customer: idOf(session.customer) })
    const charges = data.filter(({ paid }) => paid)
    const subscription = expanded(session.subscription)
    const { amount_due, amount_paid, starting_balance, status } = expanded(subscription.latest_invoice)
    return {
      charged: charges.reduce((sum, charge) => sum + charge.amount, 0),
      balance: expanded(session.customer as Stripe.Customer).balance,
      subscription: subscription.status,
      invoice: { amount_due, amount_paid, starting_balance, status },
      payment_status: session.payment_status,
    }
  }

  test('is used first: the page shows and charges what is left', async () => {
    const session = await aSession({ customer: await aCustomerOwed(400) })
    const page = await browser.open(session.url)
    expect(page.text).toContain('<p class="amount">$6.00</p>')
    expect(page.text).toContain('-$4.00')
    await browser.submit(page, card('4242424242424242'))
    expect(await bought(session)).toEqual({
      charged: 600,
      balance: 0,
      subscription: 'active',
      invoice: { amount_due: 600, amount_paid: 600, starting_balance: -400, status: 'paid' },
      payment_status: 'paid',
    })
  })
  test('that covers it all leaves nothing to charge', async () => {
    const session = await aSession({ customer: await aCustomerOwed(2500) })
    const page = await browser.open(session.url)
    expect(page.text).toContain('<p class="amount">$0.00</p>')
    await browser.submit(page, card('4242424242424242'))
    expect(await bought(session)).toEqual({
      charged: 0,
      balance: -1500,
      subscription: 'active',
      invoice: { amount_due: 0, amount_paid: 0, starting_balance: -2500, status: 'paid' },
      payment_status: 'no_payment_required',
    })
  })
  test('that changes after a declined try counts as it is when the page is paid', async () => {
    const customer = await aCustomerOwed(400)
    const session = await aSession({ customer })
    await pay(session, '4000000000000002')
    await it.stripe.customers.createBalanceTransaction(customer, { amount: 100, currency: 'usd' })
    await pay(session)
    const { charged, invoice } = await bought(session)
    expect([charged, invoice.amount_due, invoice.amount_paid]).toEqual([700, 700, 700])
  })
  test('leaves a trial and its balance alone', async () => {
    const session = await aSession({
      customer: await aCustomerOwed(400),
      subscription_data: { trial_period_days: 14 },
    })
    await pay(session)
    expect(await bought(session)).toMatchObject({ charged: 0, balance: -400, subscription: 'trialing' })
  })
})

describe('authentication (3-D Secure)', () => {
  test('4000 0025 0000 3155 leads to the bank’s page; completing it pays', async () => {
    const session = await aSession()
    const asked = await pay(session, '4000 0025 0000 3155')
    expect(asked.status).toBe(303)
    expect(asked.location).toContain('/authenticate/')
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' })
    const answered = await browser.submit(
      await browser.open(asked.location ?? ''),
      {},
      { name: 'decision', value: 'complete' },
    )
    expect(answered.location).toBe(`https://shop.example/ok?session=${session.id}`)
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
    })
  })
  test('failing it leads back to the form, and another card still pays', async () => {
    const session = await aSession()
    const asked = await pay(session, '4000 0025 0000 3155')
    const failed = await browser.submit(
      await browser.open(asked.location ?? ''),
      {},
      { name: 'decision', value: 'fail' },
    )
    expect(failed.alert).toContain('unable to authenticate')
    expect((await pay(session)).status).toBe(303)
  })
  test('once authenticated, renewals go through by themselves', async () => {
    const session = await aSession()
    const asked = await pay(session, '4000 0025 0000 3155')
    await browser.submit(await browser.open(asked.location ?? ''), {}, { name: 'decision', value: 'complete' })
    await it.sandbox.advance({ days: 32 })
    const { customer } = await it.stripe.checkout.sessions.retrieve(session.id)
    expect(await it.latestInvoice(idOf(customer))).toMatchObject({
      billing_reason: 'subscription_cycle',
      status: 'paid',
    })
  })
  test('the page is no one’s without its secret', async () => {
    const asked = await pay(await aSession(), '4000 0025 0000 3155')
    expect((await browser.open((asked.location ?? '').replace(/secret=.*/, 'secret=guess'))).status).toBe(404)
  })
})

describe('payment_pages, by which the Stripe CLI finishes a checkout', () => {
  async function call(path: string, body?: Record<string, string>): Promise<{ status: number; json: unknown }> {
    const response = await fetch(`${it.sandbox.url}/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: 'Bearer sk_test_sandbox' },
      ...(body && { body: new URLSearchParams(body) }),
    })
    return { status: response.status, json: await response.json() }
  }
  test('confirm with a card and the expected amount completes the session', async () => {
    const session = await aSession()
    expect(await call(`/payment_pages/${session.id}`)).toMatchObject({ status: 200, json: { invoice_total: 1000 } })
    const { id: payment_method } = await it.stripe.paymentMethods.create({
      type: 'card',
      card: { token: 'tok_visa' },
      billing_details: { email: 'cli@example.com' },
    })
    expect(
      await call(`/payment_pages/${session.id}/confirm`, { payment_method, expected_amount: '1000' }),
    ).toMatchObject({ status: 200, json: { status: 'complete' } })
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      payment_status: 'paid',
      customer_details: { email: 'cli@example.com' },
    })
  })
  test('another amount than the one due is refused', async () => {
    const session = await aSession()
    expect(
      await call(`/payment_pages/${session.id}/confirm`, { payment_method: 'pm_card_visa', expected_amount: '1' }),
    ).toMatchObject({ status: 400, json: { error: { param: 'expected_amount' } } })
  })
})
