import { newId } from '../../platform/database/ids.ts'
import { readFeature } from '../access/read-feature.ts'
import { planUnlocking, type UnlockedBy } from '../access/unlocking-plan.ts'
import type { BillingScope } from '../billing-scope.ts'
import { UsageKeyReused } from '../feature.errors.ts'
import type { ConsumeInput, UsageView } from '../usage.schemas.ts'
import { countUsage, type EntryRow } from './count-usage.ts'
import { usageView } from './usage-view.ts'

/**
 * Counts what an account uses of a feature, or reserves it, if its limit allows that. Otherwise nothing is counted.
 *
 * The first answer for a key is the answer for good, also in a later period.
 *
 * @throws {AccountNotFound} also for a closed account
 * @throws {FeatureNotFound}
 * @throws {UsageKeyReused}
 */
export async function consume(scope: BillingScope, input: ConsumeInput): Promise<UsageView> {
  const { id: accountId, feature, amount, key, reserve = null } = input
  const terms = await readFeature(scope, { accountId, feature })
  const { limit, window, isBilledAbove } = terms
  const asked = {
    entryId: newId(),
    accountId,
    feature,
    window,
    key,
    amount,
    limit,
    isBilledAbove,
    reserve,
    now: scope.clock.now(),
  }
  const entry = await countUsage(scope.em, asked)
  if (entry.feature !== feature || Number(entry.asked) !== amount || entry.reserve !== reserve) {
    throw new UsageKeyReused()
  }
  const isDenied = entry.state === 'denied'
  return {
    ...usageView({ allowed: !isDenied, used: entry.used, limit: entry.limit, resetsAt: entry.resets_at }),
    ...(!isDenied && reserve !== null && { reservation: entry.id }),
    ...(isDenied && { unlockedBy: await unlocking(entry) }),
  }

  async function unlocking({ used }: EntryRow): Promise<UnlockedBy> {
    // An override wins over every plan.
    if (terms.isOverridden) return null
    return planUnlocking(scope, { accountId, feature, amount, used: Number(used), per: terms.per })
  }
}
