import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card } from '../hosted-pages.ts'
import { at, DAY, errorOf, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('sessions (https://docs.stripe.com/api/checkout/sessions)', () => {
  test('a new session is open and unpaid, has a page and expires after a day', async () => {
    const session = await it.aCheckout()
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      mode: 'subscription',
      ui_mode: 'hosted_page',
      subscription: null,
      customer: null,
      invoice: null,
      amount_total: 1000,
      currency: 'usd',
    })
    expect(session.id).toMatch(/^cs_test_/)
    expect(session.expires_at - session.created).toBe(DAY)
  })
  test('an embedded session has a client secret and no page, and a URL or none to return to', async () => {
    const { id: price } = await it.aPrice()
    const create = (params: Stripe.Checkout.SessionCreateParams) =>
      it.stripe.checkout.sessions.create({
        ...{ mode: 'subscription', line_items: [{ price, quantity: 1 }] },
        ...params,
      })
    const return_url = 'https://shop.example/done?session={CHECKOUT_SESSION_ID}'
    const session = await create({ ui_mode: 'embedded_page', return_url })
    expect(session).toMatchObject({
      ...{ ui_mode: 'embedded_page', url: null, success_url: null, return_url, redirect_on_completion: 'always' },
      client_secret: expect.stringMatching(new RegExp(`^${session.id}_secret_`)),
    })
    expect(await create({ ui_mode: 'elements', return_url })).toMatchObject({ ui_mode: 'elements', url: null })
    expect(await create({ ui_mode: 'embedded_page', redirect_on_completion: 'never' })).not.toHaveProperty('return_url')
    const invalid: [Stripe.Checkout.SessionCreateParams, string][] = [
      [{ ui_mode: 'embedded_page' }, 'return_url'],
      [{ ui_mode: 'embedded_page', return_url: 'done' }, 'return_url'],
      [{ ui_mode: 'embedded_page', return_url, redirect_on_completion: 'never' }, 'return_url'],
      [{ ui_mode: 'embedded_page', return_url, success_url: return_url }, 'success_url'],
      [{ success_url: return_url, return_url }, 'return_url'],
      [{}, 'success_url'],
    ]
    for (const [params, param] of invalid)
      expect(await errorOf(create(params))).toMatchObject({ statusCode: 400, param })
  })
  test('line items are listed by their own call, and absent from the session', async () => {
    const session = await it.aCheckout()
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).not.toHaveProperty('line_items')
    const { data } = await it.stripe.checkout.sessions.listLineItems(session.id)
    expect(data).toMatchObject([{ object: 'item', quantity: 1, amount_total: 1000, description: 'Pro' }])
  })
  test('subscription mode requires a recurring price', async () => {
    const price = await it.stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Once' } })
    expect(await errorOf(it.aCheckout({ line_items: [{ price: price.id, quantity: 1 }] }))).toMatchObject({
      statusCode: 400,
      param: 'mode',
    })
  })
  test('refuses customer and customer_email together', async () => {
    const { id } = await it.aCustomer()
    expect(await errorOf(it.aCheckout({ customer: id, customer_email: 'a@example.com' }))).toMatchObject({
      code: 'parameters_exclusive',
    })
  })
  test('a session can expire after 30 minutes to a day, not earlier or later', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect(await errorOf(it.aCheckout({ expires_at: now + 60 }))).toMatchObject({ param: 'expires_at' })
    expect(await errorOf(it.aCheckout({ expires_at: now + 2 * DAY }))).toMatchObject({ param: 'expires_at' })
    expect(await it.aCheckout({ expires_at: now + 1800 })).toMatchObject({ expires_at: now + 1800 })
  })
  test("refuses a success_url that isn't a web address", async () => {
    expect(await errorOf(it.aCheckout({ success_url: 'javascript:alert(1)' }))).toMatchObject({ param: 'success_url' })
  })
  test('refuses an archived price', async () => {
    const price = await it.aPrice()
    await it.stripe.prices.update(price.id, { active: false })
    expect(await errorOf(it.aCheckout({ line_items: [{ price: price.id, quantity: 1 }] }))).toMatchObject({
      param: 'line_items[0][price]',
    })
  })
  test('accepts a price described inline with price_data', async () => {
    const session = await it.aCheckout({
      line_items: [
        {
          quantity: 2,
          price_data: {
            currency: 'usd',
            unit_amount: 300,
            recurring: { interval: 'month' },
            product_data: { name: 'Ad hoc' },
          },
        },
      ],
    })
    expect(session.amount_total).toBe(600)
  })
  test("an expired session has no page and can't be expired again", async () => {
    const session = await it.aCheckout()
    const events = await it.eventsOf(() => it.stripe.checkout.sessions.expire(session.id))
    expect(events).toEqual(['checkout.session.expired'])
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'expired',
      url: null,
      payment_status: 'unpaid',
    })
    expect(await errorOf(it.stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 })
    expect((await browser.open(session.url)).status).toBe(410)
  })
})

describe('the hosted page', () => {
  test('shows product, price and TEST MODE, and needs no JavaScript', async () => {
    const { text } = await browser.open((await it.aCheckout()).url)
    expect(text).toContain('TEST MODE')
    expect(text).toContain('$10.00 a month')
    expect(text).not.toContain('<script')
    for (const hint of ['email', 'cc-number', 'cc-exp', 'cc-csc', 'cc-name'])
      expect(text).toContain(`autocomplete="${hint}"`)
    expect(text).toContain('href="https://shop.example/plans"')
  })
  test('escapes HTML in names from the API', async () => {
    const price = await it.aPrice({ name: '<img src=x onerror=alert(1)>' })
    const { text } = await browser.open((await it.aCheckout({ line_items: [{ price: price.id, quantity: 1 }] })).url)
    expect(text).toContain('&lt;img src=x')
    expect(text).not.toContain('<img')
  })
  test('a successful payment redirects to success_url with the session id', async () => {
    const session = await it.aCheckout()
    const page = await browser.pay(session)
    expect(page).toMatchObject({ status: 303, location: `https://shop.example/ok?session=${session.id}` })
  })
  test("refuses a form without the page's token, as another site would send it", async () => {
    const session = await it.aCheckout()
    const page = await browser.submit({ ...(await browser.open(session.url)), fields: {} }, card('4242424242424242'))
    expect(page.status).toBe(400)
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' })
  })
  test('submitting the form three times creates one subscription', async () => {
    const session = await it.aCheckout()
    const form = await browser.open(session.url)
    const clicks = await Promise.all([1, 2, 3].map(() => browser.submit(form, card('4242424242424242'))))
    expect(clicks.map((page) => page.status)).toEqual([303, 303, 303])
    const { customer } = await it.stripe.checkout.sessions.retrieve(session.id)
    expect((await it.stripe.subscriptions.list({ customer: idOf(customer) })).data).toHaveLength(1)
    expect((await browser.open(session.url)).text).toContain('already complete')
  })
  test.each([
    ['4000 0000 0000 0002', 'Your card was declined.'],
    ['4000 0000 0000 9995', 'Your card has insufficient funds.'],
    ['4000 0000 0000 0069', 'Your card has expired.'],
    ['4000 0000 0000 0127', "Your card's security code is incorrect."],
    ['4000 0000 0000 0119', 'An error occurred while processing your card. Try again in a little bit.'],
    ['4000 0000 0000 0341', 'Your card was declined.'],
    ['4242 4242 4242 4241', 'Your card number is incorrect.'],
  ])('declines %s with: %s', async (number, message) => {
    const session = await it.aCheckout()
    const page = await browser.pay(session, number)
    expect(page).toMatchObject({ status: 402 })
    expect(page.alert?.replaceAll('&#39;', "'")).toBe(message)
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open', subscription: null })
  })
  test('refuses an expired card', async () => {
    const page = await browser.open((await it.aCheckout()).url)
    const answer = await browser.submit(page, { ...card('4242424242424242'), cardExpiry: '01 / 20' })
    expect(answer.alert?.replaceAll('&#39;', "'")).toBe("Your card's expiration year is in the past.")
  })
})

test("checkout sessions use the wall clock even if the sandbox's clock is ahead", async () => {
  await it.sandbox.advance({ days: 40 })
  const before = Math.floor(Date.now() / 1000)
  const session = await it.aCheckout()
  expect(session.created).toBeGreaterThanOrEqual(before)
  expect(session.created).toBeLessThanOrEqual(Date.now() / 1000)
  expect(at(it.sandbox.now().toISOString()) - session.created).toBeGreaterThan(39 * DAY)
})
