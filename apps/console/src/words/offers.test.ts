import { expect, test } from 'vitest'
import { offersOf, planFor, savingOf } from './offers.ts'
import { askedTerms, atEachPrice, planAt, termsQuery } from './plan-price.ts'

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

test('the prices of one plan are one offer per currency, also beside plans of the same name', () => {
  const price = { perSeatCents: null, provider: 'stripe' } as const
  const pro = plan('pro', {
    prices: [
      { ...price, billingPeriod: 'monthly', currency: 'usd', priceCents: 2_000 },
      { ...price, billingPeriod: 'yearly', currency: 'usd', priceCents: 20_400 },
      { ...price, billingPeriod: 'yearly', currency: 'eur', priceCents: 19_000 },
    ],
  })
  const offers = offersOf(atEachPrice([plan('former'), pro]))
  expect(offers.map(({ monthly, yearly }) => [monthly?.code, yearly?.code, yearly?.priceCents])).toEqual([
    ['former', undefined, undefined],
    ['pro', 'pro', 20_400],
    [undefined, 'pro', 19_000],
  ])
  const held = { billingPeriod: 'yearly', currency: 'eur' } as const
  expect(planAt(pro, {})?.priceCents).toBe(2_000)
  expect(planAt(pro, {}, held)?.priceCents).toBe(19_000)
  expect(planAt(pro, { currency: 'usd' }, held)?.priceCents).toBe(20_400)
  expect(planAt(pro, { billingPeriod: 'monthly' }, held)).toBeNull()
  expect(planAt(pro, { currency: 'gbp' })).toBeNull()
})

test('a link asks for a period and a currency, and for nothing else', () => {
  expect(askedTerms(new URLSearchParams(termsQuery(plan('pro'))))).toEqual({
    billingPeriod: 'monthly',
    currency: 'usd',
  })
  expect(askedTerms(new URLSearchParams('period=weekly&currency=dollars'))).toEqual({})
})
