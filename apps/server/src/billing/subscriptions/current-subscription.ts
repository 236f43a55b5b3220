import type { BillingScope } from '../billing-scope.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { findLiveSubscription } from './live-subscription.ts'
import { readRecoveries } from './read-recoveries.ts'
import { toSubscriptionView } from './subscription-view.ts'

/**
 * The user's live subscription, with or without access; null if there is none.
 *
 * @param input.mayPay whether the caller's role may pay, and so may see the invoice.
 */
export async function currentSubscription(
  { em, billing }: BillingScope,
  input: { accountId: string; mayPay: boolean },
): Promise<SubscriptionView | null> {
  const subscription = await findLiveSubscription(em, input.accountId)
  if (!subscription) return null
  const recovery = (await readRecoveries(em, [subscription])).get(subscription.id) ?? null
  const shown = recovery && (input.mayPay ? recovery : { ...recovery, payUrl: null })
  return toSubscriptionView(subscription, await billing.time.now(), billing.settings, shown)
}
