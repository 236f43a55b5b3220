import { isDeepStrictEqual } from 'node:util'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { findOveragePrices, isAsPlanned } from '../metering/overage-items.ts'
import { overageTerms } from '../metering/overage-terms.ts'
import { settleOverage } from '../metering/settle-overage.ts'
import { Plan } from '../plan.entity.ts'
import { overagesOf } from '../plans/plan-overage.ts'
import type { ProviderSubscription, SubscriptionStatus } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import type { FollowUp } from './send-follow-ups.ts'

/**
 * Makes our row say what a live subscription bills by use at the provider. What was used on the terms before is settled
 * first.
 *
 * @returns a follow-up if the provider's prices are not those of the plan.
 */
export async function convergeOverage(
  { em, billing, clock }: LockedScope,
  customer: LockedCustomer,
  fetched: ProviderSubscription,
  subscription: Subscription,
): Promise<FollowUp[]> {
  const plan = await em.findOneOrFail(Plan, subscription.plan.id)
  if (fetched.items.length === 1 && !subscription.overage && overagesOf(plan).length === 0) return []
  const present = await findOveragePrices(em, fetched)
  const billingNow = await billing.time.now()
  const terms = await overageTerms(em, { subscription, plan, present, billingNow })
  if (!isDeepStrictEqual(terms, subscription.overage ?? null)) {
    await settleOverage(em, { subscriptionId: subscription.id, billingNow, wallNow: clock.now() })
    subscription.overage = terms
    await em.flush()
  }
  if (
    isAsPlanned(present, { plan, billingPeriod: subscription.billingPeriod }) ||
    !customer.isAccountOpen ||
    !canChangeOverage(fetched.status)
  )
    return []
  return [{ kind: 'sync-overage', accountId: customer.account.id }]
}

/** In all others the provider refuses changes, or the first payment is open. Then an event leads here again. */
export const canChangeOverage = (status: SubscriptionStatus): boolean =>
  status === 'trialing' || status === 'active' || status === 'past_due'
