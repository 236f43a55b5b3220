import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PriceTier } from '../state/rows/catalogue.ts'
import { priceAmount, priceParts } from './price-parts.ts'

type Mode = 'graduated' | 'volume'

function tiered(mode: Mode, tiers: PriceTier[], currency = 'usd') {
  return { currency, tiers, tiers_mode: mode, transform_quantity: null, unit_amount_decimal: null }
}
function tier(up_to: number | null, unit: string | null, flat: number | null = null): PriceTier {
  return { up_to, unit_amount_decimal: unit, flat_amount: flat }
}

// https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
const FONTS = [tier(5, '700'), tier(10, '650'), tier(null, '600')]
const FLAT_RATES = [
  tier(5, '500', 1000),
  tier(10, '400', 2000),
  tier(15, '300', 3000),
  tier(20, '200', 4000),
  tier(null, '100', 5000),
]

describe("the examples of Stripe's documentation", () => {
  test.each([
    ['volume', 1, 700],
    ['volume', 5, 3500],
    ['volume', 6, 3900],
    ['volume', 20, 12_000],
    ['volume', 25, 15_000],
    ['graduated', 1, 700],
    ['graduated', 5, 3500],
    ['graduated', 6, 4150],
    ['graduated', 20, 12_750],
    ['graduated', 25, 15_750],
  ] as const)('%s: %i fonts cost %i', (mode, quantity, amount) => {
    expect(priceAmount(tiered(mode, FONTS), quantity)).toBe(amount)
  })
  test.each([
    ['volume', 12, 6600],
    ['graduated', 12, 11_100],
    ['volume', 0, 1000],
    ['graduated', 0, 1000],
  ] as const)('%s: with flat rates, %i units cost %i', (mode, quantity, amount) => {
    expect(priceAmount(tiered(mode, FLAT_RATES), quantity)).toBe(amount)
  })
  test('without a flat rate in the first tier, no units cost nothing', () => {
    expect(priceAmount(tiered('graduated', [tier(1, '1000'), tier(null, '500')]), 0)).toBe(0)
  })
})

test('each tier that is used has a part for its units, and one for its flat amount even if it is 0', () => {
  expect(priceParts(tiered('graduated', [tier(1000, '0', 900), tier(null, '3.6', 0)]), 1031)).toEqual([
    { amount: 0, quantity: 1000, unit: '0', tier: 1 },
    { amount: 900, quantity: 0, unit: null, tier: 1 },
    { amount: 112, quantity: 31, unit: '3.6', tier: 2 },
    { amount: 0, quantity: 0, unit: null, tier: 2 },
  ])
})
test('volume tiers charge everything in the tier that is reached', () => {
  expect(priceParts(tiered('volume', FLAT_RATES), 10)).toEqual([
    { amount: 4000, quantity: 10, unit: '400', tier: 2 },
    { amount: 2000, quantity: 0, unit: null, tier: 2 },
  ])
})
test('a price without tiers has one part', () => {
  const terms = { currency: 'usd', tiers: null, tiers_mode: null, transform_quantity: null }
  expect(priceParts({ ...terms, unit_amount_decimal: '900' }, 3)).toEqual([
    { amount: 2700, quantity: 3, unit: '900', tier: null },
  ])
})
test('amounts are rounded once, half up, to the smallest amount that the currency has', () => {
  expect(priceAmount(tiered('graduated', [tier(null, '0.000000000001')]), 1)).toBe(0)
  expect(priceAmount(tiered('graduated', [tier(null, '0.5')]), 1)).toBe(1)
  expect(priceAmount(tiered('graduated', [tier(null, '49.5')], 'ugx'), 1)).toBe(0)
  expect(priceAmount(tiered('graduated', [tier(null, '99999999')]), 90)).toBe(8_999_999_910)
})

test('any tiers cost what counting the units one by one costs', () => {
  const someTiers = fc
    .record({
      widths: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 5 }),
      amounts: fc.array(
        fc.record({
          hundredths: fc.option(fc.integer({ min: 0, max: 200_000 })),
          flat: fc.option(fc.integer({ min: 0, max: 10_000 })),
        }),
        { minLength: 6, maxLength: 6 },
      ),
    })
    .map(({ widths, amounts }) => {
      let bound = 0
      const bounds = [...widths.map((width) => (bound += width)), null]
      return bounds.map((up_to, index) => ({ up_to, hundredths: null, flat: null, ...amounts[index] }))
    })
  fc.assert(
    fc.property(
      someTiers,
      fc.constantFrom<Mode>('graduated', 'volume'),
      fc.integer({ min: 0, max: 80 }),
      (tiers, mode, quantity) => {
        const placeOf = (unit: number): number => tiers.findIndex(({ up_to }) => up_to === null || unit <= up_to)
        const counts = tiers.map(() => 0)
        for (let unit = 1; unit <= quantity; unit += 1) {
          const place = placeOf(mode === 'volume' ? quantity : unit)
          counts[place] = (counts[place] ?? 0) + 1
        }
        const expected = tiers.reduce((sum, { flat, hundredths }, place) => {
          const count = counts[place] ?? 0
          const isUsed = count > 0 || (quantity === 0 && place === 0)
          return isUsed ? sum + Math.round((count * (hundredths ?? 0)) / 100) + (flat ?? 0) : sum
        }, 0)
        const price = tiered(
          mode,
          tiers.map(({ up_to, hundredths, flat }) =>
            tier(up_to, hundredths === null ? null : String(hundredths / 100), flat),
          ),
        )
        expect(priceAmount(price, quantity)).toBe(expected)
        const units = priceParts(price, quantity).reduce((sum, part) => sum + part.quantity, 0)
        expect(units).toBe(quantity)
      },
    ),
  )
})
