import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/test-database.ts'
import type { Database } from './database.ts'
import { pages, type Listing } from './keyset.ts'

const cleanUp = new AsyncDisposableStack()
let database: Database
beforeAll(async () => {
  database = cleanUp.use(await openTestDatabase()).database
  await database.em.execute(
    `create table visits as
     select ('00000000-0000-7000-8000-00000000000' || n)::uuid as id, n, n <> 5 as is_open,
            timestamptz '2026-11-28 12:00:00.123456Z' - (n / 3) * interval '1 microsecond' as at
     from generate_series(1, 8) as n`,
  )
})
afterAll(() => cleanUp.disposeAsync())

const visits: Listing = {
  query: 'select id, n, at from visits where is_open and n < ?',
  values: [9],
  by: 'at',
  size: 3,
}
const idOf = (n: number) => `00000000-0000-7000-8000-00000000000${n}`

async function numbersOf(listing: Listing, onPage: () => Promise<unknown> = async () => {}): Promise<number[][]> {
  const numbers: number[][] = []
  for await (const page of pages<{ id: string; n: number }>(database.em.fork(), listing)) {
    numbers.push(page.map(({ n }) => n))
    await onPage()
  }
  return numbers
}

test('pages follow the moment to the microsecond, then the id', async () => {
  expect(await numbersOf(visits)).toEqual([[6, 7, 8], [3, 4, 1], [2]])
})

test('without a moment, pages follow the id', async () => {
  const { by: _, ...byId } = visits
  expect(await numbersOf(byId)).toEqual([[1, 2, 3], [4, 6, 7], [8]])
})

test('a listing can begin after a place in the middle', async () => {
  const after = { at: '2026-11-28 12:00:00.123455Z', id: idOf(3) }
  expect(await numbersOf({ ...visits, after })).toEqual([[4, 1, 2]])
})

test('a full last page is followed by none, and no rows make no page', async () => {
  expect(await numbersOf({ ...visits, size: 7 })).toEqual([[6, 7, 8, 3, 4, 1, 2]])
  expect(await numbersOf({ ...visits, values: [0] })).toEqual([])
})

test('a row that no longer matches when its page is read is skipped and shifts no other', async () => {
  const read = numbersOf(visits, () =>
    database.em.fork().execute('update visits set is_open = false where n in (3, 6)'),
  )
  expect(await read).toEqual([
    [6, 7, 8],
    [4, 1, 2],
  ])
})
