import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CouponTerms } from '../state/rows/discount.ts'
import { allocate, discountLines, percentOf, type DiscountableLine } from './discount-lines.ts'

function percent(percent_off: number): CouponTerms {
  return { percent_off, amounts: {}, duration: 'forever', duration_in_months: null, products: null }
}
function off(usd: number): CouponTerms {
  return { percent_off: null, amounts: { usd }, duration: 'forever', duration_in_months: null, products: null }
}
function line(amount: number, own: CouponTerms[] = []): DiscountableLine {
  return { amount, product: 'prod_1', discountable: true, own: own.map((terms, n) => ({ id: `own_${n}`, terms })) }
}
function taken(lines: DiscountableLine[], shared: CouponTerms[]): number[][] {
  return discountLines(
    lines,
    shared.map((terms, n) => ({ id: `di_${n}`, terms })),
    'usd',
  ).map((each) => [...each.own, ...each.shared].map(({ amount }) => amount))
}

test.each([
  [1005, 10, 101],
  [1004, 10, 100],
  [999, 12.5, 125],
  [1, 50, 1],
  [100, 33.3333, 33],
  [-1005, 10, -101],
])('%i × %d %% is %i', (amount, share, expected) => {
  expect(percentOf(amount, share, 'usd')).toBe(expected)
})

describe('discounts of lines', () => {
  test("the line's own ones come first, and the invoice's ones count from what they left", () => {
    expect(taken([line(1000, [percent(50)])], [percent(10)])).toEqual([[500, 50]])
  })
  test('two percentages do not add up: the second one counts from what the first one left', () => {
    expect(taken([line(1000)], [percent(50), percent(50)])).toEqual([[500, 250]])
  })
  test('a negative line and one that is not discountable have none', () => {
    expect(taken([line(-500), { ...line(800), discountable: false }, line(300)], [off(100)])).toEqual([[0], [], [100]])
  })
  test('an amount in another currency takes nothing off', () => {
    expect(taken([line(1000)], [{ ...off(0), amounts: { eur: 100 } }])).toEqual([[0]])
  })
  test('an amount is shared out exactly, and no line becomes negative', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 300_000 }),
        (amounts, amount) => {
          const total = amounts.reduce((sum, each) => sum + each, 0)
          const shares = taken(
            amounts.map((each) => line(each)),
            [off(amount)],
          ).map(([share = 0]) => share)
          expect(shares.reduce((sum, each) => sum + each, 0)).toBe(Math.min(amount, total))
          for (const [index, share] of shares.entries()) {
            expect(share).toBeGreaterThanOrEqual(0)
            expect(share).toBeLessThanOrEqual(amounts[index] ?? 0)
          }
        },
      ),
    )
  })
})

test('discounts are rounded to the smallest amount that the currency has', () => {
  const lines = [line(99_900), line(50_000)]
  const reductions = [
    { id: 'di_1', terms: percent(33) },
    { id: 'di_2', terms: { ...off(0), amounts: { ugx: 10_000 } } },
  ]
  const shares = discountLines(lines, reductions, 'ugx').map(({ shared }) => shared.map(({ amount }) => amount))
  expect(shares).toEqual([
    [33_000, 6700],
    [16_500, 3300],
  ])
})

test('nothing can be shared out over nothing', () => {
  expect(allocate(0, [0, 0])).toEqual([0, 0])
  expect(allocate(10, [1, 1, 1])).toEqual([3, 4, 3])
})
