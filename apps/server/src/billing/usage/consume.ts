import { AccountNotFound } from '../../accounts/index.ts'
import { newId } from '../../platform/database/ids.ts'
import { planUnlocking, type UnlockedBy } from '../access/unlocking-plan.ts'
import type { BillingScope } from '../billing-scope.ts'
import { FeatureNotFound, UsageKeyReused } from '../feature.errors.ts'
import type { ConsumeInput, UsageView } from '../usage.schemas.ts'
import type { CountUse } from './count-together.ts'
import { countUsage, type CountedRow } from './count-usage.ts'
import { usageView } from './usage-view.ts'

type Entry = Extract<CountedRow, { is_known: true }>

/**
 * Counts what an account uses of a feature, or reserves it, if its limit allows that. Otherwise nothing is counted.
 *
 * The first answer for a key is the answer for good, also in a later period.
 *
 * @param countUse how it is counted: by default in the scope's transaction, or in one of its own if there is none.
 * @throws {AccountNotFound} also for a closed account
 * @throws {FeatureNotFound}
 * @throws {UsageKeyReused}
 */
export async function consume(
  scope: BillingScope,
  input: ConsumeInput,
  countUse: CountUse = countingIn(scope),
): Promise<UsageView> {
  const { id: accountId, feature, amount, key, reserve = null } = input
  const asked = { entryId: newId(), accountId, feature, key, amount, reserve }
  const entry = await countUse(asked)
  if (!entry) throw new AccountNotFound()
  if (!entry.is_known) throw new FeatureNotFound()
  if (entry.feature !== feature || Number(entry.asked) !== amount || entry.reserve !== reserve) {
    throw new UsageKeyReused()
  }
  const isDenied = entry.state === 'denied'
  return {
    ...usageView({ allowed: !isDenied, used: entry.used, limit: entry.limit, resetsAt: entry.resets_at }),
    ...(!isDenied && reserve !== null && { reservation: entry.id }),
    ...(isDenied && { unlockedBy: await unlocking(entry) }),
  }

  async function unlocking({ used, is_overridden: isOverridden, plan_per: per }: Entry): Promise<UnlockedBy> {
    // An override wins over every plan.
    if (isOverridden) return null
    return planUnlocking(scope, { accountId, feature, amount, used: Number(used), per })
  }
}

const countingIn =
  ({ em, clock, billing: { time, settings } }: BillingScope): CountUse =>
  async (asked) =>
    countUsage(em, asked, { billingNow: await time.now(), wallNow: clock.now(), settings })
