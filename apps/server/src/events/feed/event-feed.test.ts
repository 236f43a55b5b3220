import { randomUUID } from 'node:crypto'
import type { QueryConfig } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countStatements } from '../../../test/count-statements.ts'
import { until } from '../../../test/inbox.ts'
import { aServiceKey } from '../../../test/service-keys.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { expectAllIsTold } from '../../../test/told-events.ts'
import { createEventsDeps } from '../../events-deps.ts'
import { poolOf } from '../../platform/database/prepared.ts'
import { DAY, MINUTE, SECOND } from '../../platform/durations.ts'
import { removeOld } from '../../platform/retention/remove-old.ts'
import { retentionRules } from '../../retention-rules.ts'
import { CursorTooOld } from '../events.errors.ts'
import type { EventType } from '../events.schemas.ts'
import { createEventFeed } from './event-feed.ts'
import { createSequencer } from './sequencer.ts'

let app: TestApp
let key: string

beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  key = await aServiceKey(app, 'events:read')
})
afterAll(async () => app[Symbol.asyncDispose]())

/** As a program in another language reads the feed. */
interface Page {
  events: { id: string; type: string; timestamp: string; version: number; data: Record<string, unknown> }[]
  cursor: string
  hasMore: boolean
}

const answer = (query: Record<string, string>, token = key) =>
  fetch(`${app.url}/v1/events?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${token}` },
  })

const read = async (query: Record<string, string>): Promise<Page> => (await (await answer(query)).json()) as Page

const refusal = async (query: Record<string, string>, token?: string): Promise<unknown> =>
  ((await (await answer(query, token)).json()) as { error?: unknown }).error

const end = async (): Promise<string> => (await read({ after: 'latest' })).cursor

const rename = (user: TestUser, name = `n-${randomUUID().slice(0, 8)}`) =>
  app.scope().em.execute('update users set username = ?, username_key = ? where id = ?', [name, name, user.id])

test('a sign-up gives an event for the user, the personal account and its member', async () => {
  const after = await end()
  const user = await app.aUser()
  const { events, ...rest } = await read({ after })
  expect(rest).toEqual({ cursor: String(Number(after) + 3), hasMore: false })
  expect(events).toMatchObject([
    { type: 'user.created', version: 1, accountId: null, data: { id: user.id, email: user.email, isActive: true } },
    { type: 'account.created', version: 1, accountId: user.id, data: { id: user.id, kind: 'personal', isOpen: true } },
    { type: 'member.added', version: 1, accountId: user.id, data: { userId: user.id, role: 'owner' } },
  ])
  expect(events[0]?.id).toMatch(/^evt_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Math.abs(Date.parse(events[0]?.timestamp ?? '') - Date.now())).toBeLessThan(DAY)
  expect(JSON.stringify(events)).not.toMatch(/argon|hash|secret|private/i)
  expect(await read({ after, types: 'member.added', limit: '1' })).toMatchObject({ events: [events[2]] })
  expect(await read({ after, limit: '2' })).toMatchObject({ events: events.slice(0, 2), hasMore: true })
})

test('a transaction that takes its rows early and commits late is not skipped', async () => {
  const [slow, quick] = [await app.aUser(), await app.aUser()]
  const after = await end()
  const pages: Page[] = []
  await app.scope().em.transactional(async (em) => {
    await em.execute('update users set is_verified = not is_verified where id = ?', [slow.id])
    await app.scope().em.execute('update users set is_verified = not is_verified where id = ?', [quick.id])
    pages.push(await read({ after }))
  })
  pages.push(await read({ after: pages[0]?.cursor ?? '' }))
  const told = pages.map(({ events }) => events.map(({ type, data }) => [type, data['id']]))
  expect(told).toEqual([[['user.updated', quick.id]], [['user.updated', slow.id]]])
})

test('two sequencers and many changes at once: versions ascend, positions have no gaps, and the last state is told', async () => {
  const users = [await app.aUser(), await app.aUser()]
  const after = await end()
  const other = createEventsDeps(app.deps)
  const changes = Array.from({ length: 40 }, (_, n) => rename(users[n % 2] as TestUser))
  const sequencing = Array.from({ length: 20 }, () => [app.deps.events.sequence(), other.sequence()]).flat()
  await Promise.all([...changes, ...sequencing])
  await other.bell.close()

  const versions: Record<string, number[]> = {}
  let page: Page = { events: [], cursor: after, hasMore: true }
  while (page.hasMore) {
    page = await read({ after: page.cursor, limit: '7' })
    for (const { type, version, data } of page.events) (versions[`${type} ${String(data['id'])}`] ??= []).push(version)
  }
  for (const { id } of users) {
    expect(versions[`user.updated ${id}`]).toEqual(Array.from({ length: 20 }, (_, n) => n + 2))
    // An account's state is the present one, and told once.
    expect(versions[`account.updated ${id}`]).toEqual(versions[`account.updated ${id}`]?.map((_, n) => n + 2))
  }
  await expectAllIsTold(app)
})

test('while events fail to get their places, the feed has those before them, and none is lost or doubled', async () => {
  const after = await end()
  const user = await app.aUser()
  const { config, database, ...parts } = app.deps
  const failing = createSequencer({
    databaseUrl: config.DATABASE_URL,
    openScope: () => ({ ...parts, em: database.em.fork() }),
    fanOut: () => Promise.reject(new Error('The process died.')),
  })
  await expect(failing.sequence()).rejects.toThrow('The process died.')
  const ofFailing = { ...app.deps.events, sequence: failing.sequence }
  const list = createEventFeed(app.scope().em, { ...app.deps, events: ofFailing, isStopping: () => false })
  expect(await list({ after, limit: 100, wait: 0 })).toEqual({ events: [], cursor: after, hasMore: false })
  const waiting = list({ after, limit: 100, wait: 25 })
  const { events } = await read({ after })
  expect((await waiting).events.map(({ id }) => id)).toEqual(events.map(({ id }) => id))
  expect(events.map(({ type, version, data }) => [type, version, data['userId'] ?? data['id']])).toEqual(
    ['user.created', 'account.created', 'member.added'].map((type) => [type, 1, user.id]),
  )
})

test('more events that can not be presented than fit into a batch hold back no other, and are tried again later', async () => {
  const after = await end()
  const { em } = app.scope()
  const broken = `select add_event('subscription.changed', 'subscription', gen_random_uuid()::text, null, '{"plan_id":"none"}')`
  await em.execute(`${broken} from generate_series(1, 520)`)
  const user = await app.aUser()
  const isOfUser = ({ data }: Page['events'][number]) => [data['id'], data['userId']].includes(user.id)
  await expect.poll(async () => (await read({ after })).events.filter(isOfUser), { timeout: 50_000 }).toHaveLength(3)
  const waiting = 'select object_id, seq from events where position is null order by seq'
  const held = await em.execute<{ object_id: string; seq: string }[]>(waiting)
  expect(held).toHaveLength(520)

  // One of them can be presented by now, and has another event. Both wait until the minute is over, in their order.
  const [first] = held
  const id = first?.object_id ?? ''
  const state = (name: string) => JSON.stringify({ id, username: name, createdAt: new Date() })
  await em.execute(`delete from events where position is null and object_id <> ?`, [id])
  await em.execute(`update events set object_kind = 'user', type = 'user.updated', data = ? where seq = ?`, [
    ...[state('one'), first?.seq],
  ])
  await em.execute(`select add_event('user.updated', 'user', ?, null, ?)`, [id, state('two')])
  const ofObject = async () => (await read({ after, limit: '500' })).events.filter(({ data }) => data['id'] === id)
  expect(await ofObject()).toEqual([])
  app.clock.advance(MINUTE)
  expect((await ofObject()).map(({ version, data }) => [version, data['username']])).toEqual([
    [1, 'one'],
    [2, 'two'],
  ])
})

test('what changes nothing public gives no event', async () => {
  const user = await app.aUser()
  const after = await end()
  const { em } = app.scope()
  await em.execute(`update users set password_hash = 'x', updated_at = now(), private_data = '{"a":1}' where id = ?`, [
    user.id,
  ])
  await em.execute('update users set is_verified = is_verified where id = ?', [user.id])
  await em.execute('update accounts set name = name where id = ?', [user.id])
  expect(await read({ after })).toEqual({ events: [], cursor: after, hasMore: false })
})

test('a call that waits is answered by the next event', async () => {
  const after = await end()
  const waiting = read({ after, wait: '25', types: 'user.created' })
  const user = await app.aUser()
  expect((await waiting).events).toMatchObject([{ data: { id: user.id } }])
  const { cursor } = await read({ after })
  expect(await read({ after, wait: '1', types: 'payment.changed' })).toEqual({ events: [], cursor, hasMore: false })
})

test('1,000 readers that wait share a few statements, and each gets the next event of its types', async () => {
  const after = await end()
  const { em } = app.scope()
  const list = createEventFeed(em, { ...app.deps, isStopping: () => false })
  const query = { after, limit: 100, wait: 25 }
  const created: EventType[] = ['user.created']
  const renamed: EventType[] = ['user.updated']
  const all = Array.from({ length: 500 }, () => list(query))
  const some = Array.from({ length: 500 }, () => list({ ...query, types: created }))
  const left = new AbortController()
  const others = list({ ...query, types: renamed }, left.signal)
  const statements = await countStatements(em)
  await until('all to wait', async () => statements.soFar() > 0)
  const user = await app.aUser() // itself a few statements
  const pages = await Promise.all([...all, ...some])
  statements.stop()
  expect(statements.soFar()).toBeLessThan(200) // alone, about 15
  expect(pages.every(({ events }) => events[0]?.data['id'] === user.id)).toBe(true)
  expect(pages.map(({ events }) => events.length)).toEqual([...all.map(() => 3), ...some.map(() => 1)])
  left.abort()
  expect(await others).toEqual({ events: [], cursor: pages[0]?.cursor, hasMore: false })
})

test('events deleted during a read are in its answer, or the answer says that they are gone', async () => {
  const after = await end()
  const user = await app.aUser()
  await rename(user)
  await app.deps.events.sequence()
  const { em } = app.scope()
  const pool = await poolOf(em)
  if (!pool) throw new Error('expected a pool')
  // After each statement of the reader, all events of the sign-up are deleted.
  const connect = async () => {
    const client = await pool.connect()
    const query = async (statement: QueryConfig) => {
      const result = await client.query(statement)
      await app.scope().em.execute('delete from events where position <= ?', [Number(after) + 3])
      return result
    }
    return { query, release: () => client.release() }
  }
  const getConnection = () => ({ getNativeClient: async () => ({ connect }) })
  const purged = new Proxy(em, {
    get: (real, name) => {
      if (name === 'getConnection') return getConnection
      return name === 'isInTransaction' ? () => false : Reflect.get(real, name, real)
    },
  })
  const list = createEventFeed(purged, { ...app.deps, isStopping: () => false })
  const { events, cursor } = await list({ after, limit: 100, wait: 0 })
  expect(events.map(({ type }) => type)).toEqual(['user.created', 'account.created', 'member.added', 'user.updated'])
  expect((await read({ after: cursor })).events).toEqual([])
  await expect(list({ after, limit: 100, wait: 0 })).rejects.toThrow(CursorTooOld)
})

test('50 calls of one key may wait at once, and a further one says what to do', async () => {
  const [crowd, other] = [await aServiceKey(app, 'events:read', 'introspect'), await aServiceKey(app, 'events:read')]
  const after = await end()
  const calls = Array.from({ length: 51 }, () => answer({ after, wait: '25' }, crowd))
  const refused = await Promise.race(calls)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(((await refused.json()) as { error: unknown }).error).toMatchObject({
    reason: 'TOO_MANY_WAITING_CALLS',
    message: expect.stringContaining('Call without wait, or use another key'),
  })
  const revocations = await fetch(`${app.url}/v1/revocations?wait=1`, { headers: { authorization: `Bearer ${crowd}` } })
  expect(revocations.status).toBe(429)
  expect((await answer({ after }, crowd)).status).toBe(200)
  expect((await answer({ after, wait: '1' }, other)).status).toBe(200)
  await app.aUser()
  const statuses = (await Promise.all(calls)).map(({ status }) => status)
  expect(statuses.toSorted()).toEqual([...Array.from({ length: 50 }, () => 200), 429])
  expect((await answer({ after, wait: '1' }, crowd)).status).toBe(200)
})

test('a call for the end does not wait, and no call waits until very many events have their places', async () => {
  const startedAt = performance.now()
  const after = (await read({ after: 'latest', wait: '25' })).cursor
  await app.aUser()
  await app.deps.events.sequence()
  const events = { ...app.deps.events, sequence: () => new Promise<void>(() => {}) }
  const list = createEventFeed(app.scope().em, { ...app.deps, events, isStopping: () => false })
  expect((await list({ after, limit: 100, wait: 0 })).events).toHaveLength(3)
  expect(performance.now() - startedAt).toBeLessThan(20 * SECOND)
})

test('bad calls say what is wrong', async () => {
  expect(await refusal({ types: 'user.created,user.renamed' })).toMatchObject({
    ...{
      reason: 'INVALID_INPUT',
      fieldErrors: { 'types.1': expect.stringMatching(/^must be one of user\.created, /) },
    },
  })
  expect(await refusal({ after: 'yesterday' })).toMatchObject({ fieldErrors: { after: expect.any(String) } })
  expect(await refusal({ limit: '501' })).toMatchObject({ fieldErrors: { limit: 'must be between 1 and 500' } })
  expect(await refusal({ wait: '26' })).toMatchObject({ fieldErrors: { wait: 'must be between 0 and 25' } })
  expect(await refusal({}, await aServiceKey(app, 'users:read'))).toMatchObject({ reason: 'SCOPE_REQUIRED' })
  const ahead = String(Number(await end()) + 1)
  expect(await refusal({ after: ahead })).toMatchObject({ reason: 'CURSOR_UNKNOWN' })
})

test('old events go, the first ones first, and a cursor from before says what to do', async () => {
  const user = await app.aUser()
  const cursor = await end()
  const keep = (days: number) =>
    removeOld(app.scope(), retentionRules(app.deps.config, new Date(app.clock.now().getTime() + days * DAY)))
  await keep(29)
  expect((await read({ after: '0' })).events).not.toEqual([])
  app.clock.advance(2 * DAY)
  await rename(user)
  await app.deps.events.sequence()
  await keep(29)
  expect(await refusal({ after: '0' })).toMatchObject({
    reason: 'CURSOR_TOO_OLD',
    message: expect.stringContaining('after=latest'),
  })
  const { events } = await read({ after: cursor })
  expect(events).toMatchObject([{ type: 'user.updated', version: 2 }, { type: 'account.updated' }])
  expect((await read({})).events).toEqual(events)
  await keep(31)
  expect(await read({})).toEqual({ events: [], cursor: await end(), hasMore: false })
  await rename(user)
  expect((await read({})).events).toMatchObject([{ type: 'user.updated', version: 3 }, {}])
})
