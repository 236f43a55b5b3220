import { expect, test } from 'vitest'
import { parseReasons, withReasons } from './reasons-table.ts'

const BUSY = { reason: 'BUSY', code: 'SERVICE_UNAVAILABLE', httpStatus: 503, when: 'Too many calls. $1 costs nothing.' }

test('the table of reasons is replaced, and the rest of the page stays', () => {
  const page = '# Errors\n<!-- reasons:begin -->\nold\n<!-- reasons:end -->\nThe end.\n'
  expect(withReasons(page, [BUSY])).toBe(
    '# Errors\n<!-- reasons:begin -->\n| reason | code | HTTP | when |\n|---|---|---|---|\n' +
      '| `BUSY` | `SERVICE_UNAVAILABLE` | 503 | Too many calls. $1 costs nothing. |\n<!-- reasons:end -->\nThe end.\n',
  )
})

test('a page without marks is not changed', () => {
  expect(() => withReasons('# Errors\n', [BUSY])).toThrow('reasons:begin')
})

test('only a list of reasons is accepted', () => {
  expect(parseReasons(JSON.stringify([BUSY]))).toEqual([BUSY])
  expect(() => parseReasons('[{"reason":"BUSY"}]')).toThrow('no list of reasons')
})
