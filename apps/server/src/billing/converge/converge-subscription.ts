import { isDeepStrictEqual } from 'node:util'
import { hasAccess } from '../access/has-access.ts'
import { plannedEnd } from '../access/planned-end.ts'
import { isConfigured } from '../billing-scope.ts'
import { lockedAt, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { useTrial } from '../customers/use-trial.ts'
import { intervalColumns, intervalOf } from '../plans/billing-interval.ts'
import { seatColumns, seatTermsOf } from '../plans/seat-terms.ts'
import type { ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { LOCKED_ROW } from '../subscriptions/lock-subscription.ts'
import { admitSubscription, undoSubscription, type Candidate } from './admit-subscription.ts'
import { convergeOverage } from './converge-overage.ts'
import { fetchStanding, type MoneyStanding } from './fetch-standing.ts'
import { holdUpcoming, settleUpcomingOf } from './hold-upcoming.ts'
import { moneyColumns } from './money-columns.ts'
import { findPlanItem, findScheduledPlan, planPriceOf, type PlanItem } from './plan-item.ts'
import { quantityLeftOver, quantityToSet } from './quantity-to-set.ts'
import { readPause } from './read-pause.ts'
import type { FollowUp } from './send-follow-ups.ts'
import { writeSubscription, type ConvergedSubscription, type SubscriptionColumns } from './write-subscription.ts'

/**
 * Makes our row say what the provider says.
 *
 * @param fetched was fetched under the lock, so an older answer can't overwrite a newer one.
 */
export async function convergeSubscription(
  locked: LockedScope,
  customer: LockedCustomer,
  fetched: ProviderSubscription,
  standing: MoneyStanding,
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
  const hadTrial = await noteTrial(locked, fetched)
  const isSecondTrial = !known && fetched.status === 'trialing' && hadTrial

  const columns = await columnsOf(locked, fetched, { sold, known, standing })
  if (fetched.laterStart && !known) {
    return convergeLater(locked, customer, { fetched, later: fetched.laterStart, columns })
  }
  // A checkout page opened before this change sells an outdated plan: expire it.
  const hasDecided = known?.isLive() && (isDecision(known, columns) || hasOtherDiscounts(known, columns))
  const isEndChanged = known?.isLive() && isEndMoved(known, columns)
  const wasOverdue = known?.isOverdue() ?? false
  const { subscription, followUps } =
    fetched.status === 'canceled' || known?.isLive()
      ? { subscription: await writeSubscription(locked, customer, known, columns), followUps: [] }
      : await admit(locked, customer, { fetched, columns, known, isSecondTrial })
  if (hasDecided) followUps.push({ kind: 'expire-checkouts', customerId: customer.id })
  if (isEndChanged) followUps.push(...(await settleUpcomingOf(em, customer)))
  if (subscription?.isLive() && fetched.hasIdleSchedule)
    followUps.push({ kind: 'release-schedule', subscriptionId: subscription.id })
  if (subscription?.isLive() && fetched.losesDiscounts)
    followUps.push({ kind: 'keep-discounts', subscriptionId: subscription.id })
  const isBillable = subscription !== null && subscription.isLive() && customer.isAccountOpen
  if (isBillable && (await quantityToSet(em, subscription, fetched.status)) !== null) {
    followUps.push({ kind: 'sync-seats', accountId: customer.account.id })
  }
  if (subscription?.isLive()) followUps.push(...(await convergeOverage(locked, customer, fetched, subscription)))
  // Resumed in the provider's portal, which stays open when the account is closed; or made or set to end later by an
  // operator. End it.
  const runsOn = subscription ? subscription.isLive() : fetched.status !== 'canceled' && !fetched.isFromCheckout
  if (runsOn && !columns.cancelAtPeriodEnd && !customer.isAccountOpen) {
    followUps.push({ kind: 'end-for-closed-account', accountId: customer.account.id })
  }
  return { subscription, followUps, wasOverdue }
}

/** Notes an account's first trial. @returns whether the account or an owner of it had a trial before. */
async function noteTrial(locked: LockedScope, { trialStart }: ProviderSubscription): Promise<boolean> {
  if (locked.lockRow.trialUsedAt) return true
  return trialStart !== null && useTrial(locked, locked.lockRow, trialStart)
}

/**
 * Admits a subscription that is not live here. One that stands without access may have been paid a moment ago, so the
 * provider is asked about it first.
 */
async function admit(
  locked: LockedScope,
  customer: LockedCustomer,
  candidate: Candidate,
): Promise<ConvergedSubscription> {
  const standing = await locked.em.findOne(Subscription, liveOf(customer.account.id), { refresh: true })
  const refreshed =
    standing && isConfigured(locked, standing.provider) && !(await hasAccess(locked, standing))
      ? await refresh(await lockedAt(locked, customer, standing.provider), standing)
      : { followUps: [] }
  const { subscription, followUps } = await admitSubscription(locked, customer, candidate)
  return { subscription, followUps: [...refreshed.followUps, ...followUps] }
}

async function refresh(
  [locked, customer]: [LockedScope, LockedCustomer],
  { providerSubscriptionId: id }: Subscription,
): Promise<Pick<ConvergedSubscription, 'followUps'>> {
  const { provider } = locked.billing
  const fetched = id ? await provider.fetchSubscription(id) : null
  if (!fetched) return { followUps: [] }
  return convergeSubscription(locked, customer, fetched, await fetchStanding(provider, fetched))
}

/** Whether the customer has moved to another plan, or canceled for an earlier date, here or at the provider. */
function isDecision(known: Subscription, columns: SubscriptionColumns): boolean {
  const { plan, scheduledPlan, scheduledPriceId, cancelAt } = columns
  const isMoved =
    known.plan.id !== plan ||
    !isDeepStrictEqual(intervalOf(known), intervalOf(columns)) ||
    (known.scheduledPlan?.id ?? null) !== scheduledPlan ||
    (known.scheduledPriceId ?? null) !== scheduledPriceId
  const knownEnd = plannedEnd(known)
  return isMoved || (cancelAt !== null && (knownEnd === null || cancelAt < knownEnd))
}

/** A checkout page for an upgrade carries over the discounts that ran when it was opened. Old rows have no discounts. */
const hasOtherDiscounts = ({ discounts }: Subscription, columns: SubscriptionColumns): boolean =>
  Array.isArray(discounts) && !isDeepStrictEqual(discounts, columns.discounts)

/** Whether a subscription that was set to end goes on, or ends at another time. What waits for its end must know. */
function isEndMoved(known: Subscription, { cancelAtPeriodEnd, currentPeriodEnd }: SubscriptionColumns): boolean {
  if (!known.cancelAtPeriodEnd) return false
  return !cancelAtPeriodEnd || known.currentPeriodEnd.getTime() !== currentPeriodEnd.getTime()
}

/** Converges a subscription that was bought to begin later and has not begun here. */
async function convergeLater(
  locked: LockedScope,
  customer: LockedCustomer,
  later: Parameters<typeof holdUpcoming>[2],
): Promise<ConvergedSubscription> {
  const { outcome, followUps } = await holdUpcoming(locked, customer, later)
  const { fetched, columns } = later
  switch (outcome) {
    case 'hold':
      return { subscription: null, followUps }
    case 'undo': {
      const bought = { ...columns, startedAt: fetched.startedAt }
      return undoSubscription(locked, customer, { fetched, known: null, columns: bought })
    }
    case 'admit': {
      const begins = { ...fetched, startedAt: later.later.at }
      const candidate = { columns, known: null, isSecondTrial: false, fetched: begins }
      const begun = await admitSubscription(locked, customer, candidate)
      const { subscription } = begun
      const { latestInvoice: invoice } = fetched
      // Its first payment may have come before it could begin here, and then there was no mail.
      if (!subscription?.isLive() || invoice?.status !== 'paid' || invoice.reason !== 'subscription_cycle') return begun
      return { subscription, followUps: [...begun.followUps, { kind: 'mail-started', subscription, invoice }] }
    }
  }
}

function endAgain({ id: subscriptionId, reversedAt }: Subscription): FollowUp {
  return { kind: reversedAt ? 'reverse-subscription' : 'cancel-superseded', subscriptionId }
}

interface Known {
  sold: PlanItem
  known: Subscription | null
  standing: MoneyStanding
}

/** What the provider says of a subscription, as columns of its row. */
export async function columnsOf(
  { em }: Pick<LockedScope, 'em'>,
  fetched: ProviderSubscription,
  { sold, known, standing }: Known,
): Promise<SubscriptionColumns> {
  const { planId, item } = sold
  const price = planPriceOf(item, sold.planPrices)
  const seats = seatTermsOf(price ?? {})
  const scheduled = await findScheduledPlan(em, fetched, item)
  return {
    providerSubscriptionId: fetched.id,
    providerItemId: item.id,
    plan: planId,
    scheduledPlan: scheduled?.price.plan.id ?? null,
    scheduledPriceId: scheduled?.price.id ?? null,
    scheduledBillingPeriod: scheduled?.price.billingPeriod ?? null,
    scheduledUnitPriceCents: scheduled?.price.priceCents ?? null,
    scheduledAt: scheduled?.at ?? null,
    ...readPause(fetched, item, standing),
    ...moneyColumns(fetched, sold, known),
    unitPriceCents: price && seats ? price.priceCents : Math.round(item.unitPriceCents),
    quantity: item.quantity,
    ...seatColumns(seats),
    quantityDue: quantityLeftOver(known, item, price),
    currency: fetched.currency,
    ...intervalColumns(item.interval),
    startedAt: fetched.laterStart ? (known?.startedAt ?? fetched.laterStart.at) : fetched.startedAt,
    currentPeriodStart: item.currentPeriodStart,
    // A subscription that has ended must not show a later date.
    currentPeriodEnd: fetched.endedAt ?? item.currentPeriodEnd,
    cancelAt: fetched.cancelAt,
    cancelAtPeriodEnd: fetched.cancelAt !== null && fetched.cancelAt <= item.currentPeriodEnd,
    canceledAt: fetched.canceledAt,
    endedAt: fetched.status === 'canceled' ? (fetched.endedAt ?? fetched.canceledAt ?? item.currentPeriodEnd) : null,
    trialStart: fetched.trialStart,
    trialEnd: fetched.trialEnd,
    pastDueSince: pastDueSince(fetched, { since: item.currentPeriodStart, known, standing }),
    // The sweep may have ended it without asking the provider. It is active after all.
    ...(fetched.status === 'canceled' ? {} : { sweptAt: null }),
  }
}

/** When the oldest open invoice was finalized, or was due if the customer pays by invoice. Stripe keeps no such date. */
function pastDueSince(
  fetched: ProviderSubscription,
  { since, known, standing }: { since: Date } & Omit<Known, 'sold'>,
): Date | null {
  if (fetched.status !== 'past_due' && fetched.status !== 'unpaid') return null
  const owedSince = standing.openInvoices
    .flatMap(({ dueAt, finalizedAt }) => dueAt ?? finalizedAt ?? [])
    .sort((a, b) => a.getTime() - b.getTime())
  const { latestInvoice } = fetched
  return owedSince[0] ?? known?.pastDueSince ?? latestInvoice?.dueAt ?? latestInvoice?.finalizedAt ?? since
}
