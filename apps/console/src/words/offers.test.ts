import { expect, test } from 'vitest'
import { offersOf, planFor, savingOf } from './offers.ts'

type Plan = Parameters<typeof offersOf>[0][number]

const plan = (code: string, of: Partial<Plan> = {}): Plan => ({
  ...({ id: code, code, name: 'Pro', description: null, sortOrder: 0, highlighted: false } as const),
  ...({ priceCents: 2_000, currency: 'usd', billingPeriod: 'monthly', tier: 'pro', tierRank: 10 } as const),
  ...({ trialDays: 0, seats: null, features: {}, provider: 'stripe', isActive: true } as const),
  prices: [],
  ...of,
})

test('a monthly and a yearly plan of one name, tier and currency are one offer', () => {
  const monthly = plan('pro')
  const yearly = plan('pro-yearly', { billingPeriod: 'yearly', priceCents: 20_400 })
  const others = [
    plan('team', { name: 'Team' }),
    plan('pro-eur', { currency: 'eur', billingPeriod: 'yearly' }),
    plan('pro-vip', { tier: 'vip', billingPeriod: 'yearly' }),
    plan('pro-again'),
  ]
  const [first, ...rest] = offersOf([monthly, ...others, yearly])
  expect(first).toEqual({ monthly, yearly })
  expect(rest.map((offer) => planFor(offer, 'monthly')?.code)).toEqual(['team', 'pro-eur', 'pro-vip', 'pro-again'])
  expect(planFor(first ?? {}, 'yearly')).toBe(yearly)
  expect(savingOf(first ?? {})).toBeCloseTo(0.15)
  expect(savingOf({ monthly: plan('free', { priceCents: 0 }), yearly })).toBe(0)
})
