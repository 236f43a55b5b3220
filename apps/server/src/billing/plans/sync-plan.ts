import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import { formerPriceIds } from './former-price-ids.ts'
import { lockPlan } from './lock-plan.ts'

/**
 * Copies a plan's name, status, and prices to each provider that has one of them. Does nothing for a plan without a
 * product there.
 *
 * Repeats and simultaneous calls are safe: the plan is locked while the provider is called, so no call writes an
 * outdated name after a newer one.
 *
 * @throws {ProviderUnsupported} if a provider is not configured
 * @throws {PaymentProviderError}
 */
export async function syncPlan(scope: CallingScope, { planId }: { planId: string }): Promise<void> {
  await scope.em.transactional(async (em) => {
    await lockPlan(em, planId)
    const plan = await em.findOne(Plan, { id: planId, status: { $ne: 'draft' } }, { refresh: true })
    if (!plan) return
    const prices = await em.find(PlanPrice, { plan: planId }, { orderBy: { id: 'asc' }, refresh: true })
    const former = await formerPriceIds(em, planId)
    for (const name of new Set([plan.provider, ...prices.map(({ provider }) => provider ?? plan.provider)])) {
      const own = prices.filter(({ provider }) => (provider ?? plan.provider) === name)
      await syncAt(atProvider(scope, name), plan, { own, former })
    }
  })
}

/** Copies a plan to one provider. */
async function syncAt(
  scope: CallingScope,
  plan: Plan,
  { own, former }: { own: readonly PlanPrice[]; former: readonly string[] },
): Promise<void> {
  const { provider } = scope.billing
  const sold = own
    .filter((price) => price.isOnOffer())
    .toSorted((one, other) => Number(one.isFurther) - Number(other.isFurther))
  // Without an id, another call is creating the price. Syncing now would archive that price.
  if (sold.some(({ providerPriceId }) => !providerPriceId)) return
  const { id: planId, code, name } = plan
  const known = plan.provider === provider.name ? plan.providerProductId : null
  const isKnown = own.some(({ providerPriceId }) => providerPriceId)
  const productId = known ?? (isKnown ? await provider.ensureProduct({ planId, code, name }) : null)
  if (!productId) return
  await provider.syncPlan({
    ...{ planId, productId, name, isActive: plan.isActive() },
    priceIds: sold.flatMap(({ providerPriceId }) => providerPriceId ?? []),
    formerPriceIds: former,
  })
}

/** Syncs a plan right away, after a change that also queued the SyncPlan job. If this fails, the job does it. */
export async function trySyncPlan(scope: CallingScope, input: { planId: string }): Promise<void> {
  await syncPlan(scope, input).catch((error: unknown) => {
    scope.log.warn({ err: error, ...input }, 'cannot sync this plan with the provider now; the job will')
  })
}
