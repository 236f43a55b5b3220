import { expect, test } from 'vitest'
import { formatDay, formatDuration, formatMinute, formatMoney } from './format.ts'

test.each([
  [1_900, 'usd', '$19.00'],
  [500, 'jpy', '¥500'],
  [0, 'usd', '$0.00'],
  [5, 'usd', '$0.05'],
  [9_007_199_254_740_991, 'usd', '$90,071,992,547,409.91'],
  [123_456, 'eur', '€1,234.56'],
  [5_000, 'kwd', 'KWD\u00A05.000'],
  [99_900, 'huf', 'HUF\u00A0999.00'],
])('%d %s is %s', (amount, currency, text) => {
  expect(formatMoney(amount, currency)).toBe(text)
})

test('moments are told in UTC', () => {
  expect(formatDay('2026-11-24T23:30:00Z')).toBe('24 November 2026 (UTC)')
  expect(formatMinute('2026-11-24T03:42:10Z')).toBe('24 November 2026 at 03:42 UTC')
})

test.each([
  [60_000, '1 minute'],
  [899_900, '15 minutes'],
  [3_599_000, '1 hour'],
  [86_399_000, '24 hours'],
])('%d ms last %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
