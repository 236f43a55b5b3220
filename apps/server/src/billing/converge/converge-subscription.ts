import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import type { ProviderInvoice, ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { LOCKED_ROW } from '../subscriptions/lock-subscription.ts'
import { admitSubscription } from './admit-subscription.ts'
import { findPlanItem, findScheduledPlan, pricePerPeriod, type PlanItem } from './plan-item.ts'
import type { FollowUp } from './send-follow-ups.ts'
import { writeSubscription, type ConvergedSubscription, type SubscriptionColumns } from './write-subscription.ts'

/**
 * Makes our row say what the provider says.
 *
 * @param fetched was fetched under the lock, so an older answer can't overwrite a newer one.
 * @param openInvoices of a past-due subscription, whose grace period counts from the oldest one.
 */
export async function convergeSubscription(
  locked: LockedScope,
  customer: LockedCustomer,
  fetched: ProviderSubscription,
  openInvoices: readonly ProviderInvoice[],
): Promise<ConvergedSubscription> {
  const { em } = locked
  // Locked only after the provider has answered. The sweep takes no customer's lock, and may wait for this row.
  const known = await em.findOne(Subscription, { providerSubscriptionId: fetched.id }, LOCKED_ROW)
  if (known?.supersededAt) {
    // The job that ends it was given up, or has not run yet. The customer must not pay for two subscriptions.
    return { subscription: known, followUps: fetched.status === 'canceled' ? [] : [endAgain(known)] }
  }

  const sold = await findPlanItem(locked, fetched, known)
  if (!sold) return { subscription: null, followUps: [] }
  const isSecondTrial = !known && fetched.status === 'trialing' && customer.trialUsedAt !== null
  if (fetched.trialStart) customer.trialUsedAt ??= fetched.trialStart

  const columns = await columnsOf(locked, fetched, { sold, known, openInvoices })
  // A checkout page opened before this change sells an outdated plan: expire it.
  const hasDecided = known?.isLive() && isDecision(known, columns)
  const { subscription, followUps } =
    fetched.status === 'canceled' || known?.isLive()
      ? { subscription: await writeSubscription(locked, customer, known, columns), followUps: [] }
      : await admitSubscription(locked, customer, { fetched, columns, known, isSecondTrial })
  if (hasDecided) followUps.push({ kind: 'expire-checkouts', customerId: customer.id })
  // Resumed in the provider's portal, which stays open when the account is closed, or made by an operator. End it.
  const runsOn = subscription ? subscription.isLive() : fetched.status !== 'canceled' && !fetched.isFromCheckout
  if (runsOn && !(subscription ?? fetched).cancelAtPeriodEnd && !customer.user.$.isActive) {
    followUps.push({ kind: 'end-for-closed-account', userId: customer.user.id })
  }
  return { subscription, followUps }
}

/** Whether the customer has moved to another plan or canceled, here or at the provider. */
function isDecision(known: Subscription, { plan, scheduledPlan, cancelAtPeriodEnd }: SubscriptionColumns): boolean {
  const isMoved = known.plan.id !== plan || (known.scheduledPlan?.id ?? null) !== scheduledPlan
  return isMoved || (!known.cancelAtPeriodEnd && cancelAtPeriodEnd)
}

function endAgain({ id: subscriptionId, reversedAt }: Subscription): FollowUp {
  return { kind: reversedAt ? 'reverse-subscription' : 'cancel-superseded', subscriptionId }
}

interface Known {
  sold: PlanItem
  known: Subscription | null
  openInvoices: readonly ProviderInvoice[]
}

async function columnsOf(
  { em }: LockedScope,
  fetched: ProviderSubscription,
  { sold: { planId, item }, known, openInvoices }: Known,
): Promise<SubscriptionColumns> {
  const scheduled = await findScheduledPlan(em, fetched, item)
  return {
    providerSubscriptionId: fetched.id,
    providerItemId: item.id,
    plan: planId,
    scheduledPlan: scheduled?.planId ?? null,
    scheduledAt: scheduled?.at ?? null,
    status: fetched.status,
    priceCents: pricePerPeriod(fetched.items, item),
    unitPriceCents: Math.round(item.unitPriceCents),
    quantity: item.quantity,
    currency: fetched.currency,
    billingPeriod: item.billingPeriod,
    startedAt: fetched.startedAt,
    currentPeriodStart: item.currentPeriodStart,
    // A subscription that has ended must not show a later date.
    currentPeriodEnd: fetched.endedAt ?? item.currentPeriodEnd,
    cancelAtPeriodEnd: fetched.cancelAtPeriodEnd,
    canceledAt: fetched.canceledAt,
    endedAt: fetched.status === 'canceled' ? (fetched.endedAt ?? fetched.canceledAt ?? item.currentPeriodEnd) : null,
    pastDueSince: pastDueSince(fetched, { since: item.currentPeriodStart, known, openInvoices }),
    // The sweep may have ended it without asking the provider. It is active after all.
    ...(fetched.status === 'canceled' ? {} : { sweptAt: null }),
  }
}

/** When the oldest open invoice was finalized. Stripe keeps no such date. */
function pastDueSince(
  fetched: ProviderSubscription,
  { since, known, openInvoices }: { since: Date } & Omit<Known, 'sold'>,
): Date | null {
  if (fetched.status !== 'past_due' && fetched.status !== 'unpaid') return null
  const finalized = openInvoices
    .flatMap(({ finalizedAt }) => finalizedAt ?? [])
    .sort((a, b) => a.getTime() - b.getTime())
  return finalized[0] ?? known?.pastDueSince ?? fetched.latestInvoice?.finalizedAt ?? since
}
