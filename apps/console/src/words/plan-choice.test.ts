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
  ...{ currency: 'egp', cancelAtPeriodEnd: false, scheduledChange: null },
}

test('a plan whose payment is given up can be bought again, unless a portal or a retry can still collect it', () => {
  expect(choiceOf(plan, owing)).toEqual({ does: 'subscribe' })
  const isYours = { does: 'nothing', because: 'yours' }
  expect(choiceOf(plan, { ...owing, cardManagement: 'portal', provider: 'stripe' })).toEqual(isYours)
  expect(choiceOf(plan, { ...owing, status: 'past_due', accessReason: 'past_due_grace' })).toEqual(isYours)
})
