import type { CallingScope } from '../billing-scope.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import { ensurePlanPrice } from './ensure-plan-price.ts'

/**
 * Creates every active plan of the provider in question there, so that its portal can offer changes to all of them.
 *
 * A plan that cannot be created is left out. It must not keep customers from the portal.
 */
export async function offerAllPlans(scope: CallingScope): Promise<void> {
  const { em, log } = scope
  const account = await scope.billing.provider.account()
  const known = await em.find(PlanPrice, {
    ...{ archivedAt: null, providerPriceId: { $ne: null } },
    ...(account && { providerAccount: account }),
  })
  const unknown = await em.find(Plan, {
    status: 'active',
    provider: scope.billing.provider.name,
    id: { $nin: known.map(({ plan }) => plan.id) },
  })
  for (const plan of unknown) {
    try {
      await ensurePlanPrice(scope, plan)
    } catch (error) {
      log.warn({ err: error, planId: plan.id }, 'cannot create this plan at the payment provider')
    }
  }
}
