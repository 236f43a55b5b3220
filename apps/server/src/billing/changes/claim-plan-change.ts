import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { MINUTE } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { PreviewStale } from '../billing.errors.ts'
import { PlanChange } from '../plan-change.entity.ts'
import type { SellablePrice } from '../plans/ensure-plan-price.ts'
import type { LiveSubscription } from '../subscriptions/live-subscription.ts'
import type { ChangeTiming } from './plan-change-timing.ts'
import { prorationMoment } from './proration-moment.ts'

/** How long a try whose answer was lost is resumed; after that, a new one is begun. */
const RESUMABLE_FOR = 10 * MINUTE
/** The end of the year 9999. */
const LATEST_MOMENT = 253_402_300_799_000

interface Wanted {
  price: SellablePrice
  timing: ChangeTiming
  prorationDate?: Date | undefined
  /** In upper case. */
  promotionCode: string | null
}

/**
 * Finds or inserts the row of the change that is about to be made, and marks it as started. It is one of these:
 *
 * - the row of the preview that the caller names;
 * - the row of an earlier try that got no answer;
 * - a new row.
 *
 * @returns null when there is no change to make: the plan is the present one, and no try is open.
 * @throws {PreviewStale} for a moment that no preview of this plan, with this code, gave this user in the last ten minutes.
 */
export async function claimPlanChange(
  scope: BillingScope,
  subscription: LiveSubscription,
  { price, timing, prorationDate, promotionCode }: Wanted,
): Promise<{ changeId: string; isRepeat: boolean } | null> {
  const { em, clock, billing } = scope
  const wallNow = clock.now()
  const of = { subscription: subscription.id, price: price.id, promotionCode }
  if (!prorationDate) {
    const open = await em.findOne(
      PlanChange,
      { ...of, startedAt: { $gt: after(wallNow, -RESUMABLE_FOR) } },
      { orderBy: { startedAt: 'desc' } },
    )
    if (open) return { changeId: open.id, isRepeat: true }
    if (timing === 'none') return null
    const moment = prorationMoment(await billing.time.now(), subscription)
    const change = { id: newId(), ...of, prorationDate: moment, createdAt: wallNow, startedAt: wallNow }
    await em.insert(PlanChange, change)
    return { changeId: change.id, isRepeat: false }
  }

  // No preview has such a moment, and PostgreSQL would refuse the query.
  if (prorationDate.getTime() < 0 || prorationDate.getTime() > LATEST_MOMENT) throw new PreviewStale()
  const change = await em.findOne(PlanChange, { ...of, prorationDate }, { orderBy: { createdAt: 'desc' } })
  if (!change?.isFresh(wallNow, await billing.time.now())) throw new PreviewStale()
  const isRepeat = change.startedAt !== null
  await em.nativeUpdate(PlanChange, { id: change.id }, { startedAt: change.startedAt ?? wallNow })
  return { changeId: change.id, isRepeat }
}
