import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/test-database.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { MINUTE } from '../durations.ts'
import { createPointCounting } from './count-points.ts'

const cleanUp = new AsyncDisposableStack()
let database: Database
beforeAll(async () => {
  const { url } = cleanUp.use(await createTestDatabase())
  database = await openDatabase({ url, entities, migrations })
  cleanUp.defer(() => database.close())
})
afterAll(() => cleanUp.disposeAsync())

const soon = () => Date.now() + MINUTE

test('what is counted together is told what it would be if it were counted one after the other', async () => {
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

test('a period that is over begins anew', async () => {
  const count = createPointCounting(database.em.fork())
  await count({ key: 'old', points: 7, expire: Date.now() - 1 })
  const expire = soon()
  expect(await count({ key: 'old', points: 1, expire })).toEqual({ key: 'old', points: 1, expire: String(expire) })
  expect(await count({ key: 'old', points: 1, expire: expire + MINUTE })).toMatchObject({
    points: 2,
    expire: String(expire),
  })
})

test('of what many servers count at once nothing is lost', async () => {
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
