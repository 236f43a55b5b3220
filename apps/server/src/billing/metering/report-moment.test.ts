import { expect, test } from 'vitest'
import { reportMoment } from './report-moment.ts'

const day = (number: number) => new Date(Date.UTC(2026, 0, number))
const JANUARY = { periodStart: day(1), periodEnd: day(32), since: day(1), hasEnded: false }

test.each([
  ['in its period, it counts when it was used', { usedAt: day(3), billingNow: day(4) }, day(3)],
  ['used before the period, it counts at its start', { usedAt: day(0), billingNow: day(4) }, day(1)],
  ['used before the price, it counts with it', { usedAt: day(3), billingNow: day(5), since: day(4) }, day(4)],
  ['after a period whose renewal is not known yet, it counts now', { usedAt: day(31), billingNow: day(33) }, day(33)],
  ['after the end, it counts before it', { usedAt: day(31), billingNow: day(33), hasEnded: true }, day(31)],
  ['longer ago than Stripe takes, it counts now', { usedAt: day(1), billingNow: day(40), hasEnded: true }, day(40)],
])('%s', (_what, use, moment) => {
  expect(reportMoment({ ...JANUARY, ...use })).toEqual(moment)
})
