import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import { stripeClient } from './stripe.ts'
import type { TestApp } from './test-app.ts'

export interface TestPlan {
  id: string
  code: string
  priceCents: number
  currency: string
  billingPeriod: 'monthly' | 'yearly'
  tier: 'free' | 'pro' | 'vip'
  trialDays: number
}

/** Creates an active plan. Its product and price at Stripe are created when it is first needed. */
export async function aPlan(app: TestApp, terms: Partial<TestPlan> & { code: string }): Promise<TestPlan> {
  const plan = {
    id: randomUUID(),
    priceCents: 1_000,
    currency: 'usd',
    billingPeriod: 'monthly',
    tier: 'pro',
    trialDays: 0,
    ...terms,
  } as const
  await app.scope().em.execute(
    `insert into plans (id, code, name, price_cents, currency, billing_period, tier, trial_days, status, created_at, updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, 'active', now(), now())`,
    [plan.id, plan.code, plan.code, plan.priceCents, plan.currency, plan.billingPeriod, plan.tier, plan.trialDays],
  )
  return plan
}

/** The terms of a plan with a name that no other plan has. */
export const TEAM = { name: 'Team', priceCents: 2_500, billingPeriod: 'monthly', tier: 'pro' } as const

interface PlanAtStripe {
  product: Stripe.Product | undefined
  /** Amount, currency and interval of the active prices. */
  offered: [number | null, string, string | undefined][]
  prices: Stripe.Price[]
}

/** Returns a plan's product and prices at Stripe. */
export async function planAtStripe(app: TestApp, planId: string): Promise<PlanAtStripe> {
  const stripe = stripeClient(app)
  const [product] = (await stripe.products.list({ ids: [`plan_${planId}`] })).data
  const prices = product ? (await stripe.prices.list({ product: product.id, limit: 100 })).data : []
  return {
    product,
    prices,
    offered: prices
      .filter(({ active }) => active)
      .map(({ unit_amount, currency, recurring }) => [unit_amount, currency, recurring?.interval]),
  }
}
