import { expect, test } from 'vitest'
import { formatDay } from './dates.ts'
import { describeStatus, type Subscription, type Upcoming } from './subscription-status.ts'

const end = new Date('2027-02-27T22:00:00Z')
const price = { priceCents: 90_000, quantity: 1, currency: 'egp', billingPeriod: 'monthly' } as const
const plan: Subscription['plan'] = {
  ...{
    id: '1',
    code: 'pro',
    name: 'Pro',
    description: null,
    sortOrder: 1,
    highlighted: false,
    tier: 'pro',
    tierRank: 10,
  },
  ...{ ...price, trialDays: 0, seats: null, features: {}, provider: 'paymob', isActive: true, prices: [] },
}
const ids = { id: '1', accountId: '1', plan, interval: { unit: 'month', count: 1 } } as const
const present: Subscription = {
  ...{ ...ids, ...price, provider: 'paymob', status: 'active', accessReason: 'ending', hasAccess: true },
  ...{ unitPriceCents: 90_000, cardManagement: 'cards', startedAt: end, timeZone: 'Africa/Cairo', pause: null },
  ...{ currentPeriodStart: end, currentPeriodEnd: end, cancelAtPeriodEnd: true, cancelAt: end, accessUntil: end },
  ...{ discountCents: 0, discounts: [], canceledAt: null, endedAt: null, scheduledChange: null, recovery: null },
}
const upcoming: Upcoming = { ...ids, ...price, provider: 'stripe', startsAt: end }

test("the plan that follows begins on the day on which the present one ends, in the present one's time zone", () => {
  const day = formatDay(end, 'Africa/Cairo')
  expect(day).not.toBe(formatDay(end, 'UTC'))
  expect(describeStatus(present).meaning).toContain(day)
  expect(describeStatus(present, upcoming).meaning).toContain(day)
})

test('a failed renewal says to pay by a day only where there is an invoice to pay', () => {
  const late = { ...present, status: 'past_due', accessReason: 'past_due_grace', cancelAt: null } as const
  const recovery: Subscription['recovery'] = {
    ...{ since: end, step: '0d', nextStepAt: null, amountDueCents: 90_000, currency: 'egp', payUrl: null },
    ...{ nextRetryAt: new Date('2027-03-03T10:00:00Z'), action: 'update_card' },
  }
  const byCard = describeStatus({ ...late, recovery }).meaning
  expect(byCard).not.toMatch(/Pay by/)
  expect(byCard).toContain(`try again on ${formatDay(new Date('2027-03-03T10:00:00Z'), 'Africa/Cairo')}`)
  expect(describeStatus({ ...late, cardManagement: 'portal' }).meaning).toMatch(/Pay by then/)

  const givenUp = { ...late, status: 'unpaid', accessReason: 'unpaid' } as const
  const payable = { ...recovery, nextRetryAt: null, action: 'pay' } as const
  expect(describeStatus({ ...givenUp, recovery: payable }).meaning).toMatch(/once you pay them/)
  expect(describeStatus(givenUp).meaning).toMatch(/Subscribe again/)
})
