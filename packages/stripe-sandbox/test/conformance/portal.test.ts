import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card, type Page } from '../hosted-pages.ts'
import { at, errorOf, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const from = '2026-03-01T00:00:00Z'

/** Presses one of a portal page's buttons. */
function press(page: Page, action: string, fields: Record<string, string>): Promise<Page> {
  return browser.submit(page, fields, { name: 'action', value: action })
}

describe('the customer portal (https://docs.stripe.com/customer-management)', () => {
  test("a session's page offers invoices, card and cancellation, and links to return_url", async () => {
    const { customer } = await it.aSubscriber({ from, price })
    const session = await it.stripe.billingPortal.sessions.create({
      customer,
      return_url: 'https://shop.example/account',
    })
    expect(session).toMatchObject({
      object: 'billing_portal.session',
      customer,
      flow: null,
      return_url: 'https://shop.example/account',
    })
    const { text } = await browser.open(session.url)
    for (const part of [
      'Pro',
      'Renews on 1 Apr 2026',
      'Cancel subscription',
      'Card',
      'Invoices',
      'href="https://shop.example/account"',
    ])
      expect(text).toContain(part)
  })
  test('canceling in flexible billing mode sets cancel_at, not cancel_at_period_end (https://docs.stripe.com/billing/subscriptions/billing-mode/compare)', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from, price })
    const session = await it.stripe.billingPortal.sessions.create({ customer })
    const page = await browser.open(session.url)
    await press(page, 'cancel', { subscription: subscription.id })
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'active',
      cancel_at: at('2026-04-01T00:00:00Z'),
      cancel_at_period_end: false,
      cancellation_details: { reason: 'cancellation_requested' },
    })
    await it.advance(clock, '2026-04-01T00:00:01Z')
    expect((await it.subscription(subscription.id)).status).toBe('canceled')
  })
  test('canceling in classic billing mode sets cancel_at_period_end', async () => {
    const { customer, subscription } = await it.aSubscriber({
      from,
      price,
      params: { billing_mode: { type: 'classic' } },
    })
    const session = await it.stripe.billingPortal.sessions.create({ customer })
    await press(await browser.open(session.url), 'cancel', { subscription: subscription.id })
    expect(await it.subscription(subscription.id)).toMatchObject({ cancel_at_period_end: true })
  })
  test('a cancellation can be undone', async () => {
    const { customer, subscription } = await it.aSubscriber({ from, price })
    const session = await it.stripe.billingPortal.sessions.create({ customer })
    await press(await browser.open(session.url), 'cancel', { subscription: subscription.id })
    expect((await browser.open(session.url)).text).toContain('Ends on 1 Apr 2026')
    await press(await browser.open(session.url), 'resume', { subscription: subscription.id })
    expect(await it.subscription(subscription.id)).toMatchObject({ cancel_at: null, canceled_at: null })
  })
  test('shows the card that the customer used at checkout', async () => {
    const { url } = await it.stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price, quantity: 1 }],
      success_url: 'https://shop.example/paid',
    })
    await browser.submit(await browser.open(url ?? ''), card('5555555555554444'))
    const [customer] = (await it.stripe.customers.list({ limit: 1 })).data
    const session = await it.stripe.billingPortal.sessions.create({ customer: customer?.id ?? '' })
    const { text } = await browser.open(session.url)
    expect(text).toContain('Mastercard ending in 4444')
    expect(text).not.toContain('There is no card yet')
  })
  test("a new card becomes the customer's default, and a declined one doesn't", async () => {
    const { customer } = await it.aSubscriber({ from, price })
    const session = await it.stripe.billingPortal.sessions.create({
      customer,
      flow_data: {
        type: 'payment_method_update',
        after_completion: { type: 'redirect', redirect: { return_url: 'https://shop.example/thanks' } },
      },
    })
    const page = await browser.open(session.url)
    expect((await press(page, 'change_card', card('4000000000000002'))).alert).toBe('Your card was declined.')
    const done = await press(page, 'change_card', card('5555555555554444'))
    expect(done.location).toBe('https://shop.example/thanks')
    const after = (await it.stripe.customers.retrieve(customer)) as Stripe.Customer
    expect(
      (await it.stripe.paymentMethods.retrieve(idOf(after.invoice_settings.default_payment_method))).card,
    ).toMatchObject({ brand: 'mastercard' })
  })
  test('customers can change to the plans of the configuration, and to no others', async () => {
    const dearer = await it.aPrice({ amount: 2000, name: 'Max' })
    const configuration = await it.stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price'],
          products: [{ product: idOf(dearer.product), prices: [dearer.id] }],
        },
      },
    })
    const { customer, subscription } = await it.aSubscriber({ from, price })
    const session = await it.stripe.billingPortal.sessions.create({ customer, configuration: configuration.id })
    const page = await browser.open(session.url)
    expect(page.text).toContain('Max: $20.00 a month')
    const other = await it.aPrice({ amount: 1 })
    expect((await press(page, 'change_plan', { subscription: subscription.id, price: other.id })).alert).toBe(
      'This is not available here.',
    )
    await press(page, 'change_plan', { subscription: subscription.id, price: dearer.id })
    expect(itemOf(await it.subscription(subscription.id)).price.id).toBe(dearer.id)
  })
  test("the default configuration offers every recurring price on sale except the subscription's own", async () => {
    await using fresh = await TestSandbox.start()
    const pro = await fresh.aPrice({ amount: 1000 })
    const { customer, subscription } = await fresh.aSubscriber({ from, price: pro.id })
    const session = await fresh.stripe.billingPortal.sessions.create({ customer })
    expect((await browser.open(session.url)).text).not.toContain('Change plan')

    const max = await fresh.aPrice({ amount: 9000, count: 3, name: 'Max' })
    const gone = await fresh.aPrice({ amount: 500, name: 'Gone' })
    await fresh.stripe.prices.update(gone.id, { active: false })
    const withdrawn = await fresh.aPrice({ amount: 600, name: 'Withdrawn' })
    await fresh.stripe.products.update(idOf(withdrawn.product), { active: false })
    await fresh.aPrice({ amount: 700, currency: 'eur', name: 'Euro' })
    await fresh.stripe.prices.create({ currency: 'usd', unit_amount: 800, product_data: { name: 'Once' } })
    const page = await browser.open(session.url)
    expect([...page.text.matchAll(/<option[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
      'Max: $90.00 every 3 months',
    ])
    const choose = async (price: string) =>
      (await press(page, 'change_plan', { subscription: subscription.id, price })).alert
    for (const price of [pro.id, gone.id, withdrawn.id]) expect(await choose(price)).toBe('This is not available here.')

    await press(page, 'cancel', { subscription: subscription.id })
    expect((await browser.open(session.url)).text).not.toContain('Change plan')
    expect(await choose(max.id)).toBe('This is not available here.')
    await press(page, 'resume', { subscription: subscription.id })
    expect(await choose(max.id)).toBeNull()
    expect(itemOf(await fresh.subscription(subscription.id)).price.id).toBe(max.id)
  })
  test("a plan change setting made by the API overrides the account's setting", async () => {
    await using fresh = await TestSandbox.start()
    const pro = await fresh.aPrice({ amount: 1000 })
    const { customer } = await fresh.aSubscriber({ from, price: pro.id })
    await fresh.stripe.billingPortal.sessions.create({ customer })
    const [configuration] = (await fresh.stripe.billingPortal.configurations.list({ is_default: true })).data
    const id = configuration?.id ?? ''
    expect(configuration?.features.subscription_update).toMatchObject({
      enabled: true,
      products: [{ product: idOf(pro.product), prices: [pro.id] }],
    })
    const set = async (settings: object) => (await fresh.request('PUT', '/_/settings', settings)).status
    const enabled = async () =>
      (await fresh.stripe.billingPortal.configurations.retrieve(id)).features.subscription_update.enabled
    expect(await set({ portalPlanChanges: 'no' })).toBe(400)
    expect(await set({ portalPlanChanges: false })).toBe(200)
    expect(await enabled()).toBe(false)
    await fresh.stripe.billingPortal.configurations.update(id, { features: { invoice_history: { enabled: true } } })
    expect(await set({ portalPlanChanges: true })).toBe(200)
    expect(await enabled()).toBe(true)
    await fresh.stripe.billingPortal.configurations.update(id, {
      features: { subscription_update: { enabled: false } },
    })
    expect(await enabled()).toBe(false)
  })
  test("refuses a flow for another customer's subscription", async () => {
    const [one, other] = [await it.aSubscriber({ from, price }), await it.aSubscriber({ from, price })]
    const flow_data = {
      type: 'subscription_cancel' as const,
      subscription_cancel: { subscription: other.subscription.id },
    }
    expect(await errorOf(it.stripe.billingPortal.sessions.create({ customer: one.customer, flow_data }))).toMatchObject(
      { statusCode: 400, param: 'flow_data[subscription_cancel][subscription]' },
    )
  })
  test("a form with another customer's subscription changes nothing", async () => {
    const [one, other] = [await it.aSubscriber({ from, price }), await it.aSubscriber({ from, price })]
    const session = await it.stripe.billingPortal.sessions.create({ customer: one.customer })
    await press(await browser.open(session.url), 'cancel', { subscription: other.subscription.id })
    expect((await it.subscription(other.subscription.id)).cancel_at).toBeNull()
  })
  test('an unknown link answers 404', async () => {
    expect((await browser.open(`${it.sandbox.url}/p/session/guess`)).status).toBe(404)
  })
})

describe('changes of plan as the configuration says', () => {
  async function aConfigured(subscription_update: object, trial_end?: number) {
    const [basic, pro] = [await it.aPrice({ amount: 1000, name: 'Basic' }), await it.aPrice({ amount: 3000 })]
    const products = [basic, pro].map(({ id, product }) => ({ product: idOf(product), prices: [id] }))
    const update = { enabled: true, default_allowed_updates: ['price'], products, ...subscription_update } as const
    const configuration = await it.stripe.billingPortal.configurations.create({
      features: { subscription_update: { ...update, default_allowed_updates: ['price'] } },
    })
    const subscriber = await it.aSubscriber({ from, price: pro.id, params: trial_end ? { trial_end } : {} })
    const { customer } = subscriber
    const session = await it.stripe.billingPortal.sessions.create({ customer, configuration: configuration.id })
    const change = async (to: string) =>
      press(await browser.open(session.url), 'change_plan', { subscription: subscriber.subscription.id, price: to })
    const page = async () => (await browser.open(session.url)).text
    return { ...subscriber, basic: basic.id, change, page, shown: configuration.features.subscription_update }
  }

  test('a cheaper plan waits for the end of the period', async () => {
    const schedule_at_period_end = { conditions: [{ type: 'decreasing_item_amount' }] }
    const { basic, change, clock, customer, page, shown, subscription } = await aConfigured({ schedule_at_period_end })
    expect(await page()).toMatch(/The new plan starts on 1 Apr 2026, at the end of your current period\.\s*</)
    expect(shown.schedule_at_period_end).toEqual(schedule_at_period_end)
    expect((await change(basic)).status).toBe(303)
    const waiting = await it.subscription(subscription.id)
    expect(waiting.items.data[0]?.price.id).not.toBe(basic)
    const schedule = await it.stripe.subscriptionSchedules.retrieve(idOf(waiting.schedule))
    expect(schedule).toMatchObject({ end_behavior: 'release', phases: [{}, { items: [{ price: basic }] }] })
    await it.advance(clock, '2026-05-02T00:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([3000, 1000, 1000])
    expect((await it.subscription(subscription.id)).schedule).toBeNull()
  })
  test('a change can start a new period, and end a trial', async () => {
    const adjustable_quantity = { enabled: true, maximum: 5 }
    const { product } = await it.stripe.prices.retrieve(price)
    const configuration = await it.stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          ...{ enabled: true, default_allowed_updates: ['price'] },
          products: [{ product: idOf(product), prices: [price], adjustable_quantity }],
        },
      },
    })
    expect(configuration.features.subscription_update.products?.[0]?.adjustable_quantity).toEqual({
      ...{ enabled: true, maximum: 5, minimum: 1 },
    })
    const now = await aConfigured({ billing_cycle_anchor: 'now', proration_behavior: 'none' })
    await it.advance(now.clock, '2026-03-11T00:00:00Z')
    expect(await now.page()).toMatch(/The new plan starts right away\.\s*</)
    await now.change(now.basic)
    expect((await it.subscription(now.subscription.id)).billing_cycle_anchor).toBe(at('2026-03-11T00:00:00Z'))
    const trial = await aConfigured({ trial_update_behavior: 'end_trial' }, at('2026-03-20T00:00:00Z'))
    await trial.change(trial.basic)
    expect((await it.subscription(trial.subscription.id)).status).toBe('active')
    expect((await it.latestInvoice(trial.customer)).total).toBe(1000)
  })
  test('a flow shows its offer to stay, and redeems its discount', async () => {
    const { id: coupon } = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const { customer, item, subscription } = await it.aSubscriber({ from, price })
    const about = { subscription: subscription.id }
    const retention = { type: 'coupon_offer', coupon_offer: { coupon } } as const
    const stay = await it.stripe.billingPortal.sessions.create({
      ...{ customer, flow_data: { type: 'subscription_cancel', subscription_cancel: { ...about, retention } } },
    })
    expect(stay.flow?.subscription_cancel?.retention).toEqual(retention)
    const dearer = await it.aPrice({ amount: 4000 })
    const change = { ...about, items: [{ id: item, price: dearer.id, quantity: 1 }], discounts: [{ coupon }] }
    const session = await it.stripe.billingPortal.sessions.create({
      ...{ customer, flow_data: { type: 'subscription_update_confirm', subscription_update_confirm: change } },
    })
    expect(session.flow?.subscription_update_confirm?.discounts).toEqual([{ coupon, promotion_code: null }])
    await press(await browser.open(session.url), 'change_plan', { subscription: subscription.id, price: dearer.id })
    expect((await it.subscription(subscription.id)).discounts).toHaveLength(1)
    const wrong = { ...retention, coupon_offer: { coupon: 'none' } }
    const missing = it.stripe.billingPortal.sessions.create({
      ...{ customer, flow_data: { type: 'subscription_cancel', subscription_cancel: { ...about, retention: wrong } } },
    })
    expect(await errorOf(missing)).toMatchObject({ code: 'resource_missing' })
  })
})
