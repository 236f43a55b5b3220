import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { errorOf, PATIENCE_MS, TestSandbox } from '../test-sandbox.ts'
import { startEndpoint, startReceiver } from '../webhook-receiver.ts'
import { SECRET, verify, withEndpoint } from '../with-endpoint.ts'

describe('delivery (https://docs.stripe.com/webhooks)', () => {
  test('the official package accepts the signature of the raw body, and refuses another secret or body', async () => {
    await using world = await withEndpoint()
    await world.deliverAnEvent({ email: 'ada@example.com' })
    const got = world.receiver.first()
    expect(verify(got, SECRET)).toMatchObject({
      type: 'customer.created',
      livemode: false,
      api_version: '2026-10-28.endive',
      data: { object: { email: 'ada@example.com' } },
    })
    expect(() => verify(got, 'whsec_other')).toThrow(Stripe.errors.StripeSignatureVerificationError)
    expect(() => verify({ ...got, body: `${got.body} ` }, SECRET)).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    )
  })
  test('drained() waits as long as deliveries keep arriving, however long that takes in total', async () => {
    const [events, delayMs, patienceMs] = [50, 50, 2000]
    let answered = 0
    let previous = Promise.resolve()
    await using slow = await startEndpoint((response) => {
      previous = previous
        .then(() => sleep(delayMs))
        .then(() => {
          answered += 1
          response.end()
        })
    })
    await using it = await TestSandbox.start({ webhookEndpoints: [{ url: slow.url }] })
    await Promise.all(Array.from({ length: events }, () => it.stripe.customers.create({})))
    // All deliveries take longer than the patience, but each is far quicker, also on a busy machine.
    expect(events * delayMs).toBeGreaterThan(patienceMs)
    await it.sandbox.drained(patienceMs)
    expect(answered).toBe(events)
  })
  test('a button of the control page does not wait for the retries of an app that is down', async () => {
    await using down = await startEndpoint(() => undefined)
    const { url } = down
    await down[Symbol.asyncDispose]()
    await using it = await TestSandbox.start({ webhookEndpoints: [{ url }], retryDelaysMs: [3_600_000] })
    const pressed = await fetch(`${it.sandbox.url}/_/buttons/sample-plans`, {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams() },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    expect(pressed.status).toBe(303)
    const page = await fetch(new URL(pressed.headers.get('location') ?? '', it.sandbox.url))
    expect(await page.text()).toContain('9 events, 9 still in progress')
  })
  test('the signature is t and v1, an HMAC-SHA256 of "t.body" (https://docs.stripe.com/webhooks#verify-manually)', async () => {
    await using world = await withEndpoint()
    const before = Math.floor(Date.now() / 1000)
    await world.deliverAnEvent()
    const got = world.receiver.first()
    const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(got.headers['stripe-signature'])) ?? []
    expect(signature).toBe(createHmac('sha256', SECRET).update(`${time}.${got.body}`).digest('hex'))
    expect(Number(time)).toBeGreaterThanOrEqual(before)
    expect(Number(time)).toBeLessThanOrEqual(Date.now() / 1000)
    expect(got.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    })
  })
  test("signs with wall-clock time even if the sandbox's clock is far ahead", async () => {
    await using world = await withEndpoint()
    await world.it.sandbox.advance({ days: 400 })
    await world.deliverAnEvent()
    const got = world.receiver.first()
    expect(verify(got, SECRET).created - Date.now() / 1000).toBeGreaterThan(399 * 24 * 60 * 60)
  })
  test('an endpoint receives only the events it enabled, and its secret is shown once', async () => {
    await using receiver = await startReceiver()
    await using it = await TestSandbox.start()
    const endpoint = await it.stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['product.created'] })
    expect(endpoint.secret).toMatch(/^whsec_/)
    expect(await it.stripe.webhookEndpoints.retrieve(endpoint.id)).not.toHaveProperty('secret')
    await it.stripe.customers.create({})
    await it.stripe.products.create({ name: 'x' })
    await it.sandbox.drained()
    expect(receiver.types()).toEqual(['product.created'])
  })
  test('a delivery is retried until the endpoint answers 2xx', async () => {
    await using world = await withEndpoint((call) => (call < 3 ? 500 : 200))
    await world.deliverAnEvent()
    expect(world.receiver.types()).toEqual(['customer.created', 'customer.created', 'customer.created'])
    expect(new Set(world.receiver.received.map((each) => each.event.id)).size).toBe(1)
    expect(await world.it.control('GET', '/_/deliveries')).toMatchObject([
      { status: 'delivered', attempts: 3, responseStatus: 200, nextAttemptAt: null },
    ])
  })
  test('a redirect counts as a failure and is not followed', async () => {
    await using world = await withEndpoint(() => 302)
    await world.deliverAnEvent()
    expect(world.it.sandbox.deliveries()).toMatchObject([{ status: 'failed', attempts: 3, responseStatus: 302 }])
  })
  test('an event whose retries failed is listed with delivery_success: false until it is resent', async () => {
    let down = true
    await using world = await withEndpoint(() => (down ? 500 : 200))
    await world.deliverAnEvent()
    expect((await world.it.stripe.events.list({ delivery_success: false })).data).toHaveLength(1)
    down = false
    const [delivery] = world.it.sandbox.deliveries() as { id: string }[]
    await world.it.control('POST', `/_/deliveries/${delivery?.id}/resend`)
    await world.it.sandbox.drained()
    expect((await world.it.stripe.events.list({ delivery_success: false })).data).toEqual([])
    expect((await world.it.stripe.events.list({ delivery_success: true })).data[0]).toMatchObject({
      pending_webhooks: 0,
    })
  })
  test('a disabled endpoint receives nothing', async () => {
    await using world = await withEndpoint()
    const [endpoint] = (await world.it.stripe.webhookEndpoints.list()).data
    expect(await world.it.stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: true })).toMatchObject({
      status: 'disabled',
    })
    await world.deliverAnEvent()
    expect(world.receiver.types()).toEqual([])
  })
  test('what happens while an endpoint is disabled is never sent, and does not count as undelivered', async () => {
    await using world = await withEndpoint()
    const { stripe } = world.it
    const id = (await stripe.webhookEndpoints.list()).data[0]?.id ?? ''
    await stripe.webhookEndpoints.update(id, { disabled: true })
    await world.deliverAnEvent()
    expect(await stripe.webhookEndpoints.update(id, { disabled: false })).toMatchObject({ status: 'enabled' })
    await stripe.products.create({ name: 'After' })
    await world.it.sandbox.drained()
    expect(world.receiver.types()).toEqual(['product.created'])
    expect((await stripe.events.list({ delivery_success: false })).data).toEqual([])
    const missed = (await stripe.events.list({ delivery_success: true })).data.at(-1)
    expect(missed).toMatchObject({ type: 'customer.created', pending_webhooks: 0 })
  })
  test('disabling an endpoint ends the retries of a delivery, whose event stays undelivered', async () => {
    await using world = await withEndpoint(() => 500)
    const { stripe } = world.it
    const id = (await stripe.webhookEndpoints.list()).data[0]?.id ?? ''
    await stripe.customers.create({})
    await expect.poll(() => world.receiver.received.length, { timeout: PATIENCE_MS }).toBeGreaterThan(0)
    await stripe.webhookEndpoints.update(id, { disabled: true })
    await world.it.sandbox.drained()
    expect(world.it.sandbox.deliveries()).toMatchObject([{ status: 'failed' }])
    expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(1)
  })
  test('an unknown endpoint answers 404, and an endpoint without a valid URL is refused', async () => {
    await using it = await TestSandbox.start()
    expect(await errorOf(it.stripe.webhookEndpoints.retrieve('we_none'))).toMatchObject({ statusCode: 404 })
    expect(await errorOf(it.stripe.webhookEndpoints.create({ url: 'nonsense', enabled_events: ['*'] }))).toMatchObject({
      param: 'url',
    })
  })
  test('payloads contain ids instead of expanded objects, and no payments', async () => {
    await using world = await withEndpoint()
    const price = await world.it.aPrice()
    const { id: customer } = await world.it.aCustomer()
    await world.it.stripe.subscriptions.create({
      customer,
      items: [{ price: price.id }],
      expand: ['latest_invoice.payments', 'customer'],
    })
    await world.it.sandbox.drained()
    const paid = world.receiver.received.find((each) => each.event.type === 'invoice.paid')
    const object: unknown = JSON.parse(paid?.body ?? '{}').data.object
    expect(object).toMatchObject({
      customer,
      parent: { subscription_details: { subscription: expect.stringMatching(/^sub_/) } },
    })
    expect(object).not.toHaveProperty('payments')
  })
})

describe('rolling a webhook secret', () => {
  test('both secrets sign until the old one expires', async () => {
    await using world = await withEndpoint()
    const [endpoint] = (await world.it.stripe.webhookEndpoints.list()).data
    const rolled = await world.it.control('POST', `/_/webhook-endpoints/${endpoint?.id}/roll-secret`, {
      expiresInSeconds: 60,
    })
    const { secret } = rolled as { secret: string }
    await world.deliverAnEvent()
    const got = world.receiver.first()
    expect(verify(got, SECRET).type).toBe('customer.created')
    expect(verify(got, secret).type).toBe('customer.created')
  })
  test('only the new secret signs if the old one expires immediately', async () => {
    await using world = await withEndpoint()
    const [endpoint] = (await world.it.stripe.webhookEndpoints.list()).data
    await world.it.control('POST', `/_/webhook-endpoints/${endpoint?.id}/roll-secret`, { secret: 'whsec_mine' })
    await world.deliverAnEvent()
    const got = world.receiver.first()
    expect(verify(got, 'whsec_mine').type).toBe('customer.created')
    expect(() => verify(got, SECRET)).toThrow(Stripe.errors.StripeSignatureVerificationError)
  })
})

describe('chaos (PUT /_/chaos)', () => {
  test('drop delivers nothing and marks the delivery as dropped', async () => {
    await using world = await withEndpoint()
    expect(await world.it.control('PUT', '/_/chaos', { drop: 1 })).toEqual({
      drop: 1,
      duplicate: 0,
      reorder: 0,
      delayMs: 0,
    })
    await world.deliverAnEvent()
    expect(world.receiver.types()).toEqual([])
    expect(world.it.sandbox.deliveries()).toMatchObject([{ status: 'dropped', attempts: 0 }])
  })
  test('duplicate delivers the same event twice', async () => {
    await using world = await withEndpoint()
    await world.it.control('PUT', '/_/chaos', { duplicate: 1 })
    await world.it.stripe.customers.create({})
    await expect.poll(() => world.receiver.received.length, { timeout: PATIENCE_MS }).toBe(2)
    expect(world.receiver.received[0]?.event.id).toBe(world.receiver.received[1]?.event.id)
  })
  test('reorder delivers events in a different order', async () => {
    await using world = await withEndpoint()
    await world.it.control('PUT', '/_/chaos', { reorder: 1 })
    for (let index = 0; index < 12; index += 1)
      await world.it.stripe.products.create({ name: String(index).padStart(2, '0') })
    await world.it.sandbox.drained()
    const names = world.receiver.received.map(
      (each) => (JSON.parse(each.body) as { data: { object: { name: string } } }).data.object.name,
    )
    expect(names).toHaveLength(12)
    expect(names).not.toEqual(names.toSorted())
  })
  test('delayMs delivers the event later', async () => {
    await using world = await withEndpoint()
    await world.it.control('PUT', '/_/chaos', { delayMs: 150 })
    const asked = Date.now()
    await world.deliverAnEvent()
    expect(Date.now() - asked).toBeGreaterThanOrEqual(140)
    expect(world.receiver.types()).toEqual(['customer.created'])
  })
  test('refuses a share outside of 0 to 1', async () => {
    await using world = await withEndpoint()
    expect((await world.it.request('PUT', '/_/chaos', { drop: 2 })).status).toBe(400)
  })
})
