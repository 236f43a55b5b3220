import type { BillingScope } from '../billing-scope.ts'
import type { UpcomingView } from '../billing.schemas.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import { planView } from '../plans/plan-view.ts'
import { findUpcoming } from '../subscriptions/upcoming-subscription.ts'

/** The account's upcoming plan; null if there is none. */
export async function readUpcoming(
  { em }: Pick<BillingScope, 'em'>,
  { accountId }: { accountId: string },
): Promise<UpcomingView | null> {
  const upcoming = await findUpcoming(em, accountId)
  if (!upcoming) return null
  const { plan } = await em.populate(upcoming, ['plan'])
  const { id, provider, priceCents, quantity, currency, billingPeriod, startsAt } = upcoming
  return {
    ...{ id, accountId, provider, plan: planView(plan.$), priceCents, quantity, currency, billingPeriod },
    ...{ interval: intervalOf(upcoming), startsAt },
  }
}
