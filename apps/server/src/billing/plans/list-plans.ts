import type { BillingScope } from '../billing-scope.ts'
import type { PlanView } from '../billing.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { planView } from './plan-view.ts'

/** Lists the plans for sale, with prices of configured providers only, by `sortOrder`, then by price, then by name. */
export async function listPlans({ em, billing }: BillingScope): Promise<PlanView[]> {
  const plans = await em.find(
    Plan,
    { status: 'active', provider: { $in: [...billing.providers.keys()] } },
    { orderBy: { sortOrder: 'asc', priceCents: 'asc', name: 'asc', id: 'asc' } },
  )
  return plans.map((plan) => {
    const view = planView(plan)
    return { ...view, prices: view.prices.filter(({ provider }) => billing.providers.has(provider)) }
  })
}
