import type { BillingScope } from '../billing-scope.ts'
import { SyncPlan } from '../billing.queues.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'

/**
 * Follows what was changed in the provider's own dashboard. A product's new name is the plan's; whether a plan is sold
 * is decided here, so what was taken off the shelf there while it is on offer here is put back.
 *
 * @returns false when it belongs to no plan of ours.
 */
export async function convergeCatalogue(
  { em, jobs, billing }: BillingScope,
  item: { kind: 'product' | 'price'; id: string },
): Promise<boolean> {
  const planId = await planOf(em, item)
  if (!planId) return false
  // Locked before the provider is asked, or an older name could overwrite one that an admin has just given it; and in
  // a way that holds up nobody who subscribes meanwhile.
  await em.execute('select 1 from plans where id = ? for no key update', [planId])
  const plan = await em.findOneOrFail(Plan, { id: planId }, { refresh: true })
  const truth = await billing.provider.fetchCatalogueItem(item)
  if (truth?.name && truth.name.length <= 100) plan.name = truth.name
  if (truth && !truth.isActive && plan.isActive()) await jobs.send(em, SyncPlan, { planId })
  return true
}

/** A price that has been followed by a newer one is archived for good, and nobody's concern. */
async function planOf(
  em: BillingScope['em'],
  { kind, id }: { kind: 'product' | 'price'; id: string },
): Promise<string | null> {
  if (kind === 'product') return (await em.findOne(Plan, { providerProductId: id }))?.id ?? null
  return (await em.findOne(PlanPrice, { providerPriceId: id, archivedAt: null }))?.plan.id ?? null
}
