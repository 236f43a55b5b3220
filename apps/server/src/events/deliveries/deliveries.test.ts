import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { allPages, anAdmin, auditOf } from '../../../test/admin.ts'
import { mailsTo, until } from '../../../test/inbox.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { aReceiver, bodiesOf, type Received } from '../../../test/webhooks.ts'
import { newId } from '../../platform/database/ids.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../platform/durations.ts'
import { nextAttempt } from './retry-schedule.ts'
import { startDeliveries, type Deliveries } from './start-deliveries.ts'

let app: TestApp
let admin: TestUser & { api: Awaited<ReturnType<typeof anAdmin>>['api'] }
const running = new Set<Deliveries>()
beforeAll(async () => {
  app = await createTestApp()
  admin = await anAdmin(app)
})
afterEach(async () => {
  for (const deliveries of running) await deliveries.stop()
  running.clear()
  await app.scope().em.execute('delete from webhook_endpoints')
})
afterAll(() => app[Symbol.asyncDispose]())

const endpoints = () => admin.api.admin.webhooks.endpoints
const deliveriesOf = (endpointId: string) =>
  allPages((cursor) => admin.api.admin.webhooks.deliveries.list.query({ endpointId, cursor, limit: 50 }))

/** Starts what delivers, as a worker does. Each one is a process of its own, as far as the database can tell. */
function deliver(grace?: number): Deliveries {
  const started = startDeliveries({
    events: app.deps.events,
    openScope: () => app.scope(),
    ...(grace !== undefined && { grace }),
  })
  running.add(started)
  return started
}

/** A sign-up is an event. */
const anEvent = (): Promise<TestUser> => app.aUser()

const about = (all: Received[], id: string) =>
  bodiesOf(all).filter(({ type, data }) => type === 'user.created' && data.id === id)
const CREATED: { types: ['user.created'] } = { types: ['user.created'] }

/** Moves the clock, and lets the loops look. */
async function advance(ms: number): Promise<void> {
  app.clock.advance(ms)
  await app.scope().em.execute("select pg_notify('tollgate_events', '')")
}

test('a change is delivered at once, once, signed, and as it is in the feed', async () => {
  using receiver = await aReceiver()
  const { secret, id, ...shown } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
  expect(shown).toMatchObject({ url: receiver.url, types: ['user.created'], state: 'active', secretExpiresAt: null })
  deliver()
  const { id: userId } = await anEvent()
  const [event] = await until('the delivery', async () => {
    const found = about(receiver.all, userId)
    return found.length > 0 ? found : undefined
  })
  const received = receiver.all.find(({ body }) => body.includes(userId))
  expect(new Webhook(secret).verify(received?.body ?? '', received?.headers as Record<string, string>)).toEqual(event)
  expect(event).toMatchObject({ type: 'user.created', version: 1, data: { id: userId } })
  expect(received?.headers['webhook-id']).toMatch(/^evt_[\da-f-]{36}$/)
  const eventId = received?.headers['webhook-id']
  const delivery = await until('the record', async () =>
    (await deliveriesOf(id)).find((found) => found.eventId === eventId && found.state === 'delivered'),
  )
  expect(delivery).toMatchObject({
    ...{ endpointId: id, eventId, type: 'user.created', attempts: 1 },
    ...{ lastStatus: 204, lastError: null, nextAttemptAt: null, deliveredAt: expect.any(Date) },
  })
  expect(about(receiver.all, userId)).toHaveLength(1)
  const { body, ...same } = await admin.api.admin.webhooks.deliveries.get.query({ id: delivery.id })
  expect(same).toEqual(delivery)
  expect({ ...body, timestamp: body.timestamp.toISOString() }).toEqual(event)
  expect(await reasonOf(admin.api.admin.webhooks.deliveries.get.query({ id: userId }))).toBe(
    'WEBHOOK_DELIVERY_NOT_FOUND',
  )
})

const SCHEDULE = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
]

test('each wait is as long as it should be, or up to a tenth longer, or as long as the endpoint asks', () => {
  const now = new Date(0)
  const waitsOf = (options: { random?: () => number; retryAfter?: number }) =>
    [...SCHEDULE, 0].map((_wait, failed) => {
      return nextAttempt(failed + 1, { now, retryAfter: null, ...options })?.getTime() ?? 'parked'
    })
  expect(waitsOf({ random: () => 0 })).toEqual([...SCHEDULE, 'parked'])
  expect(waitsOf({ random: () => 1 })).toEqual([...SCHEDULE.map((wait) => Math.round(wait * 1.1)), 'parked'])
  const asked = waitsOf({ random: () => 0, retryAfter: 10 * HOUR })
  expect(asked).toEqual([...SCHEDULE.map((wait) => Math.max(wait, HOUR)), 'parked'])
})

test('what fails is tried again after 5 s, 5 min, 30 min … and then parked, and can be sent again', async () => {
  let status = 500
  using receiver = await aReceiver(() => status)
  const { id } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
  deliver()
  await anEvent()
  const waits: number[] = []
  for (let attempt = 1; attempt <= 9; attempt += 1) {
    const delivery = await until(`attempt ${attempt}`, async () => {
      const [found] = await deliveriesOf(id)
      return found?.attempts === attempt ? found : undefined
    })
    expect(delivery).toMatchObject({ state: 'waiting', lastStatus: 500, lastError: 'The answer was 500.' })
    waits.push((delivery.nextAttemptAt?.getTime() ?? 0) - app.clock.now().getTime())
    await advance(Math.max(0, waits.at(-1) ?? 0))
  }
  for (const [index, wait] of SCHEDULE.entries()) {
    expect(waits[index]).toBeGreaterThan(wait - MINUTE) // some of it has passed
    expect(waits[index]).toBeLessThanOrEqual(wait * 1.1)
  }
  const parked = await until('the parked delivery', async () => {
    const [found] = await deliveriesOf(id)
    return found?.state === 'parked' ? found : undefined
  })
  expect(parked).toMatchObject({ attempts: 10, nextAttemptAt: null, deliveredAt: null })
  expect((await endpoints().list.query())[0]).toMatchObject({ state: 'active', failingSince: expect.any(Date) })

  status = 200
  const resend = admin.api.admin.webhooks.deliveries.resend
  expect(await resend.mutate({ endpointId: id, since: new Date(parked.createdAt.getTime() + 1) })).toEqual({
    resent: 0,
    hasMore: false,
  })
  expect(await resend.mutate({ endpointId: id, since: parked.createdAt })).toEqual({ resent: 1, hasMore: false })
  await until('the resent delivery', async () => (await deliveriesOf(id))[0]?.state === 'delivered')
  expect((await endpoints().list.query())[0]?.failingSince).toBeNull()
  expect(await resend.mutate({ id: parked.id })).toEqual({ resent: 1, hasMore: false })
  await until('one more copy', async () => receiver.all.length === 12)
  expect(new Set(receiver.all.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect((await auditOf(app, id)).map(({ action }) => action)).toEqual([
    ...['webhook_endpoint.create', 'webhook_delivery.resend', 'webhook_delivery.resend', 'webhook_delivery.resend'],
  ])
})

test('an endpoint that fails for 5 days is switched off, administrators get a mail, and switched on it goes on', async () => {
  let status = 503
  using receiver = await aReceiver(() => status)
  const { id } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
  deliver()
  await anEvent()
  for (let attempts = 1; attempts <= 5; attempts += 1) {
    await until(`attempt ${attempts}`, async () => (await deliveriesOf(id))[0]?.attempts === attempts)
    await advance(DAY)
  }
  await until('the end', async () => (await endpoints().list.query())[0]?.state === 'off')
  expect((await endpoints().list.query())[0]).toMatchObject({ offReason: 'failing' })
  const mail = await until('the mail', async () =>
    (await mailsTo(admin.email)).find(({ subject }) => /switched off/.test(subject)),
  )
  expect(mail.text).toContain('every event that we sent to this webhook endpoint has failed')
  expect(mail.text).not.toContain('whsec_')
  expect((await auditOf(app, id)).at(-1)).toMatchObject({ action: 'webhook_endpoint.switch_off', actor_id: null })

  // While it is off, it gets nothing new, and nothing is tried.
  const tried = receiver.all.length
  const { id: missed } = await anEvent()
  await advance(DAY)
  await app.deps.events.sequence()
  const waiting = await deliveriesOf(id)
  expect(waiting).toHaveLength(1)
  expect(await reasonOf(admin.api.admin.webhooks.deliveries.resend.mutate({ id: waiting[0]?.id ?? '' }))).toBe(
    'WEBHOOK_ENDPOINT_OFF',
  )
  status = 200
  expect(await endpoints().update.mutate({ id, state: 'active' })).toMatchObject({
    ...{ state: 'active', offReason: null, failingSince: null },
  })
  await until('what waited', async () => (await deliveriesOf(id))[0]?.state === 'delivered')
  expect(receiver.all).toHaveLength(tried + 1)
  expect(about(receiver.all, missed)).toEqual([])
})

test('410 switches an endpoint off at once, and its delivery is parked', async () => {
  using receiver = await aReceiver(() => 410)
  const { id } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
  deliver()
  await anEvent()
  await until('the end', async () => (await endpoints().list.query())[0]?.state === 'off')
  expect((await endpoints().list.query())[0]).toMatchObject({ offReason: 'gone' })
  expect((await deliveriesOf(id))[0]).toMatchObject({ state: 'parked', attempts: 1, lastStatus: 410 })
})

test('an endpoint that asks for quiet gets nothing until then, and at most an hour long', async () => {
  let wait = '90'
  let isBusy = true
  using receiver = await aReceiver(({ answer }) => {
    if (!isBusy) return 200
    answer.writeHead(429, { 'retry-after': wait }).end()
    return null
  })
  using other = await aReceiver()
  const { id } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
  await endpoints().create.mutate({ url: other.url, ...CREATED })
  deliver()
  await anEvent()
  const first = await until('the first attempt', async () =>
    (await deliveriesOf(id)).find(({ attempts }) => attempts === 1),
  )
  expect((first.nextAttemptAt?.getTime() ?? 0) - app.clock.now().getTime()).toBeGreaterThan(MINUTE)
  await anEvent()
  // The other endpoint has it, so there was a look at both.
  await until('the look', async () => other.all.length === 2)
  expect(receiver.all).toHaveLength(1)
  wait = '999999'
  await advance(95 * SECOND)
  await until('both to be tried', async () => receiver.all.length >= 2)
  await until('both to be recorded', async () => (await deliveriesOf(id)).every(({ attempts }) => attempts >= 1))
  for (const { nextAttemptAt } of await deliveriesOf(id))
    expect((nextAttemptAt?.getTime() ?? 0) - app.clock.now().getTime()).toBeLessThanOrEqual(HOUR * 1.1)
  isBusy = false
  await advance(HOUR * 1.1)
  await until('both deliveries', async () => (await deliveriesOf(id)).every(({ state }) => state === 'delivered'))
})

test('several processes share the work: each event arrives once, and a hanging endpoint holds up no other', async () => {
  using hanging = await aReceiver(() => null)
  using one = await aReceiver()
  using other = await aReceiver()
  const urls = [hanging.url, one.url, other.url]
  for (const url of urls) await endpoints().create.mutate({ url, ...CREATED })
  deliver(0)
  deliver(0)
  const users = await Promise.all(Array.from({ length: 60 }, anEvent))
  for (const receiver of [one, other]) {
    await until(
      'all events',
      async () => new Set(receiver.all.map(({ headers }) => headers['webhook-id'])).size === users.length,
    )
    expect(receiver.all).toHaveLength(users.length)
  }
  // Each process has room for ten at this endpoint.
  const open = () => hanging.all.filter(({ answer }) => !answer.closed).length
  await until('a full lane', async () => open() === 20)
  await anEvent()
  await until('one more', async () => one.all.length === users.length + 1)
  expect(open()).toBeLessThanOrEqual(20)
})

describe('a process that stops', () => {
  test('waits for running requests, and another one sends what was not answered at once', async () => {
    let isSlow = true
    using receiver = await aReceiver(() => (isSlow ? null : 200))
    const { id } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
    const first = deliver(50)
    await anEvent()
    await until('the request', async () => receiver.all.length === 1)
    await first.stop()
    expect((await deliveriesOf(id))[0]).toMatchObject({ state: 'waiting', attempts: 0, lastError: null })

    isSlow = false
    deliver()
    await until('the delivery', async () => (await deliveriesOf(id))[0]?.state === 'delivered')
    expect(receiver.all).toHaveLength(2)

    isSlow = true
    await anEvent()
    await until('the next request', async () => receiver.all.length === 3)
    const stopped = [...running].map((deliveries) => deliveries.stop())
    receiver.all[2]?.answer.writeHead(200).end()
    await Promise.all(stopped)
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  })

  test('without a word loses nothing: its deliveries are sent when its claim has ended', async () => {
    using receiver = await aReceiver()
    const { id } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
    await anEvent()
    await app.deps.events.sequence()
    // What a process leaves that was killed while it was sending.
    await app
      .scope()
      .em.execute(`update webhook_deliveries set claim = ?, next_attempt_at = ?`, [
        newId(),
        new Date(app.clock.now().getTime() + 2 * MINUTE),
      ])
    deliver()
    await anEvent()
    await until('the other delivery', async () => receiver.all.length === 1)
    expect((await deliveriesOf(id)).find(({ state }) => state === 'waiting')).toMatchObject({ nextAttemptAt: null })
    await advance(2 * MINUTE)
    await until('both', async () => (await deliveriesOf(id)).every(({ state }) => state === 'delivered'))
  })
})
