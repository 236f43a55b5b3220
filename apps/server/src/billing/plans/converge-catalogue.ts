import type { CallingScope } from '../billing-scope.ts'
import { SyncPlan } from '../billing.queues.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import { lockPlan } from './lock-plan.ts'

/**
 * Applies a change that was made in the provider's dashboard. A new product name becomes the plan's name. Whether a
 * plan is for sale is decided here, so an item that was archived there is made active again while the plan is active.
 *
 * @returns false when the item belongs to no plan.
 */
export async function convergeCatalogue(
  { em, jobs, billing }: CallingScope,
  item: { kind: 'product' | 'price'; id: string },
): Promise<boolean> {
  const planId = await planOf(em, item)
  if (!planId) return false
  // Before the provider is called: otherwise an older name could overwrite the one an admin has just set.
  await lockPlan(em, planId)
  const plan = await em.findOneOrFail(Plan, { id: planId }, { refresh: true })
  const fetched = await billing.provider.fetchCatalogueItem(item)
  if (fetched?.name && fetched.name.length <= 100) plan.name = fetched.name
  if (fetched && !fetched.isActive && plan.isActive()) await jobs.send(em, SyncPlan, { planId })
  return true
}

/** @returns null for an unknown item, and for a price that was replaced: it stays archived. */
async function planOf(
  em: CallingScope['em'],
  { kind, id }: { kind: 'product' | 'price'; id: string },
): Promise<string | null> {
  if (kind === 'product') return (await em.findOne(Plan, { providerProductId: id }))?.id ?? null
  return (await em.findOne(PlanPrice, { providerPriceId: id, archivedAt: null }))?.plan.id ?? null
}
