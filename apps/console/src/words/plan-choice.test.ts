import { expect, test } from 'vitest'
import { choiceOf } from './plan-choice.ts'

type Held = NonNullable<Parameters<typeof choiceOf>[1]>

const plan: Held['plan'] = {
  ...{
    id: 'pro',
    name: 'Pro',
    tier: 'pro',
    tierRank: 10,
    priceCents: 90_000,
    currency: 'egp',
    billingPeriod: 'monthly',
  },
  provider: 'paymob',
}
const owing: Held = {
  ...{ plan, provider: 'paymob', cardManagement: 'cards', status: 'unpaid', accessReason: 'unpaid', pause: null },
  ...{
    currency: 'egp',
    billingPeriod: 'monthly',
    unitPriceCents: 90_000,
    cancelAtPeriodEnd: false,
    scheduledChange: null,
  },
}

test('a plan whose payment is given up can be bought again, unless a portal or a retry can still collect it', () => {
  expect(choiceOf(plan, owing)).toEqual({ does: 'subscribe' })
  const isYours = { does: 'nothing', because: 'yours' }
  expect(choiceOf(plan, { ...owing, cardManagement: 'portal', provider: 'stripe' })).toEqual(isYours)
  expect(choiceOf(plan, { ...owing, status: 'past_due', accessReason: 'past_due_grace' })).toEqual(isYours)
})

test('another period of the own plan is a change, and what costs less a month is no upgrade', () => {
  const paying: Held = { ...owing, status: 'active', accessReason: 'active' }
  const yearly = { ...plan, billingPeriod: 'yearly', priceCents: 900_000 } as const
  expect(choiceOf(yearly, paying)).toEqual({ does: 'change', isUpgrade: false, isOtherPeriod: true })
  expect(choiceOf(plan, { ...paying, billingPeriod: 'yearly', unitPriceCents: 900_000 })).toEqual({
    ...{ does: 'change', isUpgrade: true, isOtherPeriod: true },
  })
  const scheduledChange = { plan, billingPeriod: 'yearly' } as const
  expect(choiceOf(yearly, { ...paying, scheduledChange })).toEqual({ does: 'nothing', because: 'scheduled' })
  expect(choiceOf(yearly, { ...paying, provider: 'manual' })).toEqual({ does: 'nothing', because: 'yours' })
  expect(choiceOf({ ...plan, currency: 'usd' }, paying)).toEqual({ does: 'nothing', because: 'currency' })
})
