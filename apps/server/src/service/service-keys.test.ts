import { once } from 'node:events'
import { request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { allPages, anAdmin, auditOf, lockWaits, UNKNOWN_ID } from '../../test/admin.ts'
import { until } from '../../test/inbox.ts'
import { aMember, anOrganization } from '../../test/organizations.ts'
import { reasonOf } from '../../test/rejection.ts'
import { aServiceKey } from '../../test/service-keys.ts'
import { createTestApp, type TestApp, type TestUser } from '../../test/test-app.ts'
import { createApp } from '../app.ts'
import { DAY, MINUTE } from '../platform/durations.ts'
import { createHttpServer } from '../platform/http/http-server.ts'
import { createMetrics } from '../platform/metrics.ts'
import { makeServiceKey } from '../verbs/create-service-key.ts'

const CALLS = 30
const LIMITS = { RATE_LIMIT: '1000/1m', RATE_LIMIT_READS: '1000/1m', RATE_LIMIT_SERVICE: `${CALLS}/1m` }

let app: TestApp
let api: Awaited<ReturnType<typeof anAdmin>>['api']
let user: TestUser
/** The same server again, whose log is kept in `lines`. */
let server: Server
let url: string
const lines: string[] = []
beforeAll(async () => {
  app = await createTestApp({ RATE_LIMIT_ENABLED: 'true', ...LIMITS }, { worker: false })
  api = (await anAdmin(app)).api
  user = await app.aUser()
  const log = pino({ level: 'debug' }, { write: (line) => void lines.push(line) })
  server = createHttpServer(createApp({ ...app.deps, log, metrics: createMetrics() }, () => false))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await app[Symbol.asyncDispose]()
})

interface Answer {
  status: number
  reason: string | undefined
  retryAfter: string | null
  body: Record<string, unknown>
}

async function call(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { headers })
  const body = (await response.json()) as Record<string, unknown> & { error?: { reason: string } }
  return { status: response.status, reason: body.error?.reason, retryAfter: response.headers.get('retry-after'), body }
}
const as = (key: string) => ({ authorization: `Bearer ${key}` })
const aboutUser = () => `/v1/users/${user.id}`

test('an administrator makes a key, sees it once, and sees which keys there are', async () => {
  const expiresAt = new Date(app.clock.now().getTime() + DAY)
  const { key, ...shown } = await api.admin.serviceKeys.create.mutate({
    ...{ name: '  Reports ', scopes: ['users:read', 'accounts:read', 'users:read'], expiresAt },
  })
  expect(key).toMatch(/^tgsk_[\w-]{43}$/)
  expect(shown).toMatchObject({
    ...{ name: 'Reports', scopes: ['users:read', 'accounts:read'], start: key.slice(0, 9), expiresAt },
    ...{ revokedAt: null, lastUsedAt: null },
  })
  const { key: other } = await api.admin.serviceKeys.create.mutate({ name: 'Reports', scopes: ['events:read'] })
  expect(other).not.toBe(key)
  const listed = await allPages((cursor) => api.admin.serviceKeys.list.query({ limit: 1, cursor }))
  expect(listed[1]).toEqual(shown)
  const rows = await app.scope().em.execute('select * from service_keys')
  for (const secret of [key, key.slice(5), key.slice(10)]) {
    expect(JSON.stringify([rows, listed, await auditOf(app, shown.id)])).not.toContain(secret)
  }
})

test.each([
  ['no name', { name: '  ', scopes: ['admin'] }],
  ['no scope', { name: 'x', scopes: [] }],
  ['an unknown scope', { name: 'x', scopes: ['users:write'] }],
  ['an end in the past', { name: 'x', scopes: ['admin'], expiresAt: new Date(Date.now() - DAY) }],
])('a key with %s is refused', async (_what, input) => {
  const [before] = await app.scope().em.execute('select count(*) from service_keys')
  expect(await reasonOf(api.admin.serviceKeys.create.mutate(input as never))).toBe('INVALID_INPUT')
  expect(await app.scope().em.execute('select count(*) from service_keys')).toEqual([before])
})

test('a key reads accounts and users, as far as its scopes go', async () => {
  const owner = await aMember(app)
  const team = await anOrganization(app, owner, [[user, 'member']])
  const [accounts, users, everything] = [
    await aServiceKey(app, 'accounts:read'),
    await aServiceKey(app, 'users:read'),
    await aServiceKey(app, 'admin'),
  ]
  const path = `/v1/accounts/${team.id}`
  expect((await call(path, as(accounts))).body).toMatchObject({
    id: team.id,
    name: team.name,
    isOpen: true,
    members: 2,
  })
  expect((await call(`/v1/accounts/${user.id}`, as(accounts))).body).toMatchObject({
    ...{ kind: 'personal', name: user.username, members: 1, isOpen: true },
  })
  expect((await call(aboutUser(), as(users))).body).toMatchObject({ id: user.id, email: user.email, isActive: true })
  expect(await call(path, as(users))).toMatchObject({ status: 403, reason: 'SCOPE_REQUIRED' })
  expect(await call(aboutUser(), as(accounts))).toMatchObject({ status: 403, reason: 'SCOPE_REQUIRED' })
  expect((await call(path, as(everything))).status).toBe(200)

  expect(await call(`/v1/users/${UNKNOWN_ID}`, as(users))).toMatchObject({ status: 404, reason: 'USER_NOT_FOUND' })
  expect(await call(`/v1/users/${team.id}`, as(users))).toMatchObject({ status: 404, reason: 'USER_NOT_FOUND' })
  expect(await call(`/v1/accounts/${UNKNOWN_ID}`, as(accounts))).toMatchObject({ reason: 'ACCOUNT_NOT_FOUND' })
  expect(await call('/v1/users/me', as(users))).toMatchObject({ status: 400, reason: 'INVALID_INPUT' })

  await owner.api.accounts.delete.mutate({ accountId: team.id })
  expect((await call(path, as(accounts))).body).toMatchObject({ isOpen: false })
})

test('a user is found by their address, however it is written', async () => {
  const key = as(await aServiceKey(app, 'users:read'))
  const found = await call(`/v1/users?email=${encodeURIComponent(` ${user.email.toUpperCase()}`)}`, key)
  expect(found.body).toMatchObject({ items: [{ id: user.id }], nextCursor: null })
  expect((await call('/v1/users?email=nobody@example.com', key)).body).toEqual({ items: [], nextCursor: null })
  for (const path of ['/v1/users', '/v1/users?email=nobody'])
    expect((await call(path, key)).body).toMatchObject({
      error: { reason: 'INVALID_INPUT', fieldErrors: { email: expect.any(String) } },
    })
})

test('the members of any account come in pages', async () => {
  const key = as(await aServiceKey(app, 'accounts:read'))
  const owner = await aMember(app)
  const team = await anOrganization(app, owner, [
    [await app.aUser(), 'member'],
    [await app.aUser(), 'billing'],
  ])
  const path = `/v1/accounts/${team.id}/members`
  const first = await call(`${path}?limit=2`, key)
  const { nextCursor } = first.body as { nextCursor: string }
  const second = await call(`${path}?limit=2&cursor=${nextCursor}`, key)
  const roles = [first, second].flatMap(({ body }) =>
    (body as { items: { role: string }[] }).items.map(({ role }) => role),
  )
  expect(roles.toSorted()).toEqual(['billing', 'member', 'owner'])
  expect(second.body['nextCursor']).toBe(null)
  expect((await call(`/v1/accounts/${UNKNOWN_ID}/members`, key)).status).toBe(404)
  expect((await call(`${path}?cursor=x`, key)).body).toMatchObject({ error: { reason: 'INVALID_INPUT' } })
  expect((await call(path, as(await aServiceKey(app, 'users:read')))).status).toBe(403)
})

test('nothing but a whole key in the header gets in, and no answer and no log line repeats a key', async () => {
  lines.length = 0
  const key = await aServiceKey(app)
  const token = (await app.as(user)).session.current?.accessToken ?? ''
  const [name, secret] = [key.slice(0, 20), key.slice(5)]
  const answers = [
    await call(aboutUser()),
    ...(await Promise.all(
      [
        ...[`Basic ${btoa(`${key}:`)}`, `Token ${key}`, key, `Bearer`, `Bearer ${secret}`, `Bearer ${name}`],
        ...['Bearer tgsk_', `Bearer ${key}x`, `Bearer ${key.toLowerCase()}`, `Bearer ${key}, Bearer ${key}`],
        ...[`Bearer ${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, `Bearer ${key.replace('tgsk', 'TGSK')}`],
        ...[`Bearer tgsk_${'%'.repeat(43)}`, `Bearer ${token}`, `Bearer tgsk_${'A'.repeat(10_000)}`],
      ].map((authorization) => call(aboutUser(), { authorization })),
    )),
    await call(`${aboutUser()}?key=${key}&access_token=${key}&authorization=Bearer%20${key}`),
    await call(aboutUser(), { cookie: `refresh_token=${key}; authorization=${key}` }),
    await call(aboutUser(), { 'x-api-key': key }),
  ]
  for (const answer of answers) expect(answer).toMatchObject({ status: 401, reason: 'INVALID_SERVICE_KEY' })
  expect(await call(`/me`, as(key))).toMatchObject({ status: 401, reason: 'INVALID_TOKEN' })
  const viaRpc = await fetch(`${url}/trpc/auth.me`, { headers: as(key) })
  expect([viaRpc.status, await viaRpc.text()]).toEqual([401, expect.stringContaining('INVALID_TOKEN')])
  expect(await call(`/trpc/service.users.get`, as(key))).toMatchObject({ status: 404 })
  expect(await call(`/v1/users/${key}`, as(key))).toMatchObject({ status: 400, reason: 'INVALID_INPUT' })
  expect(await call(`/v1/${key}`, as(key))).toMatchObject({ status: 404, reason: 'NOT_FOUND' })
  const huge = await statusOfHugeHeader(key)
  expect(huge.status).toBe(431)

  expect((await call(aboutUser(), { authorization: `bearer ${key}` })).status).toBe(200)
  const seen = JSON.stringify([answers, huge.body, lines])
  expect(lines.length).toBeGreaterThan(answers.length)
  expect(lines.join('')).toContain('"serviceKeyId":"')
  for (const part of [key, secret, name.slice(10)]) expect(seen).not.toContain(part)
})

/** Node refuses it before the program sees it. `fetch` would not send it. */
async function statusOfHugeHeader(key: string): Promise<{ status: number; body: string }> {
  const sent = request(`${url}${aboutUser()}`, { headers: { authorization: `Bearer ${key.repeat(1_000)}` } }).end()
  const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { statusCode: number }]
  let body = ''
  for await (const part of answer) body += String(part)
  return { status: answer.statusCode, body }
}

test('a key that was revoked or has expired fails at the next request, and a running one ends well', async () => {
  const { id, key } = await api.admin.serviceKeys.create.mutate({ name: 'Short', scopes: ['users:read'] })
  const { em } = app.scope()
  const running = await em.transactional(async (locking) => {
    await locking.execute('lock table users in access exclusive mode')
    const waiting = call(aboutUser(), as(key))
    await lockWaits(app, 1)
    await app.scope().em.execute('update service_keys set revoked_at = now() where id = ?', [id])
    return { waiting }
  })
  expect((await running.waiting).status).toBe(200)
  expect(await call(aboutUser(), as(key))).toMatchObject({ status: 401, reason: 'INVALID_SERVICE_KEY' })

  const second = await api.admin.serviceKeys.create.mutate({ name: 'Short', scopes: ['users:read'] })
  await api.admin.serviceKeys.revoke.mutate({ id: second.id })
  await api.admin.serviceKeys.revoke.mutate({ id: second.id }) // changes nothing more
  expect((await call(aboutUser(), as(second.key))).status).toBe(401)
  expect((await auditOf(app, second.id)).map(({ action }) => action)).toEqual([
    'service_key.create',
    'service_key.revoke',
  ])
  expect(await reasonOf(api.admin.serviceKeys.revoke.mutate({ id: UNKNOWN_ID }))).toBe('SERVICE_KEY_NOT_FOUND')

  const expiresAt = new Date(app.clock.now().getTime() + DAY)
  const ending = await api.admin.serviceKeys.create.mutate({ name: 'Ending', scopes: ['users:read'], expiresAt })
  expect((await call(aboutUser(), as(ending.key))).status).toBe(200)
  app.clock.advance(DAY)
  expect((await call(aboutUser(), as(ending.key))).status).toBe(401)
})

test('the last use is known to the minute, and no request waits for it to be written', async () => {
  const { id, key } = await createdKey()
  const lastUse = async (): Promise<string | null> => {
    const [row] = await app
      .scope()
      .em.execute<{ last_used_at: string | null }[]>('select last_used_at from service_keys where id = ?', [id])
    return row?.last_used_at ?? null
  }
  await app.scope().em.transactional(async (em) => {
    await em.execute('select 1 from service_keys where id = ? for update', [id])
    expect((await call(aboutUser(), as(key))).status).toBe(200)
  })
  const first = await until('the first use to be noted', lastUse)
  expect((await call(aboutUser(), as(key))).status).toBe(200)
  app.clock.advance(MINUTE)
  expect((await call(aboutUser(), as(key))).status).toBe(200)
  const second = await until('the next use to be noted', async () => {
    const at = await lastUse()
    return at === first ? undefined : at
  })
  expect(new Date(second ?? 0).getTime() - new Date(first ?? 0).getTime()).toBeGreaterThanOrEqual(MINUTE)
})

const createdKey = () => api.admin.serviceKeys.create.mutate({ name: 'Used', scopes: ['users:read'] })

test('a key has a limit of its own, whatever it calls', async () => {
  const [busy, calm] = [await aServiceKey(app, 'users:read'), await aServiceKey(app, 'users:read')]
  const paths = Array.from({ length: CALLS }, (_, n) => (n % 2 === 0 ? aboutUser() : `/v1/accounts/${user.id}`))
  const statuses = (await Promise.all(paths.map((path) => call(path, as(busy))))).map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([200, 403]))
  const refused = await call(aboutUser(), as(busy))
  expect(refused).toMatchObject({ status: 429, reason: 'RATE_LIMITED', retryAfter: expect.stringMatching(/^\d+$/) })
  expect(Number(refused.retryAfter)).toBeLessThanOrEqual(60)
  expect((await call(aboutUser(), as(calm))).status).toBe(200)
})

test('create-service-key prints a key that works, and says what is wrong with a bad one', async () => {
  const [out, err]: [string[], string[]] = [[], []]
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line)),
    vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line)),
  ]
  const make = (...words: string[]) => makeServiceKey(app.deps.config, app.deps.log, words)
  try {
    expect(await make('Cron', '--scopes', 'users:read, usage:write', '--expires-in', '30d')).toBe(0)
    expect(await make('Backend', '--scopes', 'users:read')).toBe(0)
    expect(await make('Cron', '--scopes', 'users:all')).toBe(1)
    expect(await make('Cron')).toBe(1)
    expect(await make('Cron', '--scopes', 'admin', '--expires-in', 'soon')).toBe(1)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  expect(out).toEqual([expect.stringMatching(/^tgsk_/), expect.stringMatching(/^tgsk_/)])
  expect(err).toContain('It does not expire.')
  expect(err[0]).toBe('The key of Cron may do this: users:read, usage:write.')
  expect(err.slice(-3)).toEqual([
    expect.stringMatching(/^scopes: must be one of introspect/),
    'scopes: must name at least one scope',
    expect.stringMatching(/^expires-in: must be a duration/),
  ])
  expect((await call(aboutUser(), as(out[0] ?? ''))).status).toBe(200)
  const [lasting, newest] = (await api.admin.serviceKeys.list.query({ limit: 2 })).items
  expect(lasting).toMatchObject({ name: 'Backend', expiresAt: null })
  expect(newest).toMatchObject({ name: 'Cron', expiresAt: expect.any(Date) })
  expect(await auditOf(app, newest?.id ?? '')).toMatchObject([{ action: 'service_key.create', actor_id: null }])
})
