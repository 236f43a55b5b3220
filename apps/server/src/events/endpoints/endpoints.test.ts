import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { allPages, anAdmin, auditOf, UNKNOWN_ID } from '../../../test/admin.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { aReceiver, bodiesOf } from '../../../test/webhooks.ts'
import { DAY, MINUTE } from '../../platform/durations.ts'
import { removeOld } from '../../platform/retention/remove-old.ts'
import { retentionRules } from '../../retention-rules.ts'

let app: TestApp
let webhooks: Awaited<ReturnType<typeof anAdmin>>['api']['admin']['webhooks']
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  webhooks = (await anAdmin(app)).api.admin.webhooks
  await app.deps.events.sequence() // so that no endpoint gets the sign-up of the admin
})
afterEach(async () => app.scope().em.execute('delete from webhook_endpoints'))
afterAll(() => app[Symbol.asyncDispose]())

const endpoints = () => webhooks.endpoints
const deliveriesOf = (endpointId?: string) =>
  allPages((cursor) => webhooks.deliveries.list.query({ endpointId, cursor, limit: 2 }))

test('a secret is shown once; rolled, both sign for a day; a test event is signed and marked', async () => {
  using receiver = await aReceiver()
  const { id, secret } = await endpoints().create.mutate({ url: receiver.url, description: ' Billing ' })
  expect(JSON.stringify(await endpoints().list.query())).not.toContain(secret)
  const rolled = await endpoints().rollSecret.mutate({ id })
  const left = (rolled.secretExpiresAt?.getTime() ?? 0) - app.clock.now().getTime()
  expect([left > DAY - MINUTE, left <= DAY]).toEqual([true, true])
  const verifies = (key: string, { body, headers } = receiver.all.at(-1) ?? { body: '', headers: {} }) => {
    try {
      return Boolean(new Webhook(key).verify(body, headers as Record<string, string>))
    } catch {
      return false
    }
  }
  const tested = await endpoints().test.mutate({ id })
  expect(tested).toMatchObject({ ok: true, status: 204, error: null, eventId: receiver.all[0]?.headers['webhook-id'] })
  expect(receiver.all[0]?.headers).toMatchObject({ 'webhook-test': 'true', 'content-type': 'application/json' })
  expect(bodiesOf(receiver.all)[0]).toMatchObject({ type: 'webhook.test', version: 1, data: { id, test: true } })
  expect([verifies(secret), verifies(rolled.secret)]).toEqual([true, true])
  expect(await deliveriesOf()).toEqual([])

  const again = await endpoints().rollSecret.mutate({ id })
  await endpoints().test.mutate({ id })
  expect([secret, rolled.secret, again.secret].map((key) => verifies(key))).toEqual([true, true, true])
  app.clock.advance(DAY)
  expect((await endpoints().list.query())[0]).toMatchObject({ description: 'Billing', secretExpiresAt: null })
  const [row] = await app
    .scope()
    .em.execute<{ secrets: { secret: string }[] }[]>('select secrets from webhook_endpoints')
  expect(row?.secrets[0]?.secret).toBe(again.secret)
  const audit = await auditOf(app, id)
  expect(audit.map(({ action }) => action)).toEqual([
    ...['webhook_endpoint.create', 'webhook_endpoint.roll', 'webhook_endpoint.test'],
    ...['webhook_endpoint.roll', 'webhook_endpoint.test'],
  ])
  expect(JSON.stringify(audit)).not.toContain('whsec_')
})

test('a test says what is wrong', async () => {
  const { id } = await endpoints().create.mutate({ url: 'http://nothing.invalid/' })
  expect(await endpoints().test.mutate({ id })).toMatchObject({ ok: false, status: null, error: expect.any(String) })
  using receiver = await aReceiver(() => 404)
  await endpoints().update.mutate({ id, url: receiver.url, state: 'off' })
  expect(await endpoints().test.mutate({ id })).toMatchObject({
    ok: false,
    status: 404,
    error: 'The answer was 404.',
  })
})

test.each([
  ['no URL', { url: '' }, 'url'],
  ['a path for a URL', { url: '/hooks' }, 'url'],
  ['a password in the URL', { url: 'http://a:b@example.com/' }, 'url'],
  ['an address in other numbers', { url: 'http://2130706433/' }, 'url'],
  ['a URL that is too long once it is encoded', { url: `http://example.com/${'ü'.repeat(500)}` }, 'url'],
  ['no types', { url: 'http://example.com/', types: [] }, 'types'],
  ['an unknown type', { url: 'http://example.com/', types: ['user.renamed'] }, 'types.0'],
  ['a long description', { url: 'http://example.com/', description: 'x'.repeat(201) }, 'description'],
])('%s is refused', async (_what, input, field) => {
  await expect(endpoints().create.mutate(input as never)).rejects.toMatchObject({
    data: { reason: 'INVALID_INPUT', fieldErrors: { [field]: expect.any(String) } },
  })
  expect(await endpoints().list.query()).toEqual([])
})

test('an endpoint is changed, deleted with its deliveries, and there are at most 20, also at once', async () => {
  const { id } = await endpoints().create.mutate({ url: 'http://example.com/', types: ['user.created'] })
  await app.aUser()
  await app.deps.events.sequence()
  expect(await deliveriesOf(id)).toHaveLength(1)
  expect(await endpoints().update.mutate({ id, types: null, description: 'All' })).toMatchObject({
    ...{ types: null, description: 'All', url: 'http://example.com/' },
  })
  expect(await reasonOf(endpoints().update.mutate({ id, url: 'ftp://example.com' }))).toBe('INVALID_INPUT')
  await endpoints().delete.mutate({ id })
  expect(await deliveriesOf(id)).toEqual([])
  for (const call of [endpoints().delete, endpoints().rollSecret, endpoints().test, endpoints().update])
    expect(await reasonOf(call.mutate({ id }))).toBe('WEBHOOK_ENDPOINT_NOT_FOUND')
  const resend = webhooks.deliveries.resend
  expect(await reasonOf(resend.mutate({ id: UNKNOWN_ID }))).toBe('WEBHOOK_DELIVERY_NOT_FOUND')
  expect(await reasonOf(resend.mutate({ endpointId: UNKNOWN_ID, since: new Date() }))).toBe(
    'WEBHOOK_ENDPOINT_NOT_FOUND',
  )
  expect(await reasonOf(resend.mutate({}))).toBe('INVALID_INPUT')
  expect(await reasonOf(resend.mutate({ id: UNKNOWN_ID, since: new Date() }))).toBe('INVALID_INPUT')

  const made = await Promise.allSettled(
    Array.from({ length: 23 }, (_, n) => endpoints().create.mutate({ url: `http://example.com/${n}` })),
  )
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
  expect(await endpoints().list.query()).toHaveLength(20)
  const refused = made.find((each) => each.status === 'rejected')
  expect(refused?.reason).toMatchObject({ data: { reason: 'TOO_MANY_WEBHOOK_ENDPOINTS' } })
})

test('deliveries are listed newest first, and by endpoint, event, type and state', async () => {
  const { id } = await endpoints().create.mutate({
    url: 'http://example.com/',
    types: ['user.created', 'user.updated'],
  })
  await endpoints().create.mutate({ url: 'http://example.com/other', types: ['user.updated'] })
  const user = await app.aUser()
  await app.scope().em.execute('update users set is_verified = false where id = ?', [user.id])
  await app.deps.events.sequence()
  const list = webhooks.deliveries.list
  const all = await deliveriesOf()
  expect(all.map(({ id: each }) => each)).toEqual(
    all
      .map(({ id: each }) => each)
      .toSorted()
      .toReversed(),
  )
  expect(all).toHaveLength(3)
  expect((await list.query({ endpointId: id })).items).toHaveLength(2)
  expect((await list.query({ type: 'user.updated' })).items).toHaveLength(2)
  const eventId = all.find(({ type }) => type === 'user.created')?.eventId ?? ''
  expect((await list.query({ eventId })).items).toHaveLength(1)
  expect((await list.query({ eventId: `evt_${randomUUID()}` })).items).toEqual([])
  expect((await list.query({ state: 'parked' })).items).toEqual([])
  expect((await list.query({ state: 'waiting', from: new Date(0) })).items).toHaveLength(3)
  expect((await list.query({ to: new Date(0) })).items).toEqual([])
  expect(await reasonOf(list.query({ eventId: 'evt_1' }))).toBe('INVALID_INPUT')
})

test('deliveries go with their event when it is old, and endpoints stay', async () => {
  const { id } = await endpoints().create.mutate({ url: 'http://example.com/', types: ['user.created'] })
  await app.aUser()
  await app.deps.events.sequence()
  const old = new Date(app.clock.now().getTime() + app.deps.config.RETAIN_FEED)
  const rules = (now: Date) => retentionRules(app.deps.config, now).filter(({ table }) => table === 'events')
  await removeOld(app.scope(), rules(new Date(old.getTime() - DAY)))
  expect(await deliveriesOf(id)).toHaveLength(1)
  await removeOld(app.scope(), rules(new Date(old.getTime() + DAY)))
  expect(await deliveriesOf(id)).toEqual([])
  expect(await endpoints().list.query()).toMatchObject([{ id, state: 'active' }])
})
