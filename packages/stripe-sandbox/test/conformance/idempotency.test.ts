import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, errorOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('idempotent requests (https://docs.stripe.com/api/idempotent_requests)', () => {
  test('repeating a key and its parameters returns the first response and has no second effect', async () => {
    const first = await it.stripe.customers.create({ email: 'once@example.com' }, { idempotencyKey: 'k1' })
    const events = await it.eventsOf(async () => {
      const again = await it.stripe.customers.create({ email: 'once@example.com' }, { idempotencyKey: 'k1' })
      expect(again.id).toBe(first.id)
      expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
    })
    expect(events).toEqual([])
  })
  test('the same key with different parameters is an idempotency error', async () => {
    await it.stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey: 'k2' })
    const error = await errorOf(it.stripe.customers.create({ email: 'b@example.com' }, { idempotencyKey: 'k2' }))
    expect(error).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
    expect(error.statusCode).toBe(400)
  })
  test('the same key for a different URL is an idempotency error', async () => {
    await it.stripe.customers.create({}, { idempotencyKey: 'k3' })
    expect(await errorOf(it.stripe.products.create({ name: 'x' }, { idempotencyKey: 'k3' }))).toBeInstanceOf(
      Stripe.errors.StripeIdempotencyError,
    )
  })
  test('an invalid request is not kept, so the corrected request may use its key', async () => {
    await errorOf(it.stripe.products.create(untyped({}), { idempotencyKey: 'k4' }))
    await expect(it.stripe.products.create({ name: 'Right' }, { idempotencyKey: 'k4' })).resolves.toMatchObject({
      name: 'Right',
    })
  })
  test('a declined payment (402) is kept', async () => {
    const params: Stripe.PaymentIntentCreateParams = {
      amount: 500,
      currency: 'usd',
      payment_method: 'pm_card_chargeDeclined',
      confirm: true,
    }
    const first = await errorOf(it.stripe.paymentIntents.create(params, { idempotencyKey: 'k5' }))
    const events = await it.eventsOf(async () => {
      const again = await errorOf(it.stripe.paymentIntents.create(params, { idempotencyKey: 'k5' }))
      expect(again.payment_intent?.id).toBe(first.payment_intent?.id)
    })
    expect(events).toEqual([])
  })
  test('a second request while the first is running is refused with 409 idempotency_key_in_use', async () => {
    // The request that arrives first is delayed long enough for the other to arrive meanwhile, also on a busy machine.
    await it.control('POST', '/_/fail-next', { count: 1, delayMs: 500 })
    const outcomes = await Promise.allSettled(
      ['first', 'second'].map(() => it.stripe.customers.create({}, { idempotencyKey: 'k6' })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { statusCode: 409, code: 'idempotency_key_in_use' },
    })
  })
  test('refuses a key of more than 255 characters', async () => {
    expect(await errorOf(it.stripe.customers.create({}, { idempotencyKey: 'k'.repeat(256) }))).toMatchObject({
      statusCode: 400,
    })
  })
  test('an event names the request that caused it, and its key', async () => {
    const customer = await it.stripe.customers.create({ email: 'named@example.com' }, { idempotencyKey: 'k7' })
    expect((await it.lastEvent('customer.created')).request).toEqual({
      id: customer.lastResponse.requestId,
      idempotency_key: 'k7',
    })
  })
})

describe('failing calls on request (POST /_/fail-next)', () => {
  test('a 500 is an API error, and a client that retries succeeds with one effect', async () => {
    await it.control('POST', '/_/fail-next', { count: 1, status: 500 })
    expect(await errorOf(it.stripe.customers.list())).toBeInstanceOf(Stripe.errors.StripeAPIError)
    await it.control('POST', '/_/fail-next', { count: 1, status: 500 })
    const retrying = clientOf(it.sandbox, { maxNetworkRetries: 2 })
    const events = await it.eventsOf(() => retrying.customers.create({}))
    expect(events).toEqual(['customer.created'])
  })
  test('a 429 is a rate limit error', async () => {
    await it.control('POST', '/_/fail-next', { count: 1, status: 429 })
    expect(await errorOf(it.stripe.customers.list())).toBeInstanceOf(Stripe.errors.StripeRateLimitError)
  })
  test('a connection that breaks after execution has one effect, although the client retries', async () => {
    await it.control('POST', '/_/fail-next', { count: 1, reset: true, afterExecution: true })
    const events = await it.eventsOf(() => clientOf(it.sandbox, { maxNetworkRetries: 2 }).customers.create({}))
    expect(events).toEqual(['customer.created'])
  })
  test.each([false, true])(
    'a kept 500 is returned for every repeat of its key (after execution: %s)',
    async (afterExecution) => {
      const client = clientOf(it.sandbox, { maxNetworkRetries: 0 })
      const create = (idempotencyKey: string) => client.customers.create({ name: idempotencyKey }, { idempotencyKey })
      const key = `kept-${afterExecution}`
      await it.control('POST', '/_/fail-next', { count: 1, status: 500, kept: true, afterExecution })
      const events = await it.eventsOf(async () => {
        expect((await errorOf(create(key))).headers?.['idempotent-replayed']).toBeUndefined()
        expect(await errorOf(create(key))).toMatchObject({
          statusCode: 500,
          headers: { 'idempotent-replayed': 'true' },
        })
      })
      expect(events).toEqual(afterExecution ? ['customer.created'] : [])
      await expect(create(`${key}-next`)).resolves.toMatchObject({ object: 'customer' })
    },
  )
  test("a call that is never answered ends with the client's timeout", async () => {
    await it.control('POST', '/_/fail-next', { count: 2, timeout: true })
    const error = await errorOf(clientOf(it.sandbox, { timeout: 60 }).customers.list())
    expect(error).toBeInstanceOf(Stripe.errors.StripeConnectionError)
    await it.control('POST', '/_/fail-next', { count: 0 })
    await expect(it.stripe.customers.list()).resolves.toMatchObject({ object: 'list' })
  })
})
