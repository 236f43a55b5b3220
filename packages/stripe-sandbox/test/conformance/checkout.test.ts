import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, Browser, card, DAY, errorOf, idOf, TestSandbox, type Page } from '../test-sandbox.ts'

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

describe('sessions (https://docs.stripe.com/api/checkout/sessions)', () => {
  test('a new one is open and unpaid, with a page and a day to live', async () => {
    const session = await aSession()
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
  test('line items come when asked for', async () => {
    const session = await aSession()
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).not.toHaveProperty('line_items')
    const { data } = await it.stripe.checkout.sessions.listLineItems(session.id)
    expect(data).toMatchObject([{ object: 'item', quantity: 1, amount_total: 1000, description: 'Pro' }])
  })
  test('subscription mode needs a recurring price', async () => {
    const price = await it.stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Once' } })
    expect(await errorOf(aSession({ line_items: [{ price: price.id, quantity: 1 }] }))).toMatchObject({
      statusCode: 400,
      param: 'mode',
    })
  })
  test('customer and customer_email exclude each other', async () => {
    const { id } = await it.aCustomer()
    expect(await errorOf(aSession({ customer: id, customer_email: 'a@example.com' }))).toMatchObject({
      code: 'parameters_exclusive',
    })
  })
  test('it lives from half an hour to a day', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect(await errorOf(aSession({ expires_at: now + 60 }))).toMatchObject({ param: 'expires_at' })
    expect(await errorOf(aSession({ expires_at: now + 2 * DAY }))).toMatchObject({ param: 'expires_at' })
    expect(await aSession({ expires_at: now + 1800 })).toMatchObject({ expires_at: now + 1800 })
  })
  test('a success address that is none is refused', async () => {
    expect(await errorOf(aSession({ success_url: 'javascript:alert(1)' }))).toMatchObject({ param: 'success_url' })
  })
  test('an archived price can’t be offered', async () => {
    const price = await it.aPrice()
    await it.stripe.prices.update(price.id, { active: false })
    expect(await errorOf(aSession({ line_items: [{ price: price.id, quantity: 1 }] }))).toMatchObject({
      param: 'line_items[0][price]',
    })
  })
  test('a price may be described on the spot', async () => {
    const session = await aSession({
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
  test('an expired one has no page and can’t be expired again', async () => {
    const session = await aSession()
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
  test('shows product, price and TEST MODE, and needs no script', async () => {
    const { text } = await browser.open((await aSession()).url)
    expect(text).toContain('TEST MODE')
    expect(text).toContain('$10.00 a month')
    expect(text).not.toContain('<script')
    for (const hint of ['email', 'cc-number', 'cc-exp', 'cc-csc', 'cc-name'])
      expect(text).toContain(`autocomplete="${hint}"`)
    expect(text).toContain('href="https://shop.example/plans"')
  })
  test('escapes what comes from the API', async () => {
    const price = await it.aPrice({ name: '<img src=x onerror=alert(1)>' })
    const { text } = await browser.open((await aSession({ line_items: [{ price: price.id, quantity: 1 }] })).url)
    expect(text).toContain('&lt;img src=x')
    expect(text).not.toContain('<img')
  })
  test('a card that pays leads to the success address with the session’s id', async () => {
    const session = await aSession()
    const page = await pay(session)
    expect(page).toMatchObject({ status: 303, location: `https://shop.example/ok?session=${session.id}` })
  })
  test('another site can’t send the form', async () => {
    const session = await aSession()
    const page = await browser.submit({ ...(await browser.open(session.url)), fields: {} }, card('4242424242424242'))
    expect(page.status).toBe(400)
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' })
  })
  test('a second submit, or the back button, buys nothing twice', async () => {
    const session = await aSession()
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
  ])('%s is told: %s', async (number, message) => {
    const session = await aSession()
    const page = await pay(session, number)
    expect(page).toMatchObject({ status: 402 })
    expect(page.alert?.replaceAll('&#39;', "'")).toBe(message)
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open', subscription: null })
  })
  test('a card of last year is refused', async () => {
    const page = await browser.open((await aSession()).url)
    const answer = await browser.submit(page, { ...card('4242424242424242'), cardExpiry: '01 / 20' })
    expect(answer.alert?.replaceAll('&#39;', "'")).toBe("Your card's expiration year is in the past.")
  })
})

test('checkout sessions live by the wall clock, whatever the sandbox’s says', async () => {
  await it.sandbox.advance({ days: 40 })
  const session = await aSession()
  expect(Math.abs(session.created - Date.now() / 1000)).toBeLessThan(5)
  expect(at(it.sandbox.now().toISOString()) - session.created).toBeGreaterThan(39 * DAY)
})
