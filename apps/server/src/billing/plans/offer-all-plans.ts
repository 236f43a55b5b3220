import type { CallingScope } from '../billing-scope.ts'
import { ON_OFFER, PlanPrice } from '../plan-price.entity.ts'
import { Plan, type Offer } from '../plan.entity.ts'
import { ensurePlanPrice } from './ensure-plan-price.ts'

/**
 * Creates the prices of every active plan at the provider in question, so that its portal can offer changes to all of
 * them.
 *
 * A plan that cannot be created is left out. It must not keep customers from the portal.
 */
export async function offerAllPlans(scope: CallingScope): Promise<void> {
  const { em, log } = scope
  const { provider } = scope.billing
  const account = await provider.account()
  const known = await em.find(PlanPrice, {
    ...{ ...ON_OFFER, providerPriceId: { $ne: null } },
    ...(account && { providerAccount: account }),
  })
  for (const plan of await em.find(Plan, { status: 'active' })) {
    const isKnown = ({ billingPeriod, currency }: Offer) =>
      known.some((row) => row.plan.id === plan.id && row.billingPeriod === billingPeriod && row.currency === currency)
    for (const offer of plan.offers().filter((one) => one.provider === provider.name && !isKnown(one))) {
      try {
        await ensurePlanPrice(scope, plan, offer)
      } catch (error) {
        log.warn({ err: error, planId: plan.id }, 'cannot create this plan at the payment provider')
      }
    }
  }
}
