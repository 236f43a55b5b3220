import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMoney, minimumCharge, prorate } from './money.ts'

describe('amounts are shown in the currency’s own decimals (https://docs.stripe.com/currencies#zero-decimal)', () => {
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
  ['usd', 50],
  ['gbp', 30],
  ['jpy', 50],
  ['dkk', 250],
])(
  'the least that can be charged in %s is %i (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts)',
  (currency, least) => {
    expect(minimumCharge(currency)).toBe(least)
  },
)

describe('prorating', () => {
  test.each([
    [1000, 15, 30, 500],
    [1000, 1, 3, 333],
    [1000, 2, 3, 667],
    [1, 1, 2, 1],
    [-1, 1, 2, -1],
    [1000, 0, 30, 0],
    [1000, 30, 30, 1000],
    [99_999_999, 2_591_999, 2_592_000, 99_999_960],
  ])('%i × %i/%i is %i', (amount, part, whole, share) => {
    expect(prorate(amount, part, whole)).toBe(share)
  })
  test('two parts of a whole come to the whole, to a unit', () => {
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
  test('a credit is the charge’s mirror image', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 1000 }), (amount, part) => {
        expect(prorate(-amount, part, 1000) + prorate(amount, part, 1000)).toBe(0)
      }),
      { seed: 20261123 },
    )
  })
})
