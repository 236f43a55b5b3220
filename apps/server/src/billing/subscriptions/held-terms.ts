import { rankOf } from '../access/tiers.ts'
import { intervalColumns, intervalOf } from '../plans/billing-interval.ts'
import type { PlanTerms } from '../plans/is-upgrade.ts'
import { costOfMembers, seatTermsOf } from '../plans/seat-terms.ts'
import type { LiveSubscription } from './live-subscription.ts'

/** The terms on which a subscription was bought, for an account with so many members. */
export function heldTerms(subscription: LiveSubscription, members: number): PlanTerms {
  return {
    ...intervalColumns(intervalOf(subscription)),
    rank: rankOf(subscription.plan.$),
    priceCents: costOfMembers(subscription.unitPrice(), seatTermsOf(subscription), members),
  }
}
