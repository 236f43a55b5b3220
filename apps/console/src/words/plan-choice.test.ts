import { describe, expect, test } from 'vitest'
import { choiceOf } from './plan-choice.ts'

type Plan = Parameters<typeof choiceOf>[0]
type Held = NonNullable<Parameters<typeof choiceOf>[1]>

const plan = (id: string, terms: Partial<Plan> = {}): Plan => ({
  ...{ id, name: id, tier: 'pro', priceCents: 1_000, currency: 'usd', billingPeriod: 'monthly', provider: 'stripe' },
  ...terms,
})
const own = plan('own')
const other = plan('other', { provider: 'paymob', currency: 'egp' })

const subscription = (terms: Partial<Held> = {}): Held => ({
  ...{ plan: own, provider: 'stripe', status: 'active', accessReason: 'active', currency: 'usd', pause: null },
  ...{ cardManagement: 'portal', cancelAtPeriodEnd: false, scheduledChange: null, ...terms },
})

describe('a plan of another provider', () => {
  test.each<[what: string, terms: Partial<Held>, choice: object]>([
    ['can be switched to', {}, { does: 'switch' }],
    ['can be switched to after a cancellation', { cancelAtPeriodEnd: true }, { does: 'switch' }],
    ['has to wait for a payment', { status: 'past_due' }, { does: 'nothing', because: 'due' }],
    ['has to wait for the end of a pause', { status: 'paused' }, { does: 'nothing', because: 'paused' }],
    ['is bought in place of a grant', { provider: 'manual' }, { does: 'subscribe' }],
    ['is bought once the present one has ended', { accessReason: 'ended' }, { does: 'subscribe' }],
  ])('%s', (_what, terms, choice) => {
    expect(choiceOf(other, subscription(terms))).toEqual(choice)
  })

  test('that waits keeps all others from being chosen', () => {
    const upcoming = { plan: other }
    const choices = [other, plan('third'), own].map((each) =>
      choiceOf(each, subscription({ cancelAtPeriodEnd: true }), upcoming),
    )
    expect(choices).toEqual([
      { does: 'nothing', because: 'upcoming' },
      { does: 'nothing', because: 'switching' },
      { does: 'nothing', because: 'yours' },
    ])
    expect(choiceOf(own, null, upcoming)).toEqual({ does: 'nothing', because: 'switching' })
  })

  test('is another one than a dearer plan of the same provider', () => {
    const dear = plan('dear', { priceCents: 2_000 })
    expect(choiceOf(dear, subscription())).toEqual({ does: 'change', isUpgrade: true, isOtherPeriod: false })
  })
})
