import { expect, test } from 'vitest'
import { formatAmount, formatMoney, formatUnitPrice } from './money.ts'

test.each([
  [1_900, 'usd', '$19.00'],
  [500, 'jpy', '¥500'],
  [0, 'usd', '$0.00'],
  [5, 'usd', '$0.05'],
  [9_007_199_254_740_991, 'usd', '$90,071,992,547,409.91'],
  [123_456, 'eur', '€1,234.56'],
  [5_000, 'kwd', 'KWD\u00A05.000'],
  [99_900, 'huf', 'HUF\u00A0999.00'],
])('%d %s is written as %s for people', (amount, currency, text) => {
  expect(formatMoney(amount, currency)).toBe(text)
})

test.each([
  [123_456, 'usd', '1234.56'],
  [5, 'usd', '0.05'],
  [500, 'jpy', '500'],
  [5_000, 'kwd', '5.000'],
  [99_900, 'huf', '999.00'],
  [9_007_199_254_740_991, 'usd', '90071992547409.91'],
])('%d %s is written as %s for programs', (amount, currency, text) => {
  expect(formatAmount(amount, currency)).toBe(text)
})

test.each([
  [1, 'usd', '0.01'],
  [0.5, 'usd', '0.005'],
  [0.000001, 'usd', '0.00000001'],
  [250, 'usd', '2.50'],
  [3, 'jpy', '3'],
  [0.5, 'jpy', '0.5'],
  [5, 'kwd', '0.005'],
  [0.25, 'kwd', '0.00025'],
])('a unit for %d %s is written as %s', (price, currency, text) => {
  expect(formatUnitPrice(price, currency)).toBe(text)
})
