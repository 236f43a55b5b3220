import { expect, test } from 'vitest'
import { taxLine } from './tax-line.ts'

const rate = (percentage: number, inclusive = false) => ({ id: `txr_${percentage}`, inclusive, percentage })

test.each([
  ['an exclusive rate is added', 999, [rate(19)], [190], 999],
  ['an inclusive rate is taken out', 1190, [rate(19, true)], [190], 1000],
  ['several inclusive rates are taken out together', 1250, [rate(20, true), rate(5, true)], [200, 50], 1000],
  ['an exclusive rate counts from the amount without inclusive tax', 1100, [rate(10, true), rate(5)], [100, 50], 1000],
  ['a credit has negative tax', -500, [rate(10)], [-50], -500],
  ['a rate of zero is listed', 500, [rate(0)], [0], 500],
])('%s', (_, amount, rates, expected, taxable) => {
  const taxes = taxLine(amount, rates, 'usd')
  expect(taxes.map((tax) => tax.amount)).toEqual(expected)
  expect(new Set(taxes.map((tax) => tax.taxable_amount))).toEqual(new Set([taxable]))
})

test('a tax is rounded to the smallest amount that the currency has', () => {
  expect(taxLine(99_900, [rate(19)], 'ugx')).toMatchObject([{ amount: 19_000 }])
  // 714.59 is rounded once. Rounded to 715 first, it would become 720.
  expect(taxLine(3_761, [rate(19)], 'kwd')).toMatchObject([{ amount: 710 }])
})
