import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { aReceiver, bodiesOf, type Receiver } from '../../../test/webhooks.ts'
import { DAY } from '../../platform/durations.ts'
import type { EventsDeps } from '../events-scope.ts'
import { startDeliveries, type Deliveries } from './start-deliveries.ts'

let app: TestApp
let webhooks: Awaited<ReturnType<typeof anAdmin>>['api']['admin']['webhooks']
let running: Deliveries | undefined
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  webhooks = (await anAdmin(app)).api.admin.webhooks
  await app.deps.events.sequence() // so that no endpoint gets the sign-up of the admin
})
afterEach(async () => {
  await running?.stop()
  await app.scope().em.execute('delete from webhook_endpoints')
})
afterAll(() => app[Symbol.asyncDispose]())

const CREATED: { types: ['user.created'] } = { types: ['user.created'] }
const endpoints = () => webhooks.endpoints
const deliveriesOf = (endpointId: string) => webhooks.deliveries.list.query({ endpointId })
const deliver = (events: EventsDeps) => (running = startDeliveries({ events, openScope: () => app.scope() }))

test('an attempt from before a success or a new URL switches nothing off', async () => {
  using receiver = await aReceiver(() => null)
  const { id } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
  const fail = () => app.scope().em.execute('update webhook_endpoints set failing_since = ?', [new Date(0)])
  await fail()
  for (let events = 0; events < 3; events += 1) await app.aUser()
  await app.deps.events.sequence()
  const deliveries = deliver(app.deps.events)
  await until('three requests', async () => receiver.all.length === 3)
  const [good, bad, gone] = receiver.all.map(({ answer }) => answer)
  good?.writeHead(200).end()
  await until('the success', async () => (await endpoints().list.query())[0]?.failingSince === null)
  bad?.writeHead(500).end()
  await until('the failure', async () => (await deliveriesOf(id)).items.some(({ lastStatus }) => lastStatus === 500))

  await fail()
  expect(await endpoints().update.mutate({ id, url: `${receiver.url}/new` })).toMatchObject({ failingSince: null })
  gone?.writeHead(410).end()
  await deliveries.stop()
  expect((await deliveriesOf(id)).items.map(({ lastStatus }) => lastStatus).toSorted()).toEqual([200, 410, 500])
  expect((await endpoints().list.query())[0]).toMatchObject({ state: 'active', offReason: null })
})

test('an endpoint that hangs fills its own room only: the others have all of theirs, at once', async () => {
  using hanging = await aReceiver(() => null)
  using one = await aReceiver(() => null)
  using other = await aReceiver(() => null)
  const all = [hanging, one, other]
  await endpoints().create.mutate({ url: hanging.url, ...CREATED })
  for (let events = 0; events < 40; events += 1) await app.aUser()
  await app.deps.events.sequence()
  deliver(app.deps.events)
  const inFlight = (receiver: Receiver) => receiver.all.filter(({ answer }) => !answer.writableEnded)
  await until('a full room', async () => inFlight(hanging).length === 10)

  // Each receiver answers only when ten requests are there at the same time, so every batch needs all of its room.
  await endpoints().create.mutate({ url: one.url, ...CREATED })
  await endpoints().create.mutate({ url: other.url, ...CREATED })
  await Promise.all(Array.from({ length: 40 }, () => app.aUser()))
  await app.deps.events.sequence()
  for (const batch of [1, 2, 3, 4]) {
    await until(`batch ${batch}`, async () => [one, other].every((receiver) => receiver.all.length === batch * 10))
    expect(all.map((receiver) => inFlight(receiver).length)).toEqual([10, 10, 10])
    for (const receiver of [one, other]) for (const { answer } of inFlight(receiver)) answer.writeHead(204).end()
  }
  expect(hanging.all).toHaveLength(10)
})

test('a single failure switches off no endpoint, however long ago the last one was', async () => {
  using receiver = await aReceiver(() => 500)
  const { id } = await endpoints().create.mutate({ url: receiver.url, ...CREATED })
  const earlier = new Date(app.clock.now().getTime() - 30 * DAY)
  // Its only delivery was parked then.
  await app.scope().em.execute('update webhook_endpoints set failing_since = ?, failed_at = ?', [earlier, earlier])
  await app.aUser()
  const deliveries = deliver(app.deps.events)
  await until('the failure', async () => (await deliveriesOf(id)).items[0]?.attempts === 1)
  await deliveries.stop() // then it has also noted how the endpoint is
  const [endpoint] = await endpoints().list.query()
  expect(endpoint).toMatchObject({ state: 'active', offReason: null })
  expect((endpoint?.failingSince?.getTime() ?? 0) - earlier.getTime()).toBeGreaterThan(29 * DAY)
})

test('what has its place is delivered while very many other events get theirs', async () => {
  using receiver = await aReceiver()
  await endpoints().create.mutate({ url: receiver.url, ...CREATED })
  const { id } = await app.aUser()
  await app.deps.events.sequence()
  const events = { bell: app.deps.events.bell, sequence: () => new Promise<void>(() => {}) }
  deliver(events)
  await until('the delivery', async () => receiver.all.length === 1)
  expect(bodiesOf(receiver.all)).toMatchObject([{ type: 'user.created', data: { id } }])
})
