import { expect, test } from 'vitest'
import { formatMoney } from './money.ts'

test('money is shown in its own currency, with the decimals that it is charged in', () => {
  expect(formatMoney(1900, 'usd', 'en-US')).toBe('$19.00')
  expect(formatMoney(1, 'eur', 'en-US')).toBe('€0.01')
  expect(formatMoney(500, 'jpy', 'en-US')).toBe('¥500')
  expect(formatMoney(1500, 'kwd', 'en-US').replace('\u00A0', ' ')).toBe('KWD 1.500')
  expect(formatMoney(0, 'usd', 'en-US')).toBe('$0.00')
})

test('a forint has hundredths at Stripe, though the platform knows of none', () => {
  expect(formatMoney(190_000, 'huf', 'en-US').replace('\u00A0', ' ')).toBe('HUF 1,900.00')
})
