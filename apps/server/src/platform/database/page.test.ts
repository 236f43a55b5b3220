import { expect, test } from 'vitest'
import { InvalidInput } from '../errors/errors.ts'
import { pageOf, readCursor } from './page.ts'

const id = '0199d3a0-0000-7000-8000-000000000000'
const cursorOf = (text: string) => Buffer.from(text).toString('base64url')

test('a cursor leads back to the row that it was made of', () => {
  const at = new Date('2026-11-24T07:00:00.123Z')
  const { nextCursor } = pageOf(
    [1, 2],
    1,
    (row) => row,
    () => ({ at, id }),
  )
  expect(readCursor(nextCursor ?? '')).toEqual({ at, id })
})

test.each([
  ['nothing', ''],
  ['no moment', id],
  ['a year that PostgreSQL can not store', `+275760-09-13T00:00:00.000Z ${id}`],
  ['a year before the first', `-000001-01-01T00:00:00.000Z ${id}`],
  ['a month that is none', `2026-13-01T00:00:00.000Z ${id}`],
  ['an id with a NUL', `2026-11-24T07:00:00.123Z ${id.slice(0, -1)}\0`],
])('a cursor of %s is refused as bad input', (_, text) => {
  expect(() => readCursor(cursorOf(text))).toThrow(InvalidInput)
})
