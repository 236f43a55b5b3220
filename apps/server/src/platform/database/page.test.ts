import { expect, test } from 'vitest'
import { InvalidInput } from '../errors/errors.ts'
import { pageOf, readCursor } from './page.ts'

const id = '0199d3a0-0000-7000-8000-000000000000'
const cursorOf = (text: string) => Buffer.from(text).toString('base64url')

test('a cursor gives the place of its row', () => {
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
  ['an empty text', ''],
  ['an id without a moment', id],
  ['a year that PostgreSQL can’t store', `+275760-09-13T00:00:00.000Z ${id}`],
  ['a negative year', `-000001-01-01T00:00:00.000Z ${id}`],
  ['an invalid month', `2026-13-01T00:00:00.000Z ${id}`],
  ['an id with a NUL', `2026-11-24T07:00:00.123Z ${id.slice(0, -1)}\0`],
])('a cursor made of %s is refused as bad input', (_, text) => {
  expect(() => readCursor(cursorOf(text))).toThrow(InvalidInput)
})
