import { generateKeyPairSync } from 'node:crypto'
import { createTollgateServer, sqlVersionStore, type TollgateServerOptions } from '@tollgate/server'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setOverride } from '../../src/billing/index.ts'
import { OPERATOR } from '../../src/platform/audit/audit.ts'
import { aServiceKey } from '../service-keys.ts'
import { createTestApp, type TestApp } from '../test-app.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ACCESS_TOKEN_PRIVATE_KEY = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ ACCESS_TOKEN_PRIVATE_KEY })
})
afterAll(() => app[Symbol.asyncDispose]())

/** The backend of a product, with the real server as its Tollgate. */
async function aProduct(options: Partial<TollgateServerOptions> = {}) {
  const server = createTollgateServer({ url: app.url, serviceKey: await aServiceKey(app), ...options })
  return Object.assign(server, { [Symbol.dispose]: () => server.close() })
}

async function loggedIn(account: Parameters<TestApp['aUser']>[0] = {}) {
  const user = await app.aUser(account)
  const { api, session } = app.client()
  const { accessToken } = await api.auth.login.mutate({ email: user.email, password: user.password })
  return { user, api, session, accessToken }
}

test('a product knows who sends a request, without a service key', async () => {
  using product = await aProduct({ serviceKey: undefined })
  for (const flags of [
    { isVerified: true, isAdmin: false },
    { isVerified: false, isAdmin: false },
    { isVerified: true, isAdmin: true },
  ]) {
    const { user, accessToken } = await loggedIn(flags)
    expect(await product.verify(accessToken)).toMatchObject({ ok: true, session: { userId: user.id, ...flags } })
  }
})

test('a product can ask for a user as they are now', async () => {
  using product = await aProduct({ serviceKey: await aServiceKey(app, 'introspect') })
  const { user, api, accessToken } = await loggedIn()
  const { id, email, username } = user
  const introspection = await product.introspect(accessToken)
  expect(introspection).toMatchObject({
    ok: true,
    session: { userId: id },
    user: { id, email, username, isActive: true },
  })
  await api.auth.logout.mutate()
  expect(await product.introspect(accessToken)).toMatchObject({ ok: false, reason: 'INVALID_TOKEN' })
  expect(await product.introspect('x'.repeat(20_000))).toMatchObject({ ok: false, reason: 'INVALID_TOKEN' })
})

test('a product counts usage, reserves it, and knows what is left', async () => {
  using product = await aProduct()
  const { id: accountId } = await app.aUser()
  const [feature, value] = ['ai.tokens', { limit: 10, per: 'month' as const }]
  await setOverride(app.scope(), OPERATOR, { accountId, feature, value, until: null, reason: 'A test' })
  expect(await product.feature(accountId, feature)).toMatchObject({ allowed: true, limit: 10, used: 0 })

  const once = { feature, amount: 4, key: 'answer-1' }
  expect(await product.consume(accountId, once)).toMatchObject({ allowed: true, used: 4, remaining: 6 })
  expect(await product.consume(accountId, once)).toMatchObject({ allowed: true, used: 4 })
  const reserved = await product.consume(accountId, { feature, amount: 6, key: 'answer-2', reserve: 60 })
  expect(await product.consume(accountId, { feature, key: 'answer-3' })).toMatchObject({
    allowed: false,
    unlockedBy: null,
  })
  expect(await product.settle(accountId, reserved.reservation ?? '', 2)).toMatchObject({ allowed: true, used: 6 })
  const more = await product.consume(accountId, { feature, key: 'answer-4', reserve: 60 })
  expect(await product.giveBack(accountId, more.reservation ?? '')).toMatchObject({ used: 6 })
  expect((await product.entitlements(accountId)).features[feature]).toMatchObject({
    used: 6,
    resetsAt: expect.any(Date),
  })

  await expect(product.feature(accountId, 'ai.token')).rejects.toMatchObject({ reason: 'FEATURE_NOT_FOUND' })
  const unknown = product.entitlements('01900000-0000-7000-8000-000000000001')
  await expect(unknown).rejects.toMatchObject({ reason: 'ACCOUNT_NOT_FOUND', status: 404 })
  using reader = await aProduct({ serviceKey: await aServiceKey(app, 'entitlements:read') })
  await expect(reader.consume(accountId, once)).rejects.toMatchObject({ reason: 'SCOPE_REQUIRED', status: 403 })
})

test('versions in PostgreSQL: of deliveries to several processes, each is applied in full or not at all', async () => {
  const pool = new pg.Pool({ connectionString: app.deps.config.DATABASE_URL, max: 4 })
  const store = sqlVersionStore<pg.PoolClient>(async (work) => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const ran = await work(client)
      await client.query('commit')
      return ran
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  })
  await pool.query('create table tollgate_versions (object text primary key, version bigint not null)')
  await pool.query('create table seen (id serial, version int not null)')
  const see = (version: number, fails = false) =>
    store.advance('user:1', version, async (client) => {
      await client.query('insert into seen (version) values ($1)', [version])
      if (fails) throw new Error('The handler failed.')
    })
  await expect(see(9, true)).rejects.toThrow('The handler failed.')
  await Promise.all([3, 1, 4, 1, 5, 2, 5].map((version) => see(version)))
  const { rows } = await pool.query<{ version: number }>('select version from seen order by id')
  const versions = rows.map(({ version }) => version)
  expect(versions).toEqual([...new Set(versions)].toSorted())
  expect(versions.at(-1)).toBe(5)
  await pool.end()
})
