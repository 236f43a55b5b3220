import type { TollgateClient } from '@tollgate/client'
import type Stripe from 'stripe'
import { stripeClient } from './billing.ts'
import type { TestApp } from './test-app.ts'

/** The terms of a plan that nothing else is called by. */
export const TEAM = { name: 'Team', priceCents: 2_500, billingPeriod: 'monthly', tier: 'pro' } as const

/** An administrator and his client. */
export async function anAdmin(app: TestApp): Promise<{ id: string; api: TollgateClient['api'] }> {
  const admin = await app.aUser({ isAdmin: true })
  return { id: admin.id, api: (await app.as(admin)).api }
}

interface PlanAtStripe {
  product: Stripe.Product | undefined
  /** Amount, currency and interval of what can be bought. */
  offered: [number | null, string, string | undefined][]
  prices: Stripe.Price[]
}

/** What Stripe knows of a plan. */
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

interface AuditRow {
  action: string
  actor_id: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  ip: string | null
  request_id: string | null
}

/** What was done to something, oldest first. */
export async function auditOf(app: TestApp, targetId: string): Promise<AuditRow[]> {
  return app.scope().em.execute<AuditRow[]>('select * from audit_entries where target_id = ? order by id', [targetId])
}
