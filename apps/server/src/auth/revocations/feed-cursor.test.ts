import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFeedCursor, writeFeedCursor } from './feed-cursor.ts'

test('a cursor of the feed is what PostgreSQL wrote, after writing and reading it', () => {
  const ids = fc.uniqueArray(fc.bigInt(1n, 2n ** 40n), { minLength: 2, maxLength: 50 })
  fc.assert(
    fc.property(ids, fc.bigInt(1n, 2n ** 55n), (numbers, xmin) => {
      const sorted = numbers.toSorted((a, b) => (a < b ? -1 : 1)).map((number) => xmin + number)
      const last = sorted.at(-1) ?? 0n
      for (const id of [xmin, last]) fc.pre(BigInt.asUintN(32, id) !== 0n) // PostgreSQL skips these ids
      const seen = `${xmin}:${last}:${sorted.slice(0, -1).join(',')}`
      const place = { server: '1764473630123456', seen, upTo: `${xmin}:${xmin}:`, behind: '12' }
      expect(readFeedCursor(writeFeedCursor(place))).toEqual(place)
    }),
    { numRuns: 50 },
  )
})

test.each([
  ['nothing', ''],
  ['no parts', 'x'],
  ['too many parts', '1~1.0~~0~'],
  ['a server that is no number', 'x~1.0~~0'],
  ['a row that does not fit into 64 bits', `1~1.0~~${'9'.repeat(19)}`],
  ['a snapshot of no transaction', '1~0.5~~0'],
  ['a snapshot that begins with the first id of an epoch', `1~${(2n ** 32n).toString(36)}.1~~0`],
  ['a snapshot that ends with the first id of an epoch', `1~1.${(2n ** 32n - 1n).toString(36)}~~0`],
  ['half a snapshot', '1~5~~0'],
  ['a snapshot with a transaction beyond its end', '1~5.3.9~~0'],
  ['a snapshot with transactions out of order', '1~zz.zz.2.1~~0'],
  ['a snapshot with a transaction twice', '1~zz.zz.2.2~~0'],
  ['a snapshot of numbers that are too long', `1~${'z'.repeat(12)}.0~~0`],
  ['a second snapshot that is none', '1~5.3~x~0'],
])('a cursor with %s is refused before PostgreSQL sees it', (_, text) => {
  const cursor = Buffer.from(text).toString('base64url')
  expect(() => readFeedCursor(cursor)).toThrow(expect.objectContaining({ reason: 'INVALID_INPUT' }))
  const good = Buffer.from('1~zz.zz.1.2~5.3~17').toString('base64url')
  expect(readFeedCursor(good)).toMatchObject({ seen: '1295:2590:1296,1297', upTo: '5:8:', behind: '17' })
})
