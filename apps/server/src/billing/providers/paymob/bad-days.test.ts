import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  aPrice,
  control,
  failureOf,
  planOf,
} from '../../../../test/paymob-gateway.ts'

describe('the API', () => {
  test('that is down is an outage, and nothing is asked twice', async () => {
    await using setup = await aPaymobGateway()
    const { id } = await aPaymobSubscription(setup)
    await control(setup.sandbox, 'PUT', 'api', { down: true })
    let calls = 0
    const provider = setup.gateway.counting(() => (calls += 1)).withTimeBudget(5_000)
    const error = await failureOf(provider.fetchSubscription(id))
    expect(error.isOutage()).toBe(true)
    expect(calls).toBe(1)
    expect(await provider.checkAccess()).toBe('unreachable')
    await control(setup.sandbox, 'PUT', 'api', { down: false })
    expect(await provider.checkAccess()).toBe('ok')
  })

  test('that is too slow ends with the time budget', async () => {
    await using setup = await aPaymobGateway()
    await control(setup.sandbox, 'PUT', 'api', { down: false, slowMs: 3_000 })
    const started = performance.now()
    const error = await failureOf(setup.gateway.withTimeBudget(200).fetchSubscription('1201'))
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(error.isOutage()).toBe(true)
    const used = setup.gateway.withTimeBudget(60_000).withTimeBudget(0)
    expect((await failureOf(used.fetchSubscription('1201'))).isOutage()).toBe(true)
  })

  test('gets a new auth token once, when the old one is expired', async () => {
    await using setup = await aPaymobGateway()
    const { id } = await aPaymobSubscription(setup)
    let calls = 0
    const provider = setup.gateway.counting(() => (calls += 1)).withTimeBudget(20_000)
    await Promise.all([provider.fetchPaymentMethod(id), provider.fetchPaymentMethod(id)])
    expect(calls).toBe(4)
    await control(setup.sandbox, 'POST', 'tokens/expire')
    calls = 0
    await Promise.all([provider.fetchPaymentMethod(id), provider.fetchPaymentMethod(id)])
    expect(calls).toBeLessThanOrEqual(8)
    expect(await provider.fetchSubscription(id)).toMatchObject({ status: 'active' })
  })

  test.each([
    ['API key', { apiKey: 'wrong-api-key' }],
    ['secret key', { secretKey: 'egy_sk_test_wrong' }],
  ])('that refuses the %s says so, and no error has a key', async (_what, settings) => {
    await using setup = await aPaymobGateway({ settings })
    expect(await setup.provider().checkAccess()).toBe('refused')
    const input = {
      ...{ key: randomUUID(), planId: 'a', productId: 'b', name: 'Pro' },
      ...{ priceCents: 1, seats: null },
    }
    const work =
      'apiKey' in settings
        ? setup.provider().ensurePrice({ ...input, currency: 'egp', billingPeriod: 'monthly' })
        : aPaymobSubscription(setup)
    const error = await failureOf(work)
    // No call works with this key, so no round goes on with the next subscriber.
    expect(error.isRefusingAll()).toBe(true)
    const shown = `${String(error)} ${String(error.cause)} ${JSON.stringify(error.cause)}`
    for (const secret of [...Object.values(settings), setup.sandbox.apiKey, setup.sandbox.hmacSecret]) {
      expect(shown).not.toContain(secret)
    }
  })

  test.each([
    ['no JSON', '<html>Bad gateway</html>'],
    ['fields of other types', '{"id":"x","state":7}'],
    ['an answer that repeats the keys', '{"id":"sandbox-api-key egy_sk_test_sandbox egy_csk_test_0123"}'],
  ])('that answers with %s is an error without that answer', async (_what, body) => {
    const server = createServer((request, response) => {
      request.resume()
      const isToken = request.url === '/api/auth/tokens'
      response.writeHead(isToken ? 201 : body.includes('csk') ? 400 : 200).end(isToken ? '{"token":"t0ken"}' : body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await using setup = await aPaymobGateway({ settings: { apiUrl: `http://127.0.0.1:${port}` } })
    const error = await failureOf(setup.provider().fetchSubscription('1201'))
    server.closeAllConnections()
    server.close()
    expect(String(error.cause)).not.toMatch(/sandbox-api-key|sk_test_sandbox|csk_test|t0ken/)
    expect(String(error.cause)).toContain('GET /api/acceptance/subscriptions/1201')
  })

  test('is told apart by its merchant and mode', async () => {
    await using setup = await aPaymobGateway()
    expect(await setup.gateway.account()).toMatch(/^merchant_\d+:test$/)
    await using other = await aPaymobGateway({ settings: { apiKey: 'wrong' } })
    expect(await other.gateway.account()).toBeNull()
    await expect(aPaymobGateway({ settings: { publicKey: 'egy_pk_live_1' } })).rejects.toThrow('different modes')
  })
})

describe('callbacks', () => {
  const parts = (callback: { body: unknown; hmac: string | null }) => ({
    rawBody: Buffer.from(JSON.stringify(callback.body)),
    headers: {},
    query: callback.hmac === null ? {} : { hmac: callback.hmac },
  })

  test('of the sandbox are accepted, and lead to what is fetched', async () => {
    await using setup = await aPaymobGateway({ callbackUrl: 'http://127.0.0.1:9/billing/paymob/callback' })
    const { id, paymentId, customerId } = await aPaymobSubscription(setup)
    await setup.sandbox.advance({ days: 31 })
    const changes = setup.sandbox.callbacks().map((callback) => setup.gateway.verifyWebhook(parts(callback)))
    expect(new Set(changes.map((change) => change.id)).size).toBe(changes.length)
    expect(changes.map(({ type }) => type).toReversed()).toEqual([
      ...['TRANSACTION', 'TOKEN', 'Subscription Created', 'TRANSACTION', 'Successful Transaction'],
    ])
    expect(changes.map(({ news }) => news).toReversed()).toEqual(['paid', null, 'paid', 'paid', 'paid'])
    const payments = changes.filter(({ subject }) => subject?.kind === 'payment')
    for (const { subject } of payments) {
      expect(await setup.provider().findInvoice(subject?.id ?? '')).toMatchObject({ customerId })
    }
    expect(payments.at(-1)?.subject?.id).toBe(paymentId)
    expect(changes[0]).toMatchObject({ subject: { kind: 'subscription', id }, subscriptionHint: id })
  })

  test('that are forged with a valid HMAC change nothing that is read', async () => {
    await using setup = await aPaymobGateway()
    const { id, paymentId } = await aPaymobSubscription(setup)
    const other = await aPaymobSubscription(setup)
    const [created] = setup.sandbox.callbacks().filter(({ subscriptionId }) => String(subscriptionId) === id)
    const before = await setup.provider().fetchSubscription(id)
    await control(setup.sandbox, 'POST', `callbacks/${created?.id}/forge`, {
      set: { 'subscription_data.state': 'canceled', 'subscription_data.amount_cents': 1, trigger_type: 'canceled' },
    })
    const forged = setup.gateway.verifyWebhook(parts(setup.sandbox.callbacks()[0] ?? expect.fail()))
    expect(forged).toMatchObject({ subject: { kind: 'subscription', id } })
    expect(await setup.provider().fetchSubscription(id)).toEqual(before)

    const transaction = setup.sandbox
      .callbacks()
      .find(({ transactionId, kind }) => kind === 'transaction' && transactionId === Number(paymentId))
    await control(setup.sandbox, 'POST', `callbacks/${transaction?.id}/forge`, {
      set: { 'obj.id': Number(other.paymentId), 'obj.amount_cents': 1, 'obj.order.merchant_order_id': 'someone-elses' },
    })
    const stolen = setup.gateway.verifyWebhook(parts(setup.sandbox.callbacks()[0] ?? expect.fail()))
    expect(await setup.provider().findInvoice(stolen.subject?.id ?? '')).toEqual({
      ...{ invoiceId: other.paymentId, customerId: other.customerId },
    })
    expect(await setup.provider().fetchInvoice(stolen.subject?.id ?? '')).toMatchObject({ amountCents: 10_000 })
  })

  test('from last month have the id of then', async () => {
    await using setup = await aPaymobGateway()
    await aPaymobSubscription(setup)
    const then = setup.sandbox.callbacks()
    await setup.sandbox.advance({ days: 31 })
    for (const { id } of then) await control(setup.sandbox, 'POST', `callbacks/${id}/resend`)
    const ids = (callbacks: typeof then) => callbacks.map((each) => setup.gateway.verifyWebhook(parts(each)).id)
    const now = new Set(ids(setup.sandbox.callbacks()))
    expect(ids(then).every((id) => now.has(id))).toBe(true)
  })
})

test('what Paymob can not do is refused by a typed error', async () => {
  await using setup = await aPaymobGateway()
  const provider = setup.provider()
  const page = { since: new Date(), after: null }
  const item = { subscriptionId: '1201', itemId: 'item', quantity: 2 }
  const use = { key: 'a', feature: 'calls', customerId: 'b', units: 1, at: new Date() }
  const late = { ...use, subscriptionId: '1201', priceId: 'c', from: use.at, to: use.at, mayExist: false }
  const price = {
    ...{ key: 'a', planId: 'b', feature: 'calls', name: 'Calls', unitPrice: '1', currency: 'egp' },
    billingPeriod: 'monthly',
  } as const
  const calls = [
    ...[() => provider.openPortal({ providerCustomerId: 'a', returnUrl: 'b' }), () => provider.setQuantity(item)],
    ...[() => provider.previewQuantity(item), () => provider.listSubscriptions({ after: null })],
    ...[() => provider.reportUsage(use), () => provider.billUsage(late), () => provider.ensureOveragePrice(price)],
    ...[() => provider.setOverage({ subscriptionId: '1201', overage: { known: [], wanted: ['1'] } })],
    ...[() => provider.listInvoices(page), () => provider.listRefunds(page), () => provider.listDisputes(page)],
  ]
  for (const call of calls) await expect(call()).rejects.toMatchObject({ reason: 'PROVIDER_UNSUPPORTED' })
  const changes = provider.listChanges({ types: [], since: new Date(), until: null })[Symbol.asyncIterator]()
  expect(await changes.next()).toMatchObject({ done: true })
  await provider.releaseIdleSchedule('1201')
  expect(planOf('1201').itemId).toBeNull()
  expect(await aPrice(setup)).toMatch(/^\d+$/)
})
