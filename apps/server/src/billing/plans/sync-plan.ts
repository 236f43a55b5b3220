import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import { formerPriceIds } from './former-price-ids.ts'
import { lockPlan } from './lock-plan.ts'

/**
 * Copies a plan's name, status, and current price to the provider. Does nothing for a plan without a product there.
 *
 * Repeats and simultaneous calls are safe: the plan is locked while the provider is called, so no call writes an
 * outdated name after a newer one.
 *
 * @throws {PaymentProviderError}
 */
export async function syncPlan(scope: CallingScope, { planId }: { planId: string }): Promise<void> {
  await scope.em.transactional(async (em) => {
    await lockPlan(em, planId)
    const plan = await em.findOne(Plan, { id: planId, status: { $ne: 'draft' } }, { refresh: true })
    const price = await em.findOne(PlanPrice, { plan: planId, archivedAt: null }, { refresh: true })
    // Without an id, another call is creating the price. Syncing now would archive that price.
    if (!plan?.providerProductId || price?.providerPriceId === null) return

    await atProvider(scope, plan.provider).billing.provider.syncPlan({
      planId,
      productId: plan.providerProductId,
      name: plan.name,
      isActive: plan.isActive(),
      priceId: price?.providerPriceId ?? null,
      formerPriceIds: await formerPriceIds(em, planId),
    })
  })
}

/** Syncs a plan right away, after a change that also queued the SyncPlan job. If this fails, the job does it. */
export async function trySyncPlan(scope: CallingScope, input: { planId: string }): Promise<void> {
  await syncPlan(scope, input).catch((error: unknown) => {
    scope.log.warn({ err: error, ...input }, 'cannot sync this plan with the provider now; the job will')
  })
}
