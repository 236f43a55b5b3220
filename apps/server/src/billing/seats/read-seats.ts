import type { Seats } from '../../accounts/index.ts'
import { hasAccess } from '../access/has-access.ts'
import type { BillingScope } from '../billing-scope.ts'
import { seatTermsOf } from '../plans/seat-terms.ts'
import { findLiveSubscription } from '../subscriptions/live-subscription.ts'
import { findUpcoming } from '../subscriptions/upcoming-subscription.ts'

/**
 * Reads the seats of the plan that an account has access to, from the database only. Before a scheduled change to another
 * plan, and while another plan is scheduled to start, the smaller of both limits counts.
 *
 * What is included is as it was bought. A limit is the plan's of today.
 *
 * @returns null if the plan does not count members.
 */
export async function readSeats(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  accountId: string,
): Promise<Seats | null> {
  const subscription = await findLiveSubscription(em, accountId)
  if (!subscription || !(await hasAccess({ billing }, subscription))) return null

  const upcoming = await findUpcoming(em, accountId)
  const next = upcoming && (await em.populate(upcoming, ['plan'])).plan.$
  const limits = [subscription.plan.$, subscription.scheduledPlan?.$, next].flatMap((plan) => plan?.seatLimit() ?? [])
  const max = limits.length > 0 ? Math.min(...limits) : null
  const included = seatTermsOf(subscription)?.included ?? max
  return included === null ? null : { included: max === null ? included : Math.min(included, max), max }
}
