import { isDeepStrictEqual } from 'node:util'
import type { BillingScope } from '../billing-scope.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'

/**
 * Tells the provider what a plan is now: its name, whether it can be bought, and which of its prices is current.
 *
 * It may be repeated at will, and side by side: whoever has told something that changed meanwhile tells it again.
 * A plan that has never been offered has nothing to tell.
 *
 * @throws {PaymentProviderError}
 */
export async function syncPlan({ em, billing }: BillingScope, { planId }: { planId: string }): Promise<void> {
  let told: object | undefined
  for (;;) {
    const plan = await em.findOne(Plan, { id: planId, status: { $ne: 'draft' } }, { refresh: true })
    const price = await em.findOne(PlanPrice, { plan: planId, archivedAt: null }, { refresh: true })
    // Without the price's id somebody is just making it, and would find it archived.
    if (!plan?.providerProductId || price?.providerPriceId === null) return

    const { name, providerProductId: productId } = plan
    const now = { productId, name, isActive: plan.isActive(), priceId: price?.providerPriceId ?? null }
    if (isDeepStrictEqual(now, told)) return
    await billing.provider.syncPlan(now)
    told = now
  }
}

/** The same at once, after a change whose job would do it, too: what fails now is left to the job. */
export async function tellProvider(scope: BillingScope, input: { planId: string }): Promise<void> {
  await syncPlan(scope, input).catch((error: unknown) => {
    scope.log.warn({ err: error, ...input }, 'the provider will hear of this plan from the job')
  })
}
