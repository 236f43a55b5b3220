import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/test-database.ts'
import type { Database } from '../database/database.ts'
import { MINUTE } from '../durations.ts'
import { createPointCounting } from './count-points.ts'

const cleanUp = new AsyncDisposableStack()
let database: Database
beforeAll(async () => {
  database = cleanUp.use(await openTestDatabase()).database
})
afterAll(() => cleanUp.disposeAsync())

const soon = () => Date.now() + MINUTE

test('counts that are made together give the same results as one after the other', async () => {
  const count = createPointCounting(database.em.fork())
  const together = await Promise.all([
    count({ key: 'a', points: 1, expire: soon() }),
    count({ key: 'b', points: 1, expire: soon() }),
    count({ key: 'a', points: 1, expire: soon() }),
    count({ key: 'a', points: -1, expire: soon() }),
    count({ key: 'a', points: 1, expire: soon() }),
  ])
  expect(together.map(({ key, points }) => [key, points])).toEqual([
    ['a', 1],
    ['b', 1],
    ['a', 2],
    ['a', 1],
    ['a', 2],
  ])
  expect((await count({ key: 'a', points: 1, expire: soon() })).points).toBe(3)
})

test('a count after the end of a period begins a new period', async () => {
  const count = createPointCounting(database.em.fork())
  await count({ key: 'old', points: 7, expire: Date.now() - 1 })
  const expire = soon()
  expect(await count({ key: 'old', points: 1, expire })).toEqual({ key: 'old', points: 1, expire: String(expire) })
  expect(await count({ key: 'old', points: 1, expire: expire + MINUTE })).toMatchObject({
    points: 2,
    expire: String(expire),
  })
})

test('no period lasts longer than one that begins now, although the clock was set back', async () => {
  const count = createPointCounting(database.em.fork())
  await count({ key: 'set back', points: 7, expire: soon() + 60 * MINUTE })
  const expire = soon()
  const counter = { key: 'set back', points: 8, expire: String(expire) }
  expect(await count({ key: 'set back', points: 1, expire })).toEqual(counter)
})

test('no count is lost when several servers count at once', async () => {
  const servers = Array.from({ length: 4 }, () => createPointCounting(database.em.fork()))
  const keys = ['x', 'y', 'z']
  await Promise.all(
    servers.flatMap((count, server) =>
      Array.from({ length: 30 }, (_, at) => count({ key: keys[(at + server) % 3] ?? '', points: 1, expire: soon() })),
    ),
  )
  const count = createPointCounting(database.em.fork())
  const now = await Promise.all(keys.map((key) => count({ key, points: 0, expire: soon() })))
  expect(now.map(({ points }) => points)).toEqual([40, 40, 40])
})
