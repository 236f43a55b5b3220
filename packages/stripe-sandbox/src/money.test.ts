import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMoney, formatUnitAmount, minimumCharge, prorate } from './money.ts'

// https://docs.stripe.com/currencies#zero-decimal
describe('formats an amount with the decimals of its currency', () => {
  test.each([
    [1900, 'usd', '$19.00'],
    [500, 'jpy', '¥500'],
    [1050, 'eur', '€10.50'],
    [5, 'usd', '$0.05'],
    [-250, 'usd', '-$2.50'],
    [1234, 'krw', '₩1,234'],
    [1500, 'kwd', 'KWD 1.500'],
    [500, 'ugx', 'UGX 5.00'],
    [500, 'isk', 'ISK 5.00'],
    [17_500, 'huf', 'HUF 175.00'],
  ])('%i %s is %s', (amount, currency, shown) => {
    expect(formatMoney(amount, currency).replaceAll('\u00a0', ' ')).toBe(shown)
  })
})

test.each([
  ['500', 'usd', '$5.00'],
  ['3.6', 'usd', '$0.036'],
  ['0.000000000001', 'usd', '$0.00000000000001'],
  ['12.5', 'jpy', '¥12.5'],
])('%s %s per unit is shown as %s', (amount, currency, shown) => {
  expect(formatUnitAmount(amount, currency)).toBe(shown)
})

test.each([
  ['usd', 50],
  ['gbp', 30],
  ['jpy', 50],
  ['dkk', 250],
])('the minimum charge in %s is %i', (currency, minimum) => {
  expect(minimumCharge(currency)).toBe(minimum)
})

describe('prorate', () => {
  test.each([
    [1000, 15, 30, 500],
    [1000, 1, 3, 333],
    [1000, 2, 3, 667],
    [1, 1, 2, 1],
    [-1, 1, 2, -1],
    [1000, 0, 30, 0],
    [1000, 30, 30, 1000],
    [99_999_999, 2_591_999, 2_592_000, 99_999_960],
  ])('%i × %i/%i gives %i', (amount, part, whole, share) => {
    expect(prorate(amount, part, whole)).toBe(share)
  })
  test('two parts of an amount add up to it, give or take one unit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999 }),
        fc.integer({ min: 1, max: 63_244_800 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (amount, whole, share) => {
          const part = Math.floor(whole * share)
          expect(
            Math.abs(prorate(amount, part, whole) + prorate(amount, whole - part, whole) - amount),
          ).toBeLessThanOrEqual(1)
        },
      ),
      { seed: 20261123, numRuns: 500 },
    )
  })
  test('rounds a credit to the same amount as the charge', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 1000 }), (amount, part) => {
        expect(prorate(-amount, part, 1000) + prorate(amount, part, 1000)).toBe(0)
      }),
      { seed: 20261123 },
    )
  })
})
