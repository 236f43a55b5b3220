import { isDeepStrictEqual } from 'node:util'
import type { BillingScope } from '../billing-scope.ts'
import type { UpdatePlanInput } from '../billing.schemas.ts'
import { Plan } from '../plan.entity.ts'
import type { UpdatePlanPreview } from '../plan.schemas.ts'
import { Subscription } from '../subscription.entity.ts'
import { activePlan } from './active-plan.ts'
import { checkAmount } from './check-amount.ts'
import { planView } from './plan-view.ts'
import { isSame, termsAfter } from './price-terms.ts'

/**
 * What a change of a plan would do, by what our rows say. It changes nothing.
 *
 * @throws {PlanNotFound}
 * @throws {PlanInactive}
 * @throws {InvalidInput} for an amount that the currency does not have.
 */
export async function previewUpdate({ em }: BillingScope, input: UpdatePlanInput): Promise<UpdatePlanPreview> {
  const plan = activePlan(await em.findOne(Plan, { id: input.id }))
  const before = planView(plan)
  const given = Object.fromEntries(Object.entries<unknown>(input).filter(([, value]) => value !== undefined))
  const after = { ...before, ...given }
  const terms = termsAfter(plan, input)
  const isNewPrice = !isSame(terms, termsAfter(plan, { id: plan.id }))
  if (isNewPrice) checkAmount(terms)
  const live = { plan: plan.id, status: { $ne: 'canceled' } } as const
  return {
    after,
    subscribers: await em.count(Subscription, live),
    keepPrice: isNewPrice ? await em.count(Subscription, { ...live, provider: { $ne: 'manual' } }) : 0,
    isNewPrice,
    isRenamed: after.name !== before.name,
    isNewTier: after.tier !== before.tier,
    isNewSeats: !isDeepStrictEqual(after.seats, before.seats),
    isNewFeatures: !isDeepStrictEqual(after.features, before.features),
  }
}
