import { definePlans } from '@tollgate/client'

const MONTHLY = { billingPeriod: 'monthly', currency: 'usd', priceCents: 1_900 } as const

export default definePlans({
  tiers: { team: 15 },
  features: ['exports', 'projects'],
  plans: {
    free: { name: 'Free', tier: 'free', prices: [{ ...MONTHLY, priceCents: 0 }], features: {} },
    pro: {
      name: 'Pro',
      tier: 'pro',
      prices: [MONTHLY, { ...MONTHLY, billingPeriod: 'yearly', priceCents: 19_000 }, { ...MONTHLY, currency: 'eur' }],
      features: { exports: true, projects: { limit: 10, per: 'total' } },
    },
    team: { name: 'Team', tier: 'team', prices: [MONTHLY], seats: { included: 3 }, features: { exports: true } },
  },
})

definePlans({
  features: ['exports'],
  plans: {
    // @ts-expect-error -- exprots is no feature
    pro: { name: 'Pro', tier: 'pro', prices: [MONTHLY], features: { exprots: true } },
  },
})
definePlans({
  tiers: { team: 15 },
  plans: {
    // @ts-expect-error -- taem is no tier
    pro: { name: 'Pro', tier: 'taem', prices: [MONTHLY] },
  },
})
definePlans({
  plans: {
    // @ts-expect-error -- there is no currency ued
    pro: { name: 'Pro', tier: 'pro', prices: [{ ...MONTHLY, currency: 'ued' }] },
  },
})
definePlans({
  // @ts-expect-error -- a plan has a price
  plans: { pro: { name: 'Pro', tier: 'pro', prices: [] } },
})
