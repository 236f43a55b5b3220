import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { after } from '../../platform/clock.ts'
import { openDatabase } from '../../platform/database/database.ts'
import { newId } from '../../platform/database/ids.ts'
import { MINUTE } from '../../platform/durations.ts'
import { RefreshToken } from '../refresh-token.entity.ts'
import { Session } from '../session.entity.ts'
import { createRefreshTokenRotation, type Rotation } from './rotate-refresh-token.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

test('tokens that arrive together are rotated independently of each other', async () => {
  const [one, two, ended, forged] = await sessions(4)
  await app.scope().em.nativeUpdate(Session, { id: ended.old.sessionId }, { endedAt: app.clock.now() })
  const rotate = createRefreshTokenRotation(app.deps.database.em.fork())
  const all = [one, ended, { ...forged, oldHashes: ['0'.repeat(64)] }, two]

  const rows = await Promise.all(all.map((rotation) => rotate(rotation)))
  expect(rows.map((row) => row?.email)).toEqual([one.email, undefined, undefined, two.email])
  expect(await newest([one, ended, forged, two])).toEqual([one.next.jti, ended.old.jti, forged.old.jti, two.next.jti])
})

test('a token that arrives twice at the same time is rotated once', async () => {
  const [one] = await sessions(1)
  const other = { ...one, next: { ...one.next, jti: newId() } }
  const rotate = createRefreshTokenRotation(app.deps.database.em.fork())

  const rows = await Promise.all([rotate(one), rotate(other)])
  expect(rows.filter((row) => row)).toHaveLength(1)
  expect(await newest([one])).toEqual([rows[0] ? one.next.jti : other.next.jti])
})

test('two servers that get the same tokens at the same time, in any order, rotate each token once', async () => {
  const [first, second, third, last] = (await sessions(4)).toSorted((a, b) => (a.old.jti < b.old.jti ? -1 : 1))
  if (!first || !second || !third || !last) throw new Error('There are four sessions.')
  const url = app.deps.config.DATABASE_URL
  await using databases = new AsyncDisposableStack()
  const rotations = await Promise.all(
    [url, url].map(async (url) => {
      const database = await openDatabase({ url, entities, migrations })
      databases.defer(() => database.close())
      const rotate = createRefreshTokenRotation(database.em.fork())
      return (asked: Asked[]) =>
        Promise.all(asked.map((each) => rotate({ ...each, next: { ...each.next, jti: newId() } })))
    }),
  )
  // Blocked in the middle of its list, each server would hold what the other needs next, if the order were not fixed.
  const { em } = app.scope()
  await em.begin()
  await em.execute('select from refresh_tokens where jti in (?, ?) for update', [second.old.jti, third.old.jti])
  const rotated = Promise.all([rotations[0]?.([first, second, last]), rotations[1]?.([last, third, first])])
  await vi.waitFor(async () => expect(await waiting()).toBe(2))
  await em.rollback()

  const emails = (await rotated).flatMap((rows) => rows ?? []).flatMap((row) => (row ? [row.email] : []))
  expect(emails.toSorted()).toEqual([first, second, third, last].map(({ email }) => email).toSorted())
})

/** The number of statements in this database that wait for a lock. */
async function waiting(): Promise<number> {
  const [row] = await app
    .scope()
    .em.execute<{ waiting: number }[]>(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
  return row?.waiting ?? -1
}

type Asked = Rotation & { email: string }

/** Creates users with one session each, and what it takes to rotate its token. */
async function sessions(count: number) {
  const { em } = app.scope()
  const now = app.clock.now()
  const made: Asked[] = []
  for (let each = 0; each < count; each++) {
    const user = await app.aUser({})
    const session = em.create(Session, {
      ...{ id: newId(), user: user.id, ip: '127.0.0.1', userAgent: '', createdAt: now, expiresAt: after(now, MINUTE) },
      ...{ endedAt: null, endedReason: null },
    })
    const claims = { userId: user.id, sessionId: session.id, issuedAt: now, expiresAt: after(now, MINUTE) }
    const old = { ...claims, jti: newId(), sessionExpiresAt: session.expiresAt }
    const hash = each.toString(16).padStart(64, 'a')
    em.create(RefreshToken, {
      ...{ jti: old.jti, session, hash, keyId: 'a', issuedAt: now, expiresAt: old.expiresAt },
      ...{ rotatedAt: null, replacedByJti: null },
    })
    const next = { ...old, jti: newId(), hash: each.toString(16).padStart(64, 'b'), keyId: 'a' }
    made.push({ email: user.email, old, oldHashes: ['f'.repeat(64), hash], next })
  }
  await em.flush()
  return made as [Asked, Asked, Asked, Asked]
}

/** The newest token of each of these sessions. */
async function newest(rotations: readonly Rotation[]): Promise<string[]> {
  const rows = await app.scope().em.find(RefreshToken, { rotatedAt: null })
  return rotations.flatMap(({ old }) =>
    rows.filter(({ session }) => session.id === old.sessionId).map(({ jti }) => jti),
  )
}
