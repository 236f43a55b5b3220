import { expect, test } from 'vitest'
import { typedAmount } from './plans/plan-words.ts'
import { readAmount } from './read-amount.ts'

test.each([
  ['19', 'usd', 1_900],
  ['19.5', 'usd', 1_950],
  ['19,50', 'usd', 1_950],
  ['0,5', 'usd', 50],
  ['1,000', 'usd', 100_000],
  ['1,234.50', 'usd', 123_450],
  ['1.234,50', 'usd', 123_450],
  ['1 234,50', 'eur', 123_450],
  ["1'234.50", 'chf', 123_450],
  ['1,234,567', 'usd', 123_456_700],
  ['1.234.567', 'usd', 123_456_700],
  ['500', 'jpy', 500],
  ['1,000', 'jpy', 1_000],
  ['1 000 000', 'jpy', 1_000_000],
  ['0,125', 'kwd', 125],
  ['0.125', 'kwd', 125],
  ['1.000', 'kwd', 1_000],
  ['1,5', 'kwd', 1_500],
  ['1000', 'kwd', 1_000_000],
  ['1234,500', 'kwd', 1_234_500],
  ['1,234.500', 'kwd', 1_234_500],
  [' 12.34 ', 'huf', 1_234],
])('%s in %s is %i of its smallest unit', (typed, currency, cents) => {
  expect(readAmount(typed, currency)).toBe(cents)
})

test.each([
  ['1,000', 'kwd', '1,000 can mean two amounts. Enter 1.000 or 1000.'],
  ['1.000', 'usd', '1.000 can mean two amounts. Enter 1.00 or 1000.'],
  ['1.000', 'jpy', '1.000 can mean two amounts. Enter 1 or 1000.'],
  ['0,125', 'usd', '0,125 has too many decimals: USD has 2.'],
  ['1.2345', 'kwd', '1.2345 has too many decimals: KWD has 3.'],
  ['1.5', 'jpy', 'JPY has no decimals. Enter 1.5 as a whole number.'],
  ['1,23,456', 'usd', '1,23,456 is not an amount.'],
  ['1,234,567,8', 'usd', '1,234,567,8 is not an amount.'],
  ['1.234.50', 'usd', '1.234.50 is not an amount.'],
  ['-5', 'usd', '-5 is not an amount.'],
  ['1e3', 'usd', '1e3 is not an amount.'],
  ['1 2', 'usd', '1 2 is not an amount.'],
  ['', 'usd', 'Enter an amount.'],
  ['5', 'dollar', 'DOLLAR is not a currency. Enter a code of three letters, such as USD.'],
])('%s in %s is refused in words', (typed, currency, problem) => {
  expect(() => readAmount(typed, currency)).toThrow(problem)
})

test.each(['jpy', 'usd', 'kwd'])('an amount that our own field shows in %s is read as it is', (currency) => {
  for (const cents of [0, 1, 10, 125, 1_000, 12_345, 1_000_000])
    expect(readAmount(typedAmount(cents, currency), currency)).toBe(cents)
})
