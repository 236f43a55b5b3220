import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundary, nextBoundary, periodAround } from './periods.ts'

const at = (iso: string): number => Date.parse(iso) / 1000
const day = (time: number): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z')
const monthly = { interval: 'month', interval_count: 1 } as const

// https://docs.stripe.com/billing/subscriptions/billing-cycle
describe('a monthly cycle keeps the day of its anchor, or takes the last day of a shorter month', () => {
  test.each([
    [
      '2026-01-31T10:00:00Z',
      ['2026-02-28T10:00:00Z', '2026-03-31T10:00:00Z', '2026-04-30T10:00:00Z', '2026-05-31T10:00:00Z'],
    ],
    ['2028-01-31T00:00:00Z', ['2028-02-29T00:00:00Z', '2028-03-31T00:00:00Z']],
    ['2026-01-30T00:00:00Z', ['2026-02-28T00:00:00Z', '2026-03-30T00:00:00Z']],
    ['2026-08-31T23:59:59Z', ['2026-09-30T23:59:59Z', '2026-10-31T23:59:59Z', '2026-11-30T23:59:59Z']],
    ['2026-12-15T12:34:56Z', ['2027-01-15T12:34:56Z', '2027-02-15T12:34:56Z']],
    // Clocks in Europe go forward on 29 March 2026. Boundaries are in UTC, so nothing moves.
    ['2026-02-28T01:30:00Z', ['2026-03-28T01:30:00Z', '2026-04-28T01:30:00Z']],
  ])('with an anchor at %s', (anchor, expected) => {
    expect(expected.map((_, index) => day(boundary(at(anchor), monthly, index + 1)))).toEqual(expected)
  })
})

test.each([
  [
    'a year from 29 February',
    '2028-02-29T00:00:00Z',
    { interval: 'year', interval_count: 1 },
    ['2029-02-28T00:00:00Z', '2030-02-28T00:00:00Z', '2031-02-28T00:00:00Z', '2032-02-29T00:00:00Z'],
  ],
  [
    'a quarter',
    '2026-11-30T00:00:00Z',
    { interval: 'month', interval_count: 3 },
    ['2027-02-28T00:00:00Z', '2027-05-30T00:00:00Z'],
  ],
  [
    'a week',
    '2026-12-28T05:00:00Z',
    { interval: 'week', interval_count: 1 },
    ['2027-01-04T05:00:00Z', '2027-01-11T05:00:00Z'],
  ],
  [
    'ten days',
    '2028-02-20T05:00:00Z',
    { interval: 'day', interval_count: 10 },
    ['2028-03-01T05:00:00Z', '2028-03-11T05:00:00Z'],
  ],
] as const)('finds the boundaries of a cycle of %s', (_, anchor, recurrence, expected) => {
  expect(expected.map((__, index) => day(boundary(at(anchor), recurrence, index + 1)))).toEqual(expected)
})

const recurrences = fc.record({
  interval: fc.constantFrom('day', 'week', 'month', 'year'),
  interval_count: fc.integer({ min: 1, max: 12 }),
})
const times = fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') })

test('every moment lies in exactly one period, and the next period begins where that one ends', () => {
  fc.assert(
    fc.property(times, times, recurrences, (anchor, time, recurrence) => {
      const { start, end } = periodAround(anchor, recurrence, time)
      expect(start).toBeLessThanOrEqual(time)
      expect(time).toBeLessThan(end)
      expect(nextBoundary(anchor, recurrence, time)).toBe(end)
      expect(periodAround(anchor, recurrence, end).start).toBe(end)
    }),
    { seed: 20261123, numRuns: 500 },
  )
})
