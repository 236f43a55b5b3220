import type { EntityManager } from '@mikro-orm/postgresql'
import { rankOf } from '../access/tiers.ts'
import { Plan, type Offer } from '../plan.entity.ts'
import { withRevision } from '../plans/plan-revision.ts'
import { planView } from '../plans/plan-view.ts'
import { soldFor } from '../plans/price-terms.ts'
import type { PresentPlan } from './compare-plans.ts'

interface CountRow {
  plan_id: string
  is_grant: boolean
  currency: string
  billing_period: Offer['billingPeriod']
  total: string
}

/** Reads all plans, and how many subscriptions they have. Triggers have counted them. */
export async function readPresent(em: EntityManager): Promise<PresentPlan[]> {
  const plans = await em.find(Plan, {}, { orderBy: { sortOrder: 'asc', code: 'asc' }, refresh: true })
  const counts = await em.execute<CountRow[]>(
    `select plan_id, is_grant, currency, billing_period, sum(count) as total from plan_counts
     where status <> 'canceled' group by 1, 2, 3, 4 having sum(count) > 0`,
  )
  return plans.map((plan): PresentPlan => {
    const { id, code, status, name, description = null, sortOrder, highlighted, tier, trialDays, features } = plan
    const own = counts.filter(({ plan_id }) => plan_id === id)
    return {
      ...{ id, code, status, sold: soldFor(plan), rank: rankOf(plan) },
      revision: withRevision(planView(plan)).revision,
      terms: { name, description, sortOrder, highlighted, tier, trialDays, features },
      subscribers: own.reduce((sum, { total }) => sum + Number(total), 0),
      payers: own
        .filter((row) => !row.is_grant)
        .map((row) => ({ billingPeriod: row.billing_period, currency: row.currency, count: Number(row.total) })),
    }
  })
}
