import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card } from '../hosted-pages.ts'
import { DAY, expanded, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('a purchase at checkout', () => {
  test('a purchase creates customer, subscription and invoice, and keeps the card on the subscription', async () => {
    const session = await it.aCheckout({
      client_reference_id: 'user-1',
      metadata: { on: 'session' },
      subscription_data: { metadata: { on: 'subscription' } },
    })
    await browser.pay(session)
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
  test('the period is on the item, not on the subscription (since Basil)', async () => {
    const session = await it.aCheckout()
    await browser.pay(session)
    const done = await it.stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
    const subscription = expanded(done.subscription)
    expect(subscription).not.toHaveProperty('current_period_end')
    expect(itemOf(subscription).current_period_end).toBeGreaterThan(subscription.start_date)
  })
  test('a first purchase emits its events in order (sequence 1)', async () => {
    const session = await it.aCheckout()
    expect(await it.eventsOf(() => browser.pay(session))).toEqual([
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
  test('a declined card creates no subscription and no invoice, and leaves the session open (since Basil)', async () => {
    const session = await it.aCheckout()
    expect(await it.eventsOf(() => browser.pay(session, '4000000000000002'))).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ])
    expect(await it.eventsOf(() => browser.pay(session))).not.toContain('payment_intent.created')
  })
  test('a session for an existing customer creates no second customer', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    const session = await it.aCheckout({ customer })
    const page = await browser.open(session.url)
    expect(page.text).toContain('value="ada@example.com" readonly')
    await browser.submit(page, card('4242424242424242'))
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ customer, status: 'complete' })
  })
  test('a free plan needs no card when payment_method_collection is if_required (sequence 2)', async () => {
    const session = await it.aCheckout({ amount: 0, payment_method_collection: 'if_required' })
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
    expect((await browser.open((await it.aCheckout({ amount: 0 })).url)).text).toContain('cc-number')
  })
  test('a trial costs nothing today, and the subscription starts as trialing (sequence 14)', async () => {
    const session = await it.aCheckout({ subscription_data: { trial_period_days: 14 } })
    expect(session.amount_total).toBe(0)
    expect((await browser.open(session.url)).text).toContain('Free for 14 days, then $10.00 a month')
    const events = await it.eventsOf(() => browser.pay(session))
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

  test('is used first, and the page shows and charges the rest', async () => {
    const session = await it.aCheckout({ customer: await aCustomerOwed(400) })
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
  test('that covers the total leaves nothing to charge', async () => {
    const session = await it.aCheckout({ customer: await aCustomerOwed(2500) })
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
  test('that changes after a declined attempt counts with its value at the time of payment', async () => {
    const customer = await aCustomerOwed(400)
    const session = await it.aCheckout({ customer })
    await browser.pay(session, '4000000000000002')
    await it.stripe.customers.createBalanceTransaction(customer, { amount: 100, currency: 'usd' })
    await browser.pay(session)
    const { charged, invoice } = await bought(session)
    expect([charged, invoice.amount_due, invoice.amount_paid]).toEqual([700, 700, 700])
  })
  test('is unchanged by a trial', async () => {
    const session = await it.aCheckout({
      customer: await aCustomerOwed(400),
      subscription_data: { trial_period_days: 14 },
    })
    await browser.pay(session)
    expect(await bought(session)).toMatchObject({ charged: 0, balance: -400, subscription: 'trialing' })
  })
})

describe('authentication (3-D Secure)', () => {
  test("card 4000 0025 0000 3155 leads to the bank's page, and completing authentication there pays", async () => {
    const session = await it.aCheckout()
    const asked = await browser.pay(session, '4000 0025 0000 3155')
    expect(asked.status).toBe(303)
    expect(asked.location).toContain('/authenticate/')
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' })
    const answered = await browser.authenticate(asked, 'complete')
    expect(answered.location).toBe(`https://shop.example/ok?session=${session.id}`)
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
    })
  })
  test('failing authentication leads back to the form, where another card can pay', async () => {
    const session = await it.aCheckout()
    const asked = await browser.pay(session, '4000 0025 0000 3155')
    const failed = await browser.authenticate(asked, 'fail')
    expect(failed.alert).toContain('unable to authenticate')
    expect((await browser.pay(session)).status).toBe(303)
  })
  test('renewals succeed without authentication once the card has been authenticated', async () => {
    const session = await it.aCheckout()
    const asked = await browser.pay(session, '4000 0025 0000 3155')
    await browser.authenticate(asked, 'complete')
    await it.sandbox.advance({ days: 32 })
    const { customer } = await it.stripe.checkout.sessions.retrieve(session.id)
    expect(await it.latestInvoice(idOf(customer))).toMatchObject({
      billing_reason: 'subscription_cycle',
      status: 'paid',
    })
  })
  test('a session that was paid in another tab, or has expired, is not completed by the first one', async () => {
    const { id: coupon } = await it.stripe.coupons.create({ percent_off: 100, duration: 'once' })
    await it.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'FREE' })
    const paid = await it.aCheckout({ allow_promotion_codes: true })
    const asked = await browser.pay(paid, '4000 0025 0000 3155')
    const free = { ...card('4242 4242 4242 4242'), promotionCode: 'FREE' }
    const other = await browser.submit(await browser.open(paid.url), free)
    expect((await browser.submit(other, free)).status).toBe(303)
    const expired = await it.aCheckout({ subscription_data: { trial_period_days: 7 } })
    const late = await browser.pay(expired, '4000 0025 0000 3155')
    await it.stripe.checkout.sessions.expire(expired.id)
    const types = await it.eventsOf(async () => {
      for (const page of [asked, late]) {
        expect(await browser.open(page.location ?? '')).toMatchObject({ status: 404 })
        const secret = new URL(page.location ?? '').searchParams.get('secret') ?? ''
        const body = new URLSearchParams({ secret, decision: 'complete' })
        expect((await fetch(page.location ?? '', { method: 'POST', body, redirect: 'manual' })).status).toBe(404)
      }
    })
    expect(types).toEqual([])
  })
  test('the authentication page answers 404 without its secret', async () => {
    const asked = await browser.pay(await it.aCheckout(), '4000 0025 0000 3155')
    expect((await browser.open((asked.location ?? '').replace(/secret=.*/, 'secret=guess'))).status).toBe(404)
  })
})

describe('payment_pages, with which the Stripe CLI completes a checkout', () => {
  async function call(path: string, body?: Record<string, string>): Promise<{ status: number; json: unknown }> {
    const response = await fetch(`${it.sandbox.url}/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: 'Bearer sk_test_sandbox' },
      ...(body && { body: new URLSearchParams(body) }),
    })
    return { status: response.status, json: await response.json() }
  }
  test('confirming with a card and the expected amount completes the session', async () => {
    const session = await it.aCheckout()
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
  test('confirming with an amount that differs from the amount due is refused', async () => {
    const session = await it.aCheckout()
    expect(
      await call(`/payment_pages/${session.id}/confirm`, { payment_method: 'pm_card_visa', expected_amount: '1' }),
    ).toMatchObject({ status: 400, json: { error: { param: 'expected_amount' } } })
  })
})
