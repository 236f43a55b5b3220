import { after } from '../../platform/clock.ts'
import { MINUTE } from '../../platform/durations.ts'
import type { CallingScope } from '../billing-scope.ts'
import { ArchiveAgain, SyncPlan } from '../billing.queues.ts'
import { ON_OFFER, PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import type { CatalogueItem } from '../providers/payment-provider.ts'
import { lockPlan } from './lock-plan.ts'

/** Longer than any call that makes an archived item active. */
const CALL_IS_OVER = MINUTE

/**
 * Applies a change that was made in the provider's dashboard. A new product name becomes the plan's name. Whether a
 * plan is for sale is decided here, so an item that was archived there is made active again while the plan is active.
 *
 * A plan change makes archived items active for a moment. A job archives what it has left active.
 *
 * @returns false when the item belongs to no plan.
 */
export async function convergeCatalogue(
  { em, jobs, clock, billing }: CallingScope,
  item: CatalogueItem,
): Promise<boolean> {
  const planId = await planOf(em, item)
  // Before the provider is called: otherwise an older name could overwrite the one an admin has just set.
  if (planId) await lockPlan(em, planId)
  const fetched = await billing.provider.fetchCatalogueItem(item)
  if (fetched?.mustBeArchived) {
    const provider = billing.provider.name
    await jobs.send(em, ArchiveAgain, { ...item, provider }, { startAfter: after(clock.now(), CALL_IS_OVER) })
  }
  if (!planId) return fetched?.mustBeArchived === true
  const plan = await em.findOneOrFail(Plan, { id: planId }, { refresh: true })
  if (fetched?.name && fetched.name.length <= 100) plan.name = fetched.name
  if (fetched && !fetched.isActive && plan.isActive()) await jobs.send(em, SyncPlan, { planId })
  return true
}

/** @returns null for an unknown item, and for a price that was replaced: it stays archived. */
async function planOf(em: CallingScope['em'], { kind, id }: CatalogueItem): Promise<string | null> {
  if (kind === 'product') return (await em.findOne(Plan, { providerProductId: id }))?.id ?? null
  return (await em.findOne(PlanPrice, { providerPriceId: id, ...ON_OFFER }))?.plan.id ?? null
}
