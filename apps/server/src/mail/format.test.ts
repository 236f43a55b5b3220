import { expect, test } from 'vitest'
import { formatDay, formatMinute, formatMoney } from './format.ts'

test.each([
  [1_900, 'usd', '$19.00'],
  [500, 'jpy', '¥500'],
  [123_456, 'eur', '€1,234.56'],
  [5_000, 'kwd', 'KWD\u00A05.000'],
  [99_900, 'huf', 'HUF\u00A0999.00'],
])('%d %s is %s', (amount, currency, text) => {
  expect(formatMoney(amount, currency)).toBe(text)
})

test('moments are told in UTC', () => {
  expect(formatDay('2026-11-24T23:30:00Z')).toBe('24 November 2026')
  expect(formatMinute('2026-11-24T03:42:10Z')).toBe('24 November 2026 at 03:42 UTC')
})
