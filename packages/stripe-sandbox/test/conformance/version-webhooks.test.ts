import { expect, test } from 'vitest'
import { TestSandbox, untyped } from '../test-sandbox.ts'
import { startReceiver } from '../webhook-receiver.ts'

const ACACIA = '2025-02-24.acacia'

interface Payload {
  readonly api_version: string
  readonly type: string
  readonly data: {
    readonly object: Record<string, unknown>
    readonly previous_attributes?: Record<string, unknown>
  }
}

// https://docs.stripe.com/webhooks/versioning
test("events have the shape of their endpoint's version, old values too", async () => {
  await using older = await startReceiver()
  await using newest = await startReceiver()
  await using other = await TestSandbox.start()
  await other.stripe.webhookEndpoints.create({
    url: older.url,
    enabled_events: ['*'],
    api_version: untyped(ACACIA as never),
  })
  await other.stripe.webhookEndpoints.create({ url: newest.url, enabled_events: ['*'] })
  const price = await other.aPrice()
  const { clock, subscription } = await other.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
  await other.advance(clock, '2026-04-01T02:00:00Z')
  await other.sandbox.drained()
  const payloads = (from: typeof older, type: string) =>
    from.received.map(({ body }) => JSON.parse(body) as Payload).filter((event) => event.type === type)

  const [paid] = payloads(older, 'invoice.paid')
  expect(paid).toMatchObject({
    api_version: ACACIA,
    data: { object: { subscription: subscription.id, payment_intent: expect.stringMatching(/^pi_/), paid: true } },
  })
  const wasPaid = payloads(older, 'invoice.updated').find(({ data }) => data.previous_attributes?.['paid'] === false)
  expect(wasPaid?.data.previous_attributes).toMatchObject({ status: 'open', paid: false })
  const renewed = payloads(older, 'customer.subscription.updated').find(
    ({ data }) => data.previous_attributes?.['current_period_end'] !== undefined,
  )
  expect(renewed?.data).toMatchObject({
    object: { current_period_end: Date.parse('2026-05-01T00:00:00Z') / 1000 },
    previous_attributes: {
      current_period_start: Date.parse('2026-03-01T00:00:00Z') / 1000,
      current_period_end: Date.parse('2026-04-01T00:00:00Z') / 1000,
    },
  })
  expect(renewed?.data.previous_attributes).not.toHaveProperty('items')

  expect(payloads(newest, 'invoice.paid')[0]?.data.object).not.toHaveProperty('subscription')
  const asNow = payloads(newest, 'customer.subscription.updated').map(({ data }) => data.previous_attributes)
  expect(asNow.some((old) => old?.['items'] !== undefined)).toBe(true)
  expect(asNow.some((old) => old?.['current_period_end'] !== undefined)).toBe(false)
})

test("the account's version is the default of requests, endpoints and events", async () => {
  await using older = await TestSandbox.start({ settings: { apiVersion: ACACIA } })
  const price = await older.aPrice()
  const { subscription } = await older.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
  const bare = await fetch(`${older.sandbox.url}/v1/subscriptions/${subscription.id}`, {
    headers: { authorization: 'Bearer sk_test_sandbox' },
  })
  expect(bare.headers.get('stripe-version')).toBe(ACACIA)
  expect(await bare.json()).toHaveProperty('current_period_end')
  expect(await older.lastEvent('invoice.paid')).toMatchObject({
    api_version: ACACIA,
    data: { object: { paid: true, subscription: subscription.id } },
  })
  expect(subscription).not.toHaveProperty('current_period_end')
  expect(await older.request('PUT', '/_/settings', { apiVersion: '2020-08-27' })).toMatchObject({ status: 400 })
})

// https://docs.stripe.com/changelog/acacia/2024-10-28/refund-webhook-update
test('before 2024-10-28.acacia, refunds of charges have only events of their charge', async () => {
  await using older = await startReceiver()
  await using newer = await startReceiver()
  await using other = await TestSandbox.start({
    webhookEndpoints: [
      { url: older.url, secret: 'whsec_older', apiVersion: '2024-09-30.acacia' },
      { url: newer.url, secret: 'whsec_newer', apiVersion: '2024-10-28.acacia' },
    ],
  })
  const { id: price } = await other.aPrice()
  const { customer } = await other.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
  const { data: charges } = await other.stripe.charges.list({ customer })
  const refund = await other.stripe.refunds.create({ charge: charges[0]?.id ?? '' })
  await other.stripe.refunds.update(refund.id, { metadata: { case: '7' } })
  await other.request('POST', `/_/refunds/${refund.id}/fail`, {})
  await other.sandbox.drained()
  const about = (from: typeof older) =>
    from.received.map(({ body }) => (JSON.parse(body) as Payload).type).filter((type) => type.includes('refund'))
  const charge = ['charge.refunded', 'charge.refund.updated', 'charge.refund.updated']
  expect(about(older).toSorted()).toEqual(charge.toSorted())
  const own = ['refund.created', 'refund.updated', 'refund.updated', 'refund.failed']
  expect(about(newer).toSorted()).toEqual([...charge, ...own].toSorted())

  const list = async () => (await other.stripe.events.list({ type: 'refund.*' })).data.map(({ type }) => type)
  expect(await list()).toHaveLength(own.length)
  await other.request('PUT', '/_/settings', { apiVersion: '2024-09-30.acacia' })
  expect(await list()).toEqual([])
})
