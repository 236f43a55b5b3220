import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { until } from '../../../test/inbox.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { controlStripe, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

const SECRET = 'whsec_test_secret_of_the_sandbox_endpoint'

describe('the Stripe webhook', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const rowsOf = (eventId: string) =>
    app
      .scope()
      .em.execute<{ status: string; id: string }[]>(
        'select id, status from provider_events where provider_event_id = ?',
        [eventId],
      )

  test('stores an event of a type that we do not handle as ignored', async () => {
    expect(await deliver(app, anEvent({ id: 'evt_unknown', type: 'payout.paid' }))).toEqual([200, { received: true }])
    expect(await rowsOf('evt_unknown')).toMatchObject([{ status: 'ignored' }])
  })

  test('stores an event of the other mode as ignored', async () => {
    expect((await deliver(app, anEvent({ id: 'evt_live', livemode: true })))[0]).toBe(200)
    expect(await rowsOf('evt_live')).toMatchObject([{ status: 'ignored' }])
  })

  test('answers 200 for an event about an unknown customer, and ignores it', async () => {
    expect((await deliver(app, anEvent({ id: 'evt_foreign' })))[0]).toBe(200)
    await until('the job', async () => (await rowsOf('evt_foreign'))[0]?.status === 'ignored')
    expect(await rowsOf('evt_foreign')).toHaveLength(1)
  })

  test.each<[string, (body: string) => Record<string, string>]>([
    ['no signature', () => ({})],
    ['a signature by another secret', (body) => ({ 'stripe-signature': sign(body, { secret: 'whsec_other' }) })],
    ['a signature that is 301 s old', (body) => ({ 'stripe-signature': sign(body, { age: 301 }) })],
    ['a signature over other bytes', (body) => ({ 'stripe-signature': sign(`${body} `) })],
    ['nonsense for a signature', () => ({ 'stripe-signature': 't=x,v1=y' })],
  ])('refuses %s, and stores nothing', async (what, headers) => {
    const id = `evt_${what.replaceAll(/\W/g, '')}`
    const body = JSON.stringify(anEvent({ id }))
    expect((await post(app, body, headers(body)))[0]).toBe(400)
    expect(await rowsOf(id)).toHaveLength(0)
  })

  test.each([
    ['what is not JSON', '{"id":'],
    ['what is no event', '{"hello":"world"}'],
    ['an event whose type can not be stored', JSON.stringify(anEvent({ id: 'evt_y', type: 'invoice.\u0000paid' }))],
    ['a list', '[]'],
    ['an object that is no event', JSON.stringify({ id: 'cus_1', object: 'customer', type: 'individual' })],
  ])('refuses %s, although it is signed', async (_, body) => {
    expect((await post(app, body, { 'stripe-signature': sign(body) }))[0]).toBe(400)
  })

  test.each<[string, string, object]>([
    ['a balance', 'events', { type: 'balance.available' }],
    ['an upcoming invoice', 'events', { type: 'invoice.upcoming', object: { object: 'invoice', customer: 'cus_1' } }],
    ['entitlements', 'events', { type: 'entitlements.active_entitlement_summary.updated', customer: 'cus_1' }],
    ['an invoice without an id', 'events', { type: 'invoice.paid', object: { object: 'invoice' } }],
    ['a type that did not exist yesterday', 'events', { type: 'v9.new[thing].made', object: { object: 'thing' } }],
    ['a thin event', 'thin-events', { type: 'v1.billing.meter.no_meter_found' }],
    [
      'a thin event about an object',
      'thin-events',
      { type: 'invoice.paid', relatedObject: { id: 'in_1', type: 'invoice', url: '/v1/invoices/in_1' } },
    ],
  ])('accepts and ignores %s', async (_, path, event) => {
    const emitted = await controlStripe(app, 'POST', path, event)
    const { id } = z.object({ id: z.string() }).parse(emitted)
    await until('the event', async () => (await rowsOf(id)).length > 0)
    expect(await rowsOf(id)).toMatchObject([{ status: 'ignored' }])
    await until('the answer', async () => (await deliveriesOf(id))[0]?.status === 'delivered')
  })

  const deliveriesOf = async (eventId: string) => {
    const deliveries = await (await fetch(`${app.stripe.url}/_/deliveries`)).json()
    return Deliveries.parse(deliveries).filter((delivery) => delivery.eventId === eventId)
  }

  test.each([
    ['a time that is no time', { id: 'evt_timeless', created: 'soon' }],
    ['a time after the year 9999', { id: 'evt_late', created: '9999-12-31T23:59:59-23:59' }],
    ['a time before the year 1', { id: 'evt_early', created: '0001-01-01T00:00:00+14:00' }],
    ['no time and no mode', { id: 'evt_bare', created: undefined, livemode: undefined }],
    ['data that is none', { id: 'evt_dataless', data: null }],
    ['old values that are none', { id: 'evt_no_old', data: { object: null, previous_attributes: 'x' } }],
  ])('stores an event with %s', async (_, changes) => {
    expect((await deliver(app, anEvent(changes)))[0]).toBe(200)
    expect(await rowsOf(changes.id)).toHaveLength(1)
  })

  test('accepts a signed body with odd spacing, and the second of two signatures', async () => {
    const body = JSON.stringify(anEvent({ id: 'evt_spaced' }), null, 7)
    const good = sign(body)
    const header = good.replace(',v1=', `,v1=${'0'.repeat(64)},v1=`)
    expect((await post(app, body, { 'stripe-signature': header }))[0]).toBe(200)
  })

  test.each([
    ['U+0000', 'a\u0000b', 'a\ufffdb'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['a whole pair, and what only looks like an escape', '\u{1f600} \\u0000', '\u{1f600} \\u0000'],
  ])('stores an event that contains %s', async (what, name, stored) => {
    const id = `evt_${what.replaceAll(/\W/g, '')}`
    const object = { id: 'in_of_somebody', object: 'invoice', customer: 'cus_of_somebody', customer_name: name }
    expect(await deliver(app, anEvent({ id, data: { object: { ...object, [name]: name } } }))).toEqual([
      200,
      { received: true },
    ])
    const [row] = await app
      .scope()
      .em.execute<{ payload: { data: { object: Record<string, string> } } }[]>(
        'select payload from provider_events where provider_event_id = ?',
        [id],
      )
    expect(row?.payload.data.object).toEqual({ ...object, customer_name: stored, [stored]: stored })
  })

  test('refuses an event that is nested too deep to be stored', async () => {
    const body = `${JSON.stringify(anEvent({ id: 'evt_deep' })).slice(0, -1)},"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    expect((await post(app, body, { 'stripe-signature': sign(body) }))[0]).toBe(400)
    expect(await rowsOf('evt_deep')).toHaveLength(0)
  })

  test('refuses a body of more than one mebibyte', async () => {
    const body = JSON.stringify(anEvent({ id: 'evt_big', padding: 'x'.repeat(1_100_000) }))
    expect((await post(app, body, { 'stripe-signature': sign(body) }))[0]).toBe(413)
  })

  test('answers other methods with JSON', async () => {
    const response = await fetch(`${app.url}/billing/stripe/webhook`)
    expect(response.status).toBe(405)
    expect(await response.json()).toMatchObject({ error: { reason: 'METHOD_NOT_ALLOWED' } })
  })

  test('creates one row, one payment, and one mail for an event that arrives 50 times at once', async () => {
    const user = await aPayingUser(app, 'pro')
    const { data } = await stripeClient(app).events.list({ type: 'invoice.paid', limit: 1 })
    const again = { ...data[0], id: 'evt_again_and_again' }
    const answers = await Promise.all(Array.from({ length: 50 }, () => deliver(app, again)))
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200]))
    await until('the job', async () => (await rowsOf(again.id))[0]?.status === 'processed')

    const { em } = app.scope()
    expect(await rowsOf(again.id)).toHaveLength(1)
    const [row] = await rowsOf(again.id)
    expect(await app.deps.boss.findJobs('apply-stripe-event', { data: { eventId: row?.id } })).toHaveLength(1)
    expect(await em.execute('select 1 from payments where user_id = ?', [user.id])).toHaveLength(1)
    expect(
      await em.execute("select 1 from mails where recipient = ? and template = 'subscription-started'", [user.email]),
    ).toHaveLength(1)
  })
})

const Deliveries = z.array(z.object({ eventId: z.string(), status: z.string() }))

function anEvent(changes: Record<string, unknown>) {
  return {
    id: 'evt_1',
    object: 'event',
    type: 'invoice.paid',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { id: 'in_of_somebody', object: 'invoice', customer: 'cus_of_somebody' } },
    ...changes,
  }
}

function deliver(app: TestApp, event: object) {
  const body = JSON.stringify(event)
  return post(app, body, { 'stripe-signature': sign(body) })
}

async function post(app: TestApp, body: string, headers: Record<string, string>): Promise<[number, unknown]> {
  const response = await fetch(`${app.url}/billing/stripe/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return [response.status, await response.json()]
}

function sign(body: string, { secret = SECRET, age = 0 } = {}): string {
  const t = Math.floor(Date.now() / 1000) - age
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
}
