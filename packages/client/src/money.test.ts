import { expect, test } from 'vitest'
import { formatMoney, minorUnitDigits } from './money.ts'

/** Intl puts a no-break space between a code and its number. */
const shown = (amountCents: number, currency: string) =>
  formatMoney(amountCents, currency, 'en-US').replace('\u00A0', ' ')

test.each([
  [1900, 'usd', '$19.00'],
  [0, 'usd', '$0.00'],
  [1, 'eur', '€0.01'],
  [500, 'jpy', '¥500'],
  [1500, 'kwd', 'KWD 1.500'],
])('formats %d %s as %s', (amountCents, currency, text) => {
  expect(shown(amountCents, currency)).toBe(text)
})

test.each([
  ['huf', 'HUF 1,900.00'],
  ['isk', 'ISK 1,900.00'],
  ['ugx', 'UGX 1,900.00'],
])('formats %s with two decimals, as Stripe counts it, although Intl knows none', (currency, text) => {
  expect(shown(190_000, currency)).toBe(text)
})

test('accepts a currency code in upper case', () => {
  expect([minorUnitDigits('JPY'), minorUnitDigits('KWD'), minorUnitDigits('USD')]).toEqual([0, 3, 2])
})
