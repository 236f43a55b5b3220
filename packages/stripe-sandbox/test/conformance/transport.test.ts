import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, errorOf, idOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

/** A request without the official client, as curl makes it. */
async function raw(
  path: string,
  init: Omit<RequestInit, 'headers'> & { key?: string | null; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { key = 'sk_test_sandbox', headers = {}, ...rest } = init
  return fetch(`${it.sandbox.url}${path}`, {
    ...rest,
    headers: { ...(key && { authorization: `Bearer ${key}` }), ...headers },
  })
}

describe('keys (https://docs.stripe.com/api/authentication)', () => {
  test('a wrong key is an authentication error that shows only the start and end of the key', async () => {
    const error = await errorOf(clientOf({ url: it.sandbox.url, secretKey: 'sk_test_wrong_key_here' }).customers.list())
    expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
    expect(error.statusCode).toBe(401)
    expect(error.message).toMatch(/^Invalid API Key provided: sk_test_\*+here$/)
  })
  test('a request without a key answers 401 and says how to send one', async () => {
    const response = await raw('/v1/customers', { key: null })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringContaining('You did not provide an API key') },
    })
  })
  test('a live key is refused', async () => {
    const error = await errorOf(clientOf({ url: it.sandbox.url, secretKey: 'sk_live_123' }).customers.list())
    expect(error.statusCode).toBe(401)
  })
  test('the key is accepted as the user name of basic authentication', async () => {
    const response = await raw('/v1/customers', {
      key: null,
      headers: { authorization: `Basic ${btoa('sk_test_sandbox:')}` },
    })
    expect(response.status).toBe(200)
  })
})

describe('requests', () => {
  test('every response has a request id, including errors', async () => {
    const customer = await it.stripe.customers.create({})
    expect(customer.lastResponse.requestId).toMatch(/^req_/)
    expect((await errorOf(it.stripe.customers.retrieve('cus_none'))).requestId).toMatch(/^req_/)
  })
  test("the response repeats the request's Stripe-Version", async () => {
    const response = await raw('/v1/customers', { headers: { 'stripe-version': '2026-09-30.endive' } })
    expect(response.headers.get('stripe-version')).toBe('2026-09-30.endive')
  })
  test('accepts lists with empty brackets, as curl sends them', async () => {
    const price = await it.aPrice()
    const { data } = (await (await raw(`/v1/prices?expand[]=data.product&product=${idOf(price.product)}`)).json()) as {
      data: { product: { name: string } }[]
    }
    expect(data[0]?.product.name).toBe('Pro')
  })
  test('accepts lists with numbers, as the official client sends them', async () => {
    const product = await it.stripe.products.create({
      name: 'Pictured',
      images: ['https://a.example/1.png', 'https://a.example/2.png'],
    })
    expect(product.images).toEqual(['https://a.example/1.png', 'https://a.example/2.png'])
  })
  test('outside of the API, an unknown address is a page for a browser, and JSON for a program', async () => {
    const ask = (accept: string) => fetch(`${it.sandbox.url}/_/nothing`, { headers: { accept } })
    const [page, json] = [await ask('text/html,*/*;q=0.8'), await ask('*/*')]
    expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('<h1>Page not found</h1>')])
    expect([json.status, await json.json()]).toMatchObject([
      404,
      { error: { message: expect.stringContaining('GET /_/nothing') } },
    ])
  })
  test('an unknown URL answers 404 and is named with its method', async () => {
    const response = await raw('/v1/nonsense')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      error: {
        type: 'invalid_request_error',
        message: expect.stringContaining('Unrecognized request URL (GET: /v1/nonsense)'),
      },
    })
  })
  test("a parameter named __proto__ doesn't reach the prototype", async () => {
    const customer = await it.stripe.customers.create({ metadata: JSON.parse('{"__proto__x": "1"}') })
    expect(customer.metadata).toEqual({ __proto__x: '1' })
    const response = await raw('/v1/customers', { method: 'POST', body: '__proto__[polluted]=1' })
    expect(response.status).toBe(400)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

describe('errors (https://docs.stripe.com/api/errors)', () => {
  test('an unknown id in the path is 404 resource_missing with param id', async () => {
    expect(await errorOf(it.stripe.customers.retrieve('cus_none'))).toMatchObject({
      statusCode: 404,
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
      param: 'id',
      message: "No such customer: 'cus_none'",
    })
  })
  test('an unknown price in the path has param price', async () => {
    expect(await errorOf(it.stripe.prices.retrieve('price_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'price',
    })
  })
  test('an unknown id in a parameter is 400 and names the parameter', async () => {
    const { id: customer } = await it.aCustomer()
    expect(await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price: 'price_none' }] }))).toMatchObject(
      {
        statusCode: 400,
        code: 'resource_missing',
        param: 'items[0][price]',
        message: "No such price: 'price_none'",
      },
    )
  })
  test('a missing parameter is refused by name', async () => {
    expect(await errorOf(it.stripe.products.create(untyped({})))).toMatchObject({
      statusCode: 400,
      code: 'parameter_missing',
      param: 'name',
      message: 'Missing required param: name.',
    })
  })
  test('an unknown parameter is refused by name', async () => {
    expect(await errorOf(it.stripe.customers.create(untyped({ nme: 'Ada' })))).toMatchObject({
      statusCode: 400,
      code: 'parameter_unknown',
      param: 'nme',
      message: 'Received unknown parameter: nme',
    })
  })
  test('an unknown nested parameter is named by its path', async () => {
    expect(await errorOf(it.stripe.customers.create(untyped({ address: { strasse: 'x' } })))).toMatchObject({
      param: 'address[strasse]',
    })
  })
  test('payment_method_types, which Endive removed from checkout, is refused', async () => {
    const price = await it.aPrice()
    const params = {
      mode: 'subscription',
      success_url: 'https://a.example/',
      line_items: [{ price: price.id, quantity: 1 }],
      payment_method_types: ['card'],
    }
    expect(await errorOf(it.stripe.checkout.sessions.create(untyped(params)))).toMatchObject({
      code: 'parameter_unknown',
      param: 'payment_method_types',
    })
  })
  test("billing_cycle_anchor: 'now', which Endive made an object, is refused", async () => {
    const price = await it.aPrice()
    const { id: customer } = await it.aCustomer()
    const subscription = await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    const params = untyped({ billing_cycle_anchor: 'now' })
    expect(await errorOf(it.stripe.subscriptions.update(subscription.id, params))).toMatchObject({
      statusCode: 400,
      param: 'billing_cycle_anchor',
    })
  })
  test('text where a whole number belongs is parameter_invalid_integer', async () => {
    const params = { currency: 'usd', unit_amount: 'ten', product_data: { name: 'x' } }
    expect(await errorOf(it.stripe.prices.create(untyped(params)))).toMatchObject({
      statusCode: 400,
      code: 'parameter_invalid_integer',
      param: 'unit_amount',
      message: 'Invalid integer: ten',
    })
  })
  test('an invalid choice is refused with a list of the valid choices', async () => {
    const params = {
      currency: 'usd',
      unit_amount: 1,
      product_data: { name: 'x' },
      recurring: { interval: 'fortnight' },
    }
    const error = await errorOf(it.stripe.prices.create(params))
    expect(error).toMatchObject({
      statusCode: 400,
      param: 'recurring[interval]',
      message: 'Invalid recurring[interval]: must be one of day, month, week, or year',
    })
    expect(error.code).toBeUndefined()
  })
  test("an empty value for a parameter that can't be unset is parameter_invalid_empty", async () => {
    const { id } = await it.stripe.products.create({ name: 'x' })
    expect(await errorOf(it.stripe.products.update(id, { name: '' }))).toMatchObject({
      code: 'parameter_invalid_empty',
      param: 'name',
    })
  })
  test('an error with a code has the URL of its documentation', async () => {
    expect((await errorOf(it.stripe.customers.retrieve('cus_none'))).doc_url).toBe(
      'https://stripe.com/docs/error-codes/resource-missing',
    )
  })
  test('a failed request changes nothing and emits no event', async () => {
    const before = it.sandbox.eventTypes().length
    await errorOf(it.stripe.customers.create({ email: 'gone@example.com', payment_method: 'pm_card_chargeDeclined' }))
    expect((await it.stripe.customers.list({ email: 'gone@example.com' })).data).toEqual([])
    expect(it.sandbox.eventTypes()).toHaveLength(before)
  })
})

describe('metadata (https://docs.stripe.com/api/metadata)', () => {
  test('an update merges metadata, an empty value removes its key, and an empty text removes all', async () => {
    const { id } = await it.stripe.customers.create({ metadata: { a: '1', b: '2' } })
    expect((await it.stripe.customers.update(id, { metadata: { b: '', c: '3' } })).metadata).toEqual({ a: '1', c: '3' })
    expect((await it.stripe.customers.update(id, { metadata: '' })).metadata).toEqual({})
  })
  test('refuses a key of more than 40 characters and a value of more than 500', async () => {
    expect(await errorOf(it.stripe.customers.create({ metadata: { ['k'.repeat(41)]: 'x' } }))).toMatchObject({
      statusCode: 400,
    })
    expect(await errorOf(it.stripe.customers.create({ metadata: { k: 'x'.repeat(501) } }))).toMatchObject({
      statusCode: 400,
      param: 'metadata[k]',
    })
  })
  test('refuses more than 50 keys', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'x']))
    expect(await errorOf(it.stripe.customers.create({ metadata }))).toMatchObject({ statusCode: 400 })
  })
})

describe('malformed and foreign requests', () => {
  test('too large a body answers 413 and a malformed URL 400, both in JSON', async () => {
    const large = await raw('/v1/customers', { method: 'POST', body: `name=${'x'.repeat(3_000_000)}` })
    expect([large.status, await large.json()]).toMatchObject([413, { error: { type: 'invalid_request_error' } }])
    const broken = await raw('/v1/customers/%E0%A4%A')
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: { type: 'invalid_request_error' } }])
  })
  test("another site's page can't use the controls", async () => {
    const response = await raw('/_/clock/advance', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' },
      body: '{"days":1}',
    })
    expect(response.status).toBe(403)
  })
  test('invalid JSON answers 400 at the controls', async () => {
    const response = await raw('/_/clock/advance', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    })
    expect(response.status).toBe(400)
  })
})
