import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countStatements } from '../../../test/count-statements.ts'
import { until } from '../../../test/inbox.ts'
import { aServiceKey } from '../../../test/service-keys.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { MINUTE } from '../../platform/durations.ts'
import { readFeedCursor, writeFeedCursor } from './feed-cursor.ts'
import { LARGEST_PAGE } from './read-session-ends.ts'
import { createRevocationFeed, type ReadRevocations } from './revocation-feed.ts'

let app: TestApp
let key: string
beforeAll(async () => {
  app = await createTestApp({ SESSION_POLICY: 'multiple' }, { worker: false })
  key = await aServiceKey(app)
})
afterAll(() => app[Symbol.asyncDispose]())

async function call(path: string, withKey = key) {
  const response = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${withKey}` } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

type Session = Awaited<ReturnType<typeof aSession>>
async function aSession() {
  const user = await app.aUser()
  const client = await app.as(user)
  const [session] = await client.api.sessions.list.query()
  return { user, api: client.api, id: session?.id ?? '' }
}

describe('the feed of ended sessions', () => {
  const em = () => app.scope().em
  const feed = (isStopping = () => false) => createRevocationFeed(em(), { lifetime: 15 * MINUTE, isStopping })
  /** Reads until there is nothing more. */
  async function readOn(read: ReadRevocations, after?: string) {
    const ids: string[] = []
    for (let cursor = after; ;) {
      const page = await read({ after: cursor, wait: 0 }, undefined)
      ids.push(...page.sessions.map(({ id }) => id))
      if (page.sessions.length === 0) return { ids, cursor: page.cursor }
      cursor = page.cursor
    }
  }

  test('has every session that ends, in whatever way', async () => {
    const admin = await app.as(await app.aUser({ isAdmin: true }))
    const { cursor } = await readOn(feed())
    const byHand = (sql: string) => async (session: Session) => void (await em().execute(sql, [session.id]))
    const ways: ((session: Session) => Promise<unknown>)[] = [
      ({ api }) => api.auth.logout.mutate(),
      ({ api, id }) => api.sessions.revoke.mutate({ id }),
      async ({ user }) => (await app.as(user)).api.sessions.revokeOthers.mutate(),
      async ({ user }) => {
        const { api } = await app.as(user)
        await api.auth.changePassword.mutate({ oldPassword: user.password, newPassword: 'quite another horse' })
      },
      ({ api }) => api.auth.deactivate.mutate(),
      ({ user }) => admin.api.admin.users.update.mutate({ id: user.id, isActive: false }),
      ({ user }) => admin.api.admin.users.endSessions.mutate({ id: user.id }),
      byHand('update sessions set ended_at = now() where id = ?'),
      byHand('update sessions set expires_at = now() where id = ?'),
      byHand('delete from sessions where id = ?'),
      byHand('update users set is_active = false where id = (select user_id from sessions where id = ?)'),
      byHand('delete from users where id = (select user_id from sessions where id = ?)'),
    ]
    const others = await Promise.all([aSession(), aSession()])
    let after = cursor
    for (const [nth, end] of ways.entries()) {
      const session = await aSession()
      await end(session)
      const news = await readOn(feed(), after)
      expect(news.ids, `way ${nth}`).toContain(session.id)
      for (const { id } of others) expect(news.ids).not.toContain(id)
      after = news.cursor
    }
    const emptied = em().transactional(async (transaction) => {
      await transaction.execute('truncate sessions cascade')
      const noted = await transaction.execute<{ session_id: string }[]>(
        'select session_id from session_ends where transaction = pg_current_xact_id()',
      )
      for (const { id } of others) expect(noted.map(({ session_id }) => session_id)).toContain(id)
      throw new Error('undone')
    })
    await expect(emptied).rejects.toThrow('undone')
    expect((await readOn(feed(), after)).ids).toEqual([])
  })

  test('has no session that has expired, or that ended before it was deleted', async () => {
    const [expired, ended] = [await aSession(), await aSession()]
    await ended.api.auth.logout.mutate()
    await em().execute(`alter table sessions disable trigger sessions_note_end`)
    await em().execute(`update sessions set expires_at = now() - interval '1 day' where id = ?`, [expired.id])
    await em().execute(`alter table sessions enable trigger sessions_note_end`)
    const { cursor } = await readOn(feed())
    await em().execute('delete from sessions where id in (?, ?)', [expired.id, ended.id])
    expect((await readOn(feed(), cursor)).ids).toEqual([])
  })

  test('passes over no transaction that commits late, in any order, read by two processes in turn', async () => {
    const processes = [feed(), feed()]
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), fc.boolean(), async (order, isSlow) => {
        const ids = order.map(() => randomUUID())
        let { cursor } = await readOn(feed())
        const seen: string[] = []
        const gates = order.map(() => Promise.withResolvers<void>())
        const written = order.map(() => Promise.withResolvers<void>())
        const commits = order.map((_, nth) =>
          em().transactional(async (transaction) => {
            await transaction.execute('insert into session_ends (session_id, ended_at) values (?, now())', [ids[nth]])
            written[nth]?.resolve()
            await gates[nth]?.promise
          }),
        )
        await Promise.all(written.map(({ promise }) => promise))
        for (const [turn, nth] of order.entries()) {
          gates[nth]?.resolve()
          await commits[nth]
          if (isSlow && turn % 2 === 0) continue
          const read = processes[turn % 2]
          if (!read) throw new Error('expected two processes')
          const news = await readOn(read, cursor)
          seen.push(...news.ids)
          cursor = news.cursor
        }
        seen.push(...(await readOn(feed(), cursor)).ids)
        expect(seen.toSorted()).toEqual(ids.toSorted()) // each once, as nothing failed
      }),
      { numRuns: 6 },
    )
  })

  test('gives many sessions in pages, and misses none that ends meanwhile', async () => {
    const read = feed()
    const { cursor: start } = await readOn(read)
    const many = `insert into session_ends (session_id, ended_at) select gen_random_uuid(), now() from generate_series(1, ?)`
    await em().execute(many, [LARGEST_PAGE + 10])
    const first = await read({ after: start, wait: 0 }, undefined)
    expect(first.sessions).toHaveLength(LARGEST_PAGE)
    await em().execute(many, [3])
    const second = await feed()({ after: first.cursor, wait: 25 }, undefined) // has an answer, so it does not wait
    expect(second.sessions).toHaveLength(10)
    const third = await read({ after: second.cursor, wait: 25 }, undefined)
    expect(third.sessions).toHaveLength(3)
    expect((await readOn(read, third.cursor)).ids).toEqual([])
    const all = await readOn(read)
    for (const { id } of [...first.sessions, ...second.sessions, ...third.sessions]) expect(all.ids).toContain(id)
  })

  test('starts again for a cursor of a database that was restarted or restored', async () => {
    const session = await aSession()
    await session.api.auth.logout.mutate()
    const { cursor } = await readOn(feed())
    const place = readFeedCursor(cursor)
    const [xmin = '0'] = place.seen?.split(':') ?? []
    const ahead = `${BigInt(xmin) + 1_000_000n}:${BigInt(xmin) + 1_000_000n}:`
    for (const other of [
      { ...place, server: '17' },
      { ...place, seen: ahead },
    ])
      expect((await readOn(feed(), writeFeedCursor(other))).ids).toContain(session.id)
  })

  test('lets any number of readers wait without connections of their own, and wakes them together', async () => {
    const read = feed()
    const { cursor } = await readOn(read)
    const { soFar, stop } = await countStatements(em())
    const startedAt = performance.now()
    const waiting = Array.from({ length: 200 }, () => read({ after: cursor, wait: 25 }, undefined))
    await until('some rounds without news', async () => soFar() >= 3 || undefined)
    const rounds = (performance.now() - startedAt) / 500
    stop()
    expect(soFar()).toBeLessThanOrEqual(rounds + 3)

    const id = randomUUID()
    await em().execute('insert into session_ends (session_id, ended_at) values (?, now())', [id])
    for (const { sessions } of await Promise.all(waiting)) expect(sessions.map((each) => each.id)).toEqual([id])
  })

  test('gives each of many readers what comes after its own place, in few statements', async () => {
    const { cursor } = await readOn(feed())
    const many = `insert into session_ends (session_id, ended_at) select gen_random_uuid(), now() from generate_series(1, 50) returning seq`
    const rows = await em().execute<{ seq: string }[]>(many)
    const read = feed()
    const { soFar, stop } = await countStatements(em())
    const pages = await Promise.all(
      rows.map(({ seq }) => {
        const after = writeFeedCursor({ ...readFeedCursor(cursor), behind: String(seq) })
        return read({ after, wait: 0 }, undefined)
      }),
    )
    stop()
    expect(pages.map(({ sessions }) => sessions.length)).toEqual(rows.map((_, nth) => 49 - nth))
    expect(soFar()).toBeGreaterThan(2) // 1 for the first place, and 3 for the other 49
    expect(soFar()).toBeLessThan(10)
  })

  test('asks the database nothing while no one reads', async () => {
    const read = feed()
    await readOn(read)
    const left = new AbortController()
    const leaving = read({ wait: 25, after: (await readOn(read)).cursor }, left.signal)
    await sleep(100) // its first statement has run
    left.abort()
    await leaving
    const { soFar, stop } = await countStatements(em())
    await sleep(1_600)
    stop()
    expect(soFar()).toBeLessThan(2) // with a poll every half second there would be 3
  })

  test('ends a wait when its time is over, the process stops, or the client leaves', async () => {
    let isStopping = false
    const read = feed(() => isStopping)
    const { cursor } = await readOn(read)
    expect(await read({ after: cursor, wait: 0.01 }, undefined)).toMatchObject({ sessions: [] })
    const left = new AbortController()
    const [leaving, waiting] = [left.signal, undefined].map((signal) => read({ after: cursor, wait: 25 }, signal))
    left.abort()
    expect(await leaving).toMatchObject({ sessions: [] })
    const late = read({ after: cursor, wait: 25 }, left.signal) // its client has left before
    expect(await Promise.race([late, sleep(10_000)])).toMatchObject({ sessions: [] })
    isStopping = true
    const stopped = await waiting
    expect(stopped?.sessions).toEqual([])
    const id = randomUUID()
    await em().execute('insert into session_ends (session_id, ended_at) values (?, now())', [id])
    expect((await readOn(feed(), stopped?.cursor)).ids).toEqual([id])
  })

  test('is served to keys with the scope, and a reader that waits hears of a logout', async () => {
    const session = await aSession()
    const { cursor } = await readOn(feed())
    const waiting = call(`/v1/revocations?wait=25&after=${cursor}`)
    await session.api.auth.logout.mutate()
    expect((await waiting).body).toEqual({
      sessions: [{ id: session.id, endedAt: expect.stringMatching(/^\d{4}-.*Z$/) }],
      cursor: expect.any(String),
    })
    for (const wait of ['26', '-1', 'soon'])
      expect((await call(`/v1/revocations?wait=${wait}`)).body).toMatchObject({
        error: { fieldErrors: { wait: expect.any(String) } },
      })
    for (const after of ['x', '%00', 'MX41LjMuOX5-MA', 'MX4xejE0MXo0LjF-fjA'])
      expect((await call(`/v1/revocations?after=${after}`)).body).toMatchObject({
        error: { reason: 'INVALID_INPUT', fieldErrors: { after: 'is not a cursor of this feed' } },
      })
    const withKey = await aServiceKey(app, 'users:read')
    expect((await call('/v1/revocations', withKey)).status).toBe(403)
  })
})
