import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, type Page } from '../hosted-pages.ts'
import { at, errorOf, expanded, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const press = (page: Page, action: string, fields: Record<string, string>): Promise<Page> =>
  browser.submit(page, fields, { name: 'action', value: action })

test('customers pause for one of the times that the configuration offers, and resume (https://docs.stripe.com/billing/subscriptions/pause)', async () => {
  const duration = { type: 'interval_options', interval_options: [{ interval: 'month' }] } as const
  const { id, features } = await it.stripe.billingPortal.configurations.create({
    features: {
      subscription_pause: { enabled: true, duration: { ...duration, interval_options: [{ interval: 'month' }] } },
    },
  })
  const offered = [{ interval: 'month', interval_count: 1 }]
  expect(features.subscription_pause).toEqual({ enabled: true, duration: { ...duration, interval_options: offered } })
  const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
  const session = await it.stripe.billingPortal.sessions.create({ customer, configuration: id })
  const page = await browser.open(session.url)
  expect(page.text).toContain('Pause for 1 month')
  expect((await press(page, 'pause', { subscription: subscription.id, option: '0' })).status).toBe(303)
  expect(await it.subscription(subscription.id)).toMatchObject({ status: 'paused' })
  expect((await browser.open(session.url)).text).toContain('Resume subscription')
  await it.advance(clock, '2026-04-01T00:00:00Z')
  expect(await it.subscription(subscription.id)).toMatchObject({
    ...{ status: 'active', billing_cycle_anchor: at('2026-04-01T00:00:00Z') },
  })
  const unnamed = it.stripe.billingPortal.configurations.update(id, {
    features: { subscription_pause: { duration: { type: 'interval_options' } } },
  })
  expect(await errorOf(unnamed)).toMatchObject({
    param: 'features[subscription_pause][duration][interval_options]',
  })
})

test('a flow pauses without an end, and a paused subscription can be resumed', async () => {
  const { customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
  const { id: configuration } = await it.stripe.billingPortal.configurations.create({
    features: { subscription_pause: { duration: { type: 'indefinite' } } },
  })
  const flow = async (flow_data: Stripe.BillingPortal.SessionCreateParams.FlowData) =>
    it.stripe.billingPortal.sessions.create({ customer, configuration, flow_data })
  const session = await flow({ type: 'subscription_pause', subscription_pause: { subscription: subscription.id } })
  expect(session.flow).toMatchObject({ subscription_pause: { subscription: subscription.id } })
  await press(await browser.open(session.url), 'pause', { subscription: subscription.id, option: '0' })
  expect(await it.subscription(subscription.id)).toMatchObject({ status: 'paused', schedule: null })
  const again = flow({ type: 'subscription_pause', subscription_pause: { subscription: subscription.id } })
  expect(await errorOf(again)).toMatchObject({ statusCode: 400 })
  const home = await it.stripe.billingPortal.sessions.create({ customer, configuration })
  await press(await browser.open(home.url), 'end_pause', { subscription: subscription.id })
  expect(await it.subscription(subscription.id)).toMatchObject({ status: 'active' })
})

test('customers change their billing information (https://docs.stripe.com/changelog/dahlia/2026-08-26/adds-a-customer-update-deep-link-for-billing-portal-sessions)', async () => {
  const { id: customer } = await it.aCustomer()
  const session = await it.stripe.billingPortal.sessions.create({ customer, flow_data: { type: 'customer_update' } })
  expect(session.flow).toMatchObject({ type: 'customer_update', customer_update: {} })
  const page = await browser.open(session.url)
  const typed = { name: 'Ada Lovelace', email: 'ada@new.example', phone: '', line1: '1 Main St', country: 'GB' }
  expect((await press(page, 'update_details', { ...typed, email: 'none' })).alert).toContain('valid email')
  expect((await press(page, 'update_details', typed)).status).toBe(303)
  expect(await it.stripe.customers.retrieve(customer)).toMatchObject({
    ...{ name: 'Ada Lovelace', email: 'ada@new.example', phone: null },
    address: { line1: '1 Main St', country: 'GB', city: null },
  })
})

test('a login page leads customers to their portal by their email (https://docs.stripe.com/customer-management/activate-no-code-customer-portal)', async () => {
  await it.aCustomer({ email: 'login@example.com' })
  const { id, login_page } = await it.stripe.billingPortal.configurations.create({
    ...{ features: { invoice_history: { enabled: true } }, login_page: { enabled: true } },
  })
  const page = await browser.open(login_page.url ?? '')
  expect((await browser.submit(page, { email: 'nobody@example.com' })).status).toBe(404)
  const entered = await browser.submit(page, { email: 'login@example.com' })
  expect((await browser.open(entered.location ?? '')).text).toContain('login@example.com')
  await it.stripe.billingPortal.configurations.update(id, { login_page: { enabled: false } })
  expect((await browser.open(page.url)).status).toBe(404)
})

test('a session that expires can be recovered (https://docs.stripe.com/payments/checkout/abandoned-carts)', async () => {
  const recovery = { enabled: true, allow_promotion_codes: true }
  const session = await it.aCheckout({ amount: 1000, after_expiration: { recovery } })
  expect(session.after_expiration).toEqual({ recovery: { ...recovery, expires_at: null, url: null } })
  const { after_expiration } = await it.stripe.checkout.sessions.expire(session.id)
  const copy = await browser.open(after_expiration?.recovery?.url ?? '')
  const paid = await browser.pay({ url: copy.location ?? '' })
  expect(paid.status).toBe(303)
  const [newest] = (await it.stripe.checkout.sessions.list({ limit: 1, expand: ['data.subscription'] })).data
  expect(newest).toMatchObject({ recovered_from: session.id, status: 'complete', allow_promotion_codes: true })
  expect(expanded(newest?.subscription).status).toBe('active')
  expect((await browser.open(`${it.sandbox.url}/r/none`)).status).toBe(404)
})

test('an embedded form has a client secret and no page of its own', async () => {
  const session = await it.stripe.checkout.sessions.create({
    ...{
      mode: 'subscription',
      ui_mode: 'form',
      return_url: 'https://shop.example/',
      line_items: [{ price, quantity: 1 }],
    },
    subscription_data: { billing_mode: { type: 'flexible', flexible: { proration_discounts: 'itemized' } } },
  })
  expect(session).toMatchObject({ ui_mode: 'form', url: null, client_secret: expect.stringContaining('_secret_') })
  await it.stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, { payment_method: 'pm_card_visa' })
  const { subscription } = await it.stripe.checkout.sessions.retrieve(session.id)
  expect(await it.subscription(idOf(subscription))).toMatchObject({
    billing_mode: { type: 'flexible', flexible: { proration_discounts: 'itemized' } },
  })
})

test("a phase's added items can last as long as the phase", async () => {
  const { id: customer } = await it.aCustomer()
  const once = await it.stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Setup' } })
  const period = { start: { type: 'phase_start' }, end: { type: 'phase_end' } } as const
  const { phases, subscription } = await it.stripe.subscriptionSchedules.create({
    customer,
    start_date: 'now',
    phases: [
      {
        items: [{ price, quantity: 1 }],
        duration: { interval: 'month', interval_count: 3 },
        add_invoice_items: [{ price: once.id, period }],
      },
    ],
  })
  expect(phases[0]?.add_invoice_items[0]?.period).toEqual(period)
  const { lines } = await it.latestInvoice(customer)
  expect(lines.data.find(({ amount }) => amount === 500)?.period).toEqual({
    ...{ start: phases[0]?.start_date, end: phases[0]?.end_date },
  })
  expect(idOf(subscription)).toBeTruthy()
})
