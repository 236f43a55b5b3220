import type { BillingScope } from '../billing-scope.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import { ensurePlanPrice } from './ensure-plan-price.ts'

/**
 * Lets the provider know every plan on sale, so that its own page can offer a change to one that nobody has wanted yet.
 *
 * A plan that can't be made there, for whatever reason, is left out: that is no reason to keep somebody from his card.
 */
export async function offerAllPlans(scope: BillingScope): Promise<void> {
  const { em, log } = scope
  const known = await em.find(PlanPrice, { archivedAt: null, providerPriceId: { $ne: null } })
  const unknown = await em.find(Plan, { status: 'active', id: { $nin: known.map(({ plan }) => plan.id) } })
  for (const plan of unknown) {
    try {
      await ensurePlanPrice(scope, plan)
    } catch (error) {
      log.warn({ err: error, planId: plan.id }, 'a plan could not be offered at the payment provider')
    }
  }
}
