import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { errorOf, TestSandbox } from '../test-sandbox.ts'
import { SECRET, verify, withEndpoint } from '../with-endpoint.ts'

describe('events (https://docs.stripe.com/api/events)', () => {
  test('can be listed by one type, several types or a wildcard', async () => {
    await using it = await TestSandbox.start()
    await it.stripe.customers.create({})
    await it.stripe.products.create({ name: 'x' })
    const types = async (params: Stripe.EventListParams) =>
      (await it.stripe.events.list(params)).data.map((event) => event.type)
    expect(await types({ type: 'customer.created' })).toEqual(['customer.created'])
    expect(await types({ types: ['customer.created', 'product.created'] })).toEqual([
      'product.created',
      'customer.created',
    ])
    expect(await types({ type: 'product.*' })).toEqual(['product.created'])
    expect(await errorOf(it.stripe.events.list({ type: 'a', types: ['b'] }))).toMatchObject({
      code: 'parameters_exclusive',
    })
  })
  test('contain the object as it was at their time', async () => {
    await using it = await TestSandbox.start()
    const { id } = await it.stripe.customers.create({ name: 'Then' })
    await it.stripe.customers.update(id, { name: 'Now' })
    expect((await it.lastEvent('customer.created')).data.object).toMatchObject({ name: 'Then' })
    expect((await it.lastEvent('customer.updated')).data).toMatchObject({
      object: { name: 'Now' },
      previous_attributes: { name: 'Then' },
    })
  })
})

describe('lists of events (https://docs.stripe.com/api/events/list)', () => {
  test('can be read by their time, and page by page in both directions', async () => {
    await using it = await TestSandbox.start()
    for (let index = 0; index < 5; index += 1) await it.stripe.customers.create({})
    await it.sandbox.advance({ hours: 1 })
    await it.stripe.products.create({ name: 'Later' })
    const later = await it.lastEvent('product.created')
    const since = await it.stripe.events.list({ created: { gte: later.created } })
    expect(since.data.map((event) => event.type)).toEqual(['product.created'])
    const before = await it.stripe.events.list({ created: { lt: later.created } })
    expect(before.data).toHaveLength(5)
    const oldest = before.data.at(-1)?.id
    const newer = await it.stripe.events.list({ ending_before: oldest, limit: 2 })
    expect(newer.data.map((event) => event.id)).toEqual([before.data[2]?.id, before.data[3]?.id])
    expect(newer.has_more).toBe(true)
    const rest = await it.stripe.events.list({ starting_after: later.id, limit: 100 })
    expect(rest).toMatchObject({ has_more: false, data: { length: 5 } })
  })
  test('at most 20 types can be asked for', async () => {
    await using it = await TestSandbox.start()
    const types = Array.from({ length: 21 }, () => 'customer.created')
    expect(await errorOf(it.stripe.events.list({ types }))).toMatchObject({ statusCode: 400, param: 'types' })
  })
  test('events that are too old are gone (DELETE /_/events)', async () => {
    await using it = await TestSandbox.start()
    await it.stripe.customers.create({})
    const { id } = await it.lastEvent('customer.created')
    await it.sandbox.advance({ days: 31 })
    await it.stripe.products.create({ name: 'New' })
    const before = new Date(it.sandbox.now().getTime() - 30 * 24 * 60 * 60 * 1000).toISOString()
    expect(await it.control('DELETE', `/_/events?before=${before}`)).toEqual({ removed: 1 })
    expect((await it.stripe.events.list()).data.map((event) => event.type)).toEqual(['product.created'])
    expect(await errorOf(it.stripe.events.retrieve(id))).toMatchObject({ statusCode: 404 })
    expect((await it.request('DELETE', '/_/events')).status).toBe(400)
  })
})

describe('events that nothing in the sandbox causes (POST /_/events)', () => {
  test('balance.available has an object without an id', async () => {
    await using world = await withEndpoint()
    await world.it.control('POST', '/_/events', { type: 'balance.available' })
    await world.it.sandbox.drained()
    const event = verify(world.receiver.first(), SECRET)
    expect(event).toMatchObject({ object: 'event', type: 'balance.available', data: { object: { object: 'balance' } } })
    expect(event.data.object).not.toHaveProperty('id')
    expect((await world.it.stripe.events.retrieve(event.id)).type).toBe('balance.available')
  })
  test('invoice.upcoming has the next invoice, without an id', async () => {
    await using world = await withEndpoint()
    const price = await world.it.aPrice({ amount: 700 })
    const { id: customer } = await world.it.aCustomer()
    const { id } = await world.it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    await world.it.control('POST', '/_/events', { type: 'invoice.upcoming', subscription: id })
    await world.it.sandbox.drained()
    const sent = world.receiver.received.find(({ event }) => event.type === 'invoice.upcoming')
    const { object } = JSON.parse(sent?.body ?? '{}').data
    expect(object).toMatchObject({ object: 'invoice', status: 'draft', amount_due: 700, customer })
    expect(object).not.toHaveProperty('id')
  })
  test('an entitlement summary names its customer and has no id', async () => {
    await using world = await withEndpoint()
    const { id: customer } = await world.it.aCustomer()
    const type = 'entitlements.active_entitlement_summary.updated'
    await world.it.control('POST', '/_/events', { type, customer })
    await world.it.sandbox.drained()
    const sent = world.receiver.received.find(({ event }) => event.type === type)
    const { object } = JSON.parse(sent?.body ?? '{}').data
    expect(object).toMatchObject({ object: 'entitlements.active_entitlement_summary', customer })
    expect(object).not.toHaveProperty('id')
  })
  test('any other type is sent with the given object and previous attributes', async () => {
    await using world = await withEndpoint()
    await world.it.control('POST', '/_/events', {
      type: 'payout.updated',
      object: { id: 'po_1', object: 'payout', status: 'paid' },
      previousAttributes: { status: 'in_transit' },
    })
    await world.it.sandbox.drained()
    expect(JSON.parse(world.receiver.first().body)).toMatchObject({
      type: 'payout.updated',
      data: { object: { id: 'po_1', status: 'paid' }, previous_attributes: { status: 'in_transit' } },
    })
    expect((await world.it.request('POST', '/_/events', { type: 'payout.paid' })).status).toBe(400)
    expect((await world.it.request('POST', '/_/events', { type: 'No Type' })).status).toBe(400)
  })
  test('a thin event has a reference instead of an object, a valid signature, and is not listed', async () => {
    await using world = await withEndpoint()
    const related_object = { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' }
    await world.it.control('POST', '/_/thin-events', {
      type: 'v1.billing.meter.error_report_triggered',
      relatedObject: related_object,
    })
    await world.it.sandbox.drained()
    const { body, headers } = world.receiver.first()
    const notification = new Stripe('sk_test_x').parseEventNotification(
      body,
      String(headers['stripe-signature']),
      SECRET,
    )
    expect(notification).toMatchObject({
      object: 'v2.core.event',
      type: 'v1.billing.meter.error_report_triggered',
      livemode: false,
      related_object,
    })
    expect(JSON.parse(body)).not.toHaveProperty('data')
    expect((await world.it.stripe.events.list()).data).toEqual([])
    await world.it.control('POST', '/_/thin-events', { type: 'v2.core.event_destination.ping' })
    expect((await world.it.request('POST', '/_/thin-events', { type: 'v1.a', relatedObject: 'x' })).status).toBe(400)
  })
})
