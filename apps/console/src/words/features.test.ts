import { expect, test } from 'vitest'
import { describeReset, describeUse } from './feature-use.ts'
import {
  describeFeatures,
  featureLabel,
  hasOverage,
  isAlwaysFree,
  isIncluded,
  planThatUnlocks,
  type Priced,
} from './features.ts'

const use = { allowed: true, limit: 500, used: 120, remaining: 380, resetsAt: null }

test.each([
  ['exports', 'Exports'],
  ['api.calls_per-day', 'API calls per day'],
  ['exports.csv', 'Exports CSV'],
  ['capital', 'Capital'],
  ['...', '...'],
])('the feature %s is called %s', (name, label) => {
  expect(featureLabel(name)).toBe(label)
})

test.each([
  [use, '120 of 500 used'],
  [{ ...use, used: 0, remaining: 500 }, '0 of 500 used'],
  [{ ...use, allowed: false, used: 600, remaining: 0 }, '600 of 500 used'],
  [{ ...use, used: 600, remaining: 0 }, '600 used, 500 included'],
  [{ ...use, limit: null, used: 0, remaining: null }, 'Included'],
  [{ ...use, limit: null, used: 7, remaining: null }, '7 used'],
  [{ ...use, allowed: false, limit: 0, used: 0, remaining: 0 }, 'Not included'],
  [{ ...use, allowed: false, limit: 0, used: 3, remaining: 0 }, 'Not included'],
  [{ ...use, limit: 0, used: 3, remaining: 0 }, '3 used'],
])('%o reads as %s', (each, text) => {
  expect(describeUse(each)).toBe(text)
})

test('a limit that begins again says when, once something is used', () => {
  const resetsAt = new Date(2026, 11, 1)
  expect(describeReset({ ...use, resetsAt })).toContain('1')
  expect(describeReset({ ...use, used: 0, resetsAt })).toBeNull()
  expect(describeReset(use)).toBeNull()
})

test('the plan that unlocks more is the cheapest by month that allows more', () => {
  const usd = { currency: 'usd' }
  const plans: Priced[] = [
    {
      ...usd,
      code: 'small',
      priceCents: 900,
      billingPeriod: 'monthly',
      features: { exports: { limit: 500, per: 'month' } },
    },
    { ...usd, code: 'team', priceCents: 2900, billingPeriod: 'monthly', features: { exports: true } },
    {
      ...usd,
      code: 'year',
      priceCents: 12_000,
      billingPeriod: 'yearly',
      features: { exports: { limit: 600, per: 'month' } },
    },
  ]
  expect(planThatUnlocks('exports', use, plans)?.code).toBe('year')
  const features: Priced['features'] = { exports: true }
  const egp: Priced = { code: 'cairo', currency: 'egp', priceCents: 90_000, billingPeriod: 'monthly', features }
  const yen: Priced = { ...egp, code: 'tokyo', currency: 'jpy', priceCents: 100 }
  expect(planThatUnlocks('exports', use, [...plans, egp, yen])?.code).toBe('year')
  expect(planThatUnlocks('exports', use, [...plans, egp, yen], { currency: 'egp' })?.code).toBe('cairo')
  expect(planThatUnlocks('exports', use, [...plans, egp, yen], { currency: 'eur' })?.code).toBe('year')
  expect(planThatUnlocks('exports', { ...use, limit: 600 }, plans)?.code).toBe('team')
  expect(planThatUnlocks('exports', { ...use, limit: null }, plans)).toBeNull()
  const overage = { unitPriceCents: 1 }
  const billed: Priced = {
    ...{ ...usd, code: 'billed', priceCents: 100, billingPeriod: 'monthly' },
    features: { exports: { limit: 0, per: 'period', overage } },
  }
  expect(planThatUnlocks('exports', use, [...plans, billed])?.code).toBe('billed')
  expect(isIncluded(billed, 'exports', 1)).toBe(false)
  const cheaper: Priced = { ...billed, code: 'cheaper', priceCents: 50 }
  const isBilled = (feature: string) => hasOverage(billed, feature)
  expect(planThatUnlocks('exports', use, [...plans, cheaper], { isBilled })?.code).toBe('year')
  // In a trial, a plan stops at its limit.
  const wouldBill = ({ code }: Priced) => code !== 'cheaper'
  expect(planThatUnlocks('exports', use, [...plans, billed, cheaper], { wouldBill })?.code).toBe('billed')
  expect(planThatUnlocks('constructor', { ...use, limit: 0 }, plans)).toBeNull()
})

test('a plan lists its features with their limits, and what is above a limit', () => {
  const features: Priced['features'] = {
    exports: true,
    seats: { limit: null, per: 'total' },
    'api.calls': { limit: 10_000, per: 'period', overage: { unitPriceCents: 0.25 } },
    projects: { limit: 3, per: 'total' },
    mails: { limit: 0, per: 'period', overage: { unitPriceCents: 2 } },
    audits: { limit: 0, per: 'day' },
  }
  const lines = ['Exports', 'Seats: unlimited', 'API calls: 10,000 a month, then $0.0025 each', 'Projects: 3']
  expect(describeFeatures({ features, billingPeriod: 'monthly', currency: 'usd' })).toEqual([
    ...lines,
    'Mails: $0.02 each',
  ])
  const granted = describeFeatures({ features, billingPeriod: 'monthly', currency: 'usd' }, { billed: 'never' })
  expect(granted).toEqual(['Exports', 'Seats: unlimited', 'API calls: 10,000 a month', 'Projects: 3'])
  const inTrial = describeFeatures({ features, billingPeriod: 'monthly', currency: 'usd' }, { billed: 'after-trial' })
  expect(inTrial.slice(2)).toEqual([
    'API calls: 10,000 a month, then $0.0025 each once your trial ends',
    ...lines.slice(3),
    'Mails: $0.02 each once your trial ends',
  ])
  const yearly = describeFeatures({ features, billingPeriod: 'yearly', currency: 'usd' })
  expect(yearly[2]).toBe('API calls: 10,000 a year, then $0.0025 each')
})

test('a plan of price 0 is not free if use above a limit or further members cost something', () => {
  const free = { code: 'free', priceCents: 0, currency: 'usd', billingPeriod: 'monthly' } as const
  const features: Priced['features'] = { exports: true, projects: { limit: 3, per: 'total' } }
  const metered: Priced['features'] = { mails: { limit: 5, per: 'period', overage: { unitPriceCents: 2 } } }
  const seats = { included: 1, perSeatCents: null, max: null }
  expect(isAlwaysFree({ ...free, features, seats: null })).toBe(true)
  expect(isAlwaysFree({ ...free, features, seats })).toBe(true)
  expect(isAlwaysFree({ ...free, priceCents: 100, features, seats })).toBe(false)
  expect(isAlwaysFree({ ...free, features: metered, seats })).toBe(false)
  expect(isAlwaysFree({ ...free, features, seats: { ...seats, perSeatCents: 500 } })).toBe(false)
})
