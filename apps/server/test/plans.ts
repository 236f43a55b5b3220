import type Stripe from 'stripe'
import { stripeClient } from './billing.ts'
import type { TestApp } from './test-app.ts'

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
