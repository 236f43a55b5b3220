import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../hosted-pages.ts'
import { errorOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start({ otherSecretKeys: ['sk_test_other'] })
})
afterAll(() => it[Symbol.asyncDispose]())

/** A call as Stripe.js makes it, from a page of another site. */
async function call(
  path: string,
  params: Record<string, string> = {},
  { headers = {}, key = 'pk_test_sandbox', method = 'POST' }: { headers?: object; key?: string; method?: string } = {},
) {
  const form = new URLSearchParams(params)
  const url = `${it.sandbox.url}/v1/${path}?key=${key}${method === 'GET' ? `&${form.toString()}` : ''}`
  const response = await fetch(url, {
    method,
    headers: { origin: 'https://shop.example', ...headers },
    ...(method === 'POST' && { body: form }),
  })
  return {
    status: response.status,
    mayRead: response.headers.get('access-control-allow-origin'),
    body: (await response.json()) as Record<string, unknown>,
  }
}

const intent = () =>
  it.stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    metadata: { margin: '90%' },
    payment_method: 'pm_card_visa',
  })

describe('publishable keys (https://docs.stripe.com/keys)', () => {
  test('a browser creates a payment method and confirms with the client secret, and gets the public fields only', async () => {
    const card = { type: 'card', 'card[number]': '4242424242424242', 'card[exp_month]': '12', 'card[exp_year]': '2034' }
    const { body: method, mayRead } = await call('payment_methods', card)
    expect(mayRead).toBe('*')
    const { id, client_secret } = await intent()
    const secret = { client_secret: client_secret ?? '' }
    const confirmed = await call(`payment_intents/${id}/confirm`, { ...secret, payment_method: String(method['id']) })
    expect(confirmed).toMatchObject({ status: 200, body: { id, status: 'succeeded', payment_method: method['id'] } })
    const { body } = await call(`payment_intents/${id}`, secret, { method: 'GET' })
    expect(body).toMatchObject({ object: 'payment_intent', amount: 2000, currency: 'usd', client_secret })
    for (const hidden of ['metadata', 'customer', 'latest_charge', 'amount_received'])
      expect(body).not.toHaveProperty(hidden)
  })
  test('of an intent, a browser sees its payment method, and not the customer behind it', async () => {
    const { id: customer } = await it.stripe.customers.create({ email: 'private@example.com' })
    const { id: method } = await it.stripe.paymentMethods.attach('pm_card_visa', { customer })
    const made = await it.stripe.paymentIntents.create({
      ...{ amount: 2000, currency: 'usd', customer, payment_method: method },
    })
    const see = (path: string) =>
      call(
        `payment_intents/${made.id}`,
        { client_secret: made.client_secret ?? '', 'expand[]': path },
        { method: 'GET' },
      )
    expect(await see('payment_method')).toMatchObject({ status: 200, body: { payment_method: { id: method } } })
    for (const path of ['payment_method.customer', 'customer', 'latest_charge']) {
      const { status, body } = await see(path)
      expect({ status, body }).toMatchObject({ status: 400, body: { error: { param: 'expand' } } })
      expect(JSON.stringify(body)).not.toContain('private@example.com')
    }
  })
  test('an error has no more of the intent than an answer', async () => {
    const { id, client_secret } = await intent()
    const { status, body } = await call(`payment_intents/${id}/confirm`, {
      ...{ client_secret: client_secret ?? '', payment_method: 'pm_card_chargeDeclined' },
    })
    expect({ status, body }).toMatchObject({ status: 402, body: { error: { payment_intent: { id, amount: 2000 } } } })
    expect(JSON.stringify(body)).not.toContain('90%')
  })
  test('the answer to a repeated request has no more of the intent either', async () => {
    const { id, client_secret } = await intent()
    const confirm = () =>
      call(
        `payment_intents/${id}/confirm`,
        { client_secret: client_secret ?? '' },
        { headers: { 'idempotency-key': 'again' } },
      )
    const first = await confirm()
    expect(first).toMatchObject({ status: 200, body: { id, status: 'succeeded' } })
    expect(first.body).not.toHaveProperty('metadata')
    expect(await confirm()).toEqual(first)
  })
  test("a browser can't pay with another customer's card, for an intent or for a session", async () => {
    const { id: owner } = await it.aCustomer({ card: null })
    const { id: method } = await it.stripe.paymentMethods.attach('pm_card_visa', { customer: owner })
    const made = await it.stripe.paymentIntents.create({ amount: 2000, currency: 'usd' })
    const secret = { client_secret: made.client_secret ?? '', payment_method: method }
    const refused = { status: 400, body: { error: { param: 'payment_method' } } }
    expect(await call(`payment_intents/${made.id}/confirm`, secret)).toMatchObject(refused)
    const setup = await it.stripe.setupIntents.create({})
    const saving = { client_secret: setup.client_secret ?? '', payment_method: method, 'expand[]': 'payment_method' }
    expect(await call(`setup_intents/${setup.id}/confirm`, saving)).toMatchObject(refused)
    const { id: price } = await it.stripe.prices.create({
      ...{ currency: 'usd', unit_amount: 2500, product_data: { name: 'Mug' } },
    })
    const session = await it.stripe.checkout.sessions.create({
      ...{ mode: 'payment', ui_mode: 'elements', line_items: [{ price, quantity: 1 }] },
      return_url: 'https://shop.example/done',
    })
    const terms = { client_secret: session.client_secret ?? '', email: 'thief@example.com', payment_method: method }
    expect(await call(`payment_pages/${session.id}/elements/confirm`, terms)).toMatchObject(refused)
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' })
    expect((await it.stripe.charges.list({ customer: owner })).data).toEqual([])
  })
  test('a session that is sent somewhere is not paid without an address', async () => {
    const { id: price } = await it.stripe.prices.create({
      ...{ currency: 'usd', unit_amount: 2500, product_data: { name: 'Mug' } },
    })
    const session = await it.stripe.checkout.sessions.create({
      ...{ mode: 'payment', ui_mode: 'elements', line_items: [{ price, quantity: 1 }] },
      ...{ return_url: 'https://shop.example/done', shipping_address_collection: { allowed_countries: ['DE'] } },
    })
    const terms = {
      client_secret: session.client_secret ?? '',
      email: 'ada@example.com',
      payment_method: 'pm_card_visa',
    }
    const confirm = (more: Record<string, string> = {}) =>
      call(`payment_pages/${session.id}/elements/confirm`, { ...terms, ...more })
    expect(await confirm()).toMatchObject({ body: { error: { message: 'An address or an amount is missing.' } } })
    const address = { 'shipping_address[name]': 'Ada', 'shipping_address[address][country]': 'DE' }
    expect(await confirm(address)).toMatchObject({ body: { session: { status: { type: 'complete' } } } })
  })
  test('only a publishable key creates a confirmation token, outside of the test helper', async () => {
    const method = { payment_method: 'pm_card_visa' }
    expect(await call('confirmation_tokens', method)).toMatchObject({ status: 200 })
    const secret = it.stripe.rawRequest('POST', '/v1/confirmation_tokens', method)
    expect(await errorOf(secret)).toMatchObject({ statusCode: 403 })
    expect(await call('test_helpers/confirmation_tokens', method)).toMatchObject({ status: 403 })
  })
  test.each([
    ['another call', 'customers', {}, 403, 'secret_key_required'],
    ['an intent without its client secret', 'payment_intents/ID/confirm', {}, 403, 'secret_key_required'],
    ['a wrong client secret', 'payment_intents/ID/confirm', { client_secret: 'pi_x_secret_y' }, 400, undefined],
  ])('%s is refused and changes nothing', async (_what, path, params, status, code) => {
    const { id } = await intent()
    const before = it.sandbox.eventTypes()
    const answer = await call(path.replace('ID', id), params)
    expect(answer).toMatchObject({ status, body: { error: { type: 'invalid_request_error' } } })
    expect((answer.body['error'] as { code?: string }).code).toBe(code)
    expect((await it.stripe.paymentIntents.retrieve(id)).status).toBe('requires_confirmation')
    expect(it.sandbox.eventTypes()).toEqual(before)
  })
  test('a live key is refused, and a page of another site may not read answers to secret keys', async () => {
    expect(await call('payment_methods', {}, { key: 'pk_live_1' })).toMatchObject({ status: 401 })
    const response = await fetch(`${it.sandbox.url}/v1/customers?key=pk_test_sandbox`, {
      headers: { authorization: 'Bearer sk_test_sandbox', origin: 'https://shop.example' },
    })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
  test('pk_test_… opens the account of sk_test_…', async () => {
    const { body } = await call(
      'payment_methods',
      { type: 'card', 'card[token]': 'tok_visa' },
      { key: 'pk_test_other' },
    )
    expect(await errorOf(it.stripe.paymentMethods.retrieve(String(body['id'])))).toMatchObject({ statusCode: 404 })
  })
})

describe('customer sessions (https://docs.stripe.com/api/customer_sessions)', () => {
  const features: Stripe.CustomerSessionCreateParams.Components.PaymentElement.Features = {
    payment_method_redisplay: 'enabled',
    payment_method_redisplay_limit: 2,
    payment_method_allow_redisplay_filters: ['always', 'limited'],
    payment_method_remove: 'enabled',
  }
  const aSession = (customer: string, more: object = {}) =>
    it.stripe.customerSessions.create({
      customer,
      components: { payment_element: { enabled: true, features: { ...features, ...more } } },
    })
  const see = (secret: string) =>
    call('elements/sessions', { customer_session_client_secret: secret }, { method: 'GET' })
  async function savedCard(customer: string, token: string, allow_redisplay: 'always' | 'limited' | 'unspecified') {
    const { id } = await it.stripe.paymentMethods.create({ type: 'card', card: { token }, allow_redisplay })
    await it.stripe.paymentMethods.attach(id, { customer })
    return id
  }

  test('the client secret shows the saved cards that the filters and the limit let through, the newest first', async () => {
    const { id: customer } = await it.stripe.customers.create({ email: 'ada@example.com' })
    await savedCard(customer, 'tok_amex', 'always')
    const older = await savedCard(customer, 'tok_visa', 'always')
    const newer = await savedCard(customer, 'tok_mastercard', 'limited')
    await savedCard(customer, 'tok_discover', 'unspecified')
    const session = await aSession(customer)
    expect(session.expires_at - session.created).toBe(1800)
    const { body } = await see(session.client_secret)
    const shown = body['payment_methods'] as Record<string, unknown>[]
    expect(shown.map(({ id }) => id)).toEqual([newer, older])
    expect(Object.keys(shown[0] ?? {})).not.toContain('metadata')
    const { client_secret: hidden } = await aSession(customer, { payment_method_redisplay: 'disabled' })
    expect((await see(hidden)).body['payment_methods']).toEqual([])
  })
  test("it removes only its own customer's cards, and only if it may", async () => {
    const { id: customer } = await it.stripe.customers.create()
    const { id: other } = await it.stripe.customers.create()
    const [own, foreign] = [
      await savedCard(customer, 'tok_visa', 'always'),
      await savedCard(other, 'tok_visa', 'always'),
    ]
    const { client_secret } = await aSession(customer)
    const { client_secret: reading } = await aSession(customer, { payment_method_remove: 'disabled' })
    const remove = (method: string, secret: string) =>
      call(`elements/payment_methods/${method}/detach`, { customer_session_client_secret: secret })
    expect(await remove(foreign, client_secret)).toMatchObject({ status: 400 })
    expect(await remove(own, reading)).toMatchObject({ status: 400 })
    expect(await remove(own, client_secret)).toMatchObject({ status: 200, body: { id: own } })
    expect((await it.stripe.paymentMethods.list({ customer })).data).toEqual([])
    expect((await it.stripe.paymentMethods.list({ customer: other })).data).toHaveLength(1)
  })
  test('a wrong secret, a session without the Payment Element, and one without any component are refused', async () => {
    const { id: customer } = await it.stripe.customers.create()
    expect(await see('cuss_secret_wrong')).toMatchObject({
      status: 400,
      body: { error: { param: 'customer_session_client_secret' } },
    })
    const table = await it.stripe.customerSessions.create({
      customer,
      components: { pricing_table: { enabled: true } },
    })
    expect(await see(table.client_secret)).toMatchObject({ status: 400 })
    expect(await errorOf(it.stripe.customerSessions.create({ customer, components: {} }))).toMatchObject({
      param: 'components',
    })
  })
})

test('a token of a card becomes a payment method once (https://docs.stripe.com/api/tokens)', async () => {
  const card = { 'card[number]': '5555555555554444', 'card[exp_month]': '12', 'card[exp_year]': '2034' }
  const { body } = await call('tokens', { ...card, 'card[name]': 'Ada', 'card[address_zip]': '10117' })
  expect(body).toMatchObject({
    object: 'token',
    used: false,
    card: { brand: 'MasterCard', last4: '4444', name: 'Ada' },
  })
  const use = () => it.stripe.paymentMethods.create({ type: 'card', card: { token: String(body['id']) } })
  expect(await use()).toMatchObject({
    card: { last4: '4444', exp_year: 2034 },
    billing_details: { name: 'Ada', address: { postal_code: '10117' } },
  })
  expect(await errorOf(use())).toMatchObject({ code: 'token_already_used' })
  expect(await it.stripe.tokens.retrieve(String(body['id']))).toMatchObject({ used: true })
  expect(await call('tokens', { ...card, 'card[number]': '4000000000000001' })).toMatchObject({
    status: 402,
    body: { error: { code: 'incorrect_number' } },
  })
})

describe("the bank's page without Stripe.js", () => {
  test.each(['complete', 'fail'] as const)('sends the customer back with the outcome (%s)', async (decision) => {
    const { next_action, id, client_secret } = await it.stripe.paymentIntents.create({
      ...{ amount: 2000, currency: 'usd', payment_method: 'pm_card_authenticationRequired', confirm: true },
      return_url: 'https://shop.example/done?order=7',
    })
    const location = next_action?.redirect_to_url?.url ?? ''
    const browser = new Browser()
    const asked = { ...(await browser.open(location)), location }
    const { location: next } = await browser.authenticate(asked, decision)
    expect(Object.fromEntries(new URL(next ?? '').searchParams)).toEqual({
      ...{ order: '7', payment_intent: id, payment_intent_client_secret: client_secret },
      redirect_status: decision === 'complete' ? 'succeeded' : 'failed',
    })
  })
  test('a return_url that is no address is refused', async () => {
    const params = { amount: 2000, currency: 'usd', return_url: 'done' }
    expect(await errorOf(it.stripe.paymentIntents.create(params))).toMatchObject({
      code: 'url_invalid',
      param: 'return_url',
    })
  })
})
