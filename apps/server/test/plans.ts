import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import type { PlanFeatures } from '../src/billing/feature.schemas.ts'
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
  seats: { included: number; perSeatCents: number | null; max: number | null } | null
  features: PlanFeatures
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
    seats: null,
    features: {},
    ...terms,
  } as const
  await app.scope().em.execute(
    `insert into plans (id, code, name, price_cents, currency, billing_period, tier, trial_days, included_seats,
       per_seat_cents, max_seats, features, status, created_at, updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', now(), now())`,
    [
      ...[plan.id, plan.code, plan.code, plan.priceCents, plan.currency, plan.billingPeriod, plan.tier, plan.trialDays],
      ...[plan.seats?.included ?? null, plan.seats?.perSeatCents ?? null, plan.seats?.max ?? null, plan.features],
    ],
  )
  return plan
}

/** The terms of a plan with a name that no other plan has. */
export const TEAM = { name: 'Team', priceCents: 2_500, billingPeriod: 'monthly', tier: 'pro' } as const

/** The id of a plan's current price at Stripe, where the plan must be known already. */
export async function priceIdOf(app: TestApp, planCode: string): Promise<string> {
  const [row] = await app.scope().em.execute<{ id: string | null }[]>(
    `select provider_price_id as id from plan_prices join plans on plans.id = plan_id
     where code = ? and archived_at is null`,
    [planCode],
  )
  if (!row?.id) throw new Error(`Stripe has no price for ${planCode} yet.`)
  return row.id
}

/** The id of a new price at Stripe that belongs to no plan, as an operator makes it for an add-on. */
export async function anAddOn(
  app: TestApp,
  unit_amount: number,
  interval: 'month' | 'year' = 'month',
): Promise<string> {
  const { id } = await stripeClient(app).prices.create({
    ...{ currency: 'usd', unit_amount, recurring: { interval } },
    product_data: { name: 'Add-on' },
  })
  return id
}

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
