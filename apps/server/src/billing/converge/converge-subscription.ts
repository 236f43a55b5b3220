import { AccountClosed } from '../../auth/index.ts'
import { CancelSuperseded, ExpireCheckouts, ReverseSubscription } from '../billing.queues.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import type { ProviderInvoice, ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { LOCKED_ROW } from '../subscriptions/lock-subscription.ts'
import { enterSubscription } from './enter-subscription.ts'

/**
 * Makes our row say what the provider says. The caller holds the customer's row lock and has read `truth` after
 * taking it, so nothing older can overwrite something newer.
 *
 * @param openInvoices those of a subscription that is past due, which counts its grace from the oldest.
 * @returns the row, or null for one that is none of ours: of a price that no plan ever had, or not begun yet.
 */
export async function convergeSubscription(
  scope: LockedScope,
  customer: LockedCustomer,
  truth: ProviderSubscription,
  openInvoices: readonly ProviderInvoice[],
): Promise<Subscription | null> {
  const { em, clock, log } = scope
  // Locked only now that the provider has answered: the sweep, which takes no customer's lock, waits for a moment only.
  const known = await em.findOne(Subscription, { providerSubscriptionId: truth.id }, LOCKED_ROW)
  if (known?.supersededAt) {
    // The job that was to end it has been given up, or has not come to it yet: nobody is to pay for two.
    if (truth.status !== 'canceled') await endAgain(scope, known)
    return known
  }

  const planId = await planOf(scope, truth.priceId)
  if (!planId)
    log.error({ providerSubscriptionId: truth.id, priceId: truth.priceId }, 'a subscription has a price of no plan')
  const plan = planId ?? known?.plan.id
  if (!plan) return null
  const isSecondTrial = !known && truth.status === 'trialing' && customer.trialUsedAt !== null
  if (truth.trialStart) customer.trialUsedAt ??= truth.trialStart

  const scheduledPlan = truth.scheduledChange ? await planOf(scope, truth.scheduledChange.priceId) : null
  const facts = {
    plan,
    scheduledPlan,
    scheduledAt: scheduledPlan ? truth.scheduledChange?.at : null,
    status: truth.status,
    priceCents: truth.priceCents,
    currency: truth.currency,
    billingPeriod: truth.billingPeriod,
    startedAt: truth.startedAt,
    currentPeriodStart: truth.currentPeriodStart,
    // Ended is ended: nobody is to read a later date from a subscription that is no more.
    currentPeriodEnd: truth.endedAt ?? truth.currentPeriodEnd,
    cancelAtPeriodEnd: truth.cancelAtPeriodEnd,
    canceledAt: truth.canceledAt,
    endedAt: truth.status === 'canceled' ? (truth.endedAt ?? truth.canceledAt ?? truth.currentPeriodEnd) : null,
    pastDueSince: pastDueSince(truth, known, openInvoices),
    // What the sweep had ended without asking lives after all.
    ...(truth.status === 'canceled' ? {} : { sweptAt: null }),
  }
  const now = clock.now()
  const write = async (changes: Partial<Pick<typeof facts, 'status'>> = {}) => {
    const subscription = known
      ? em.assign(known, { ...facts, ...changes })
      : em.create(Subscription, {
          ...facts,
          ...changes,
          user: customer.user.id,
          provider: 'stripe',
          providerSubscriptionId: truth.id,
          createdAt: now,
          updatedAt: now,
        })
    await em.flush()
    return subscription
  }
  const isDecided = known?.isLive() && hasDecided(known, facts)
  const settled = truth.status === 'canceled' || known?.isLive()
  const subscription = settled
    ? await write()
    : await enterSubscription(scope, { customer, truth, planId: plan, known, isSecondTrial, write })
  // Whoever has moved or canceled, wherever he did it, is not to pay a page from before: it sold him something else.
  if (isDecided) await scope.jobs.send(em, ExpireCheckouts, { customerId: customer.id })
  // Resumed in the provider's portal, which a closed account may still have open: it ends all the same.
  if (subscription?.isLive() && !subscription.cancelAtPeriodEnd && !customer.user.$.isActive) {
    await scope.jobs.send(em, AccountClosed, { userId: customer.user.id })
  }
  return subscription
}

function hasDecided(
  known: Subscription,
  facts: { plan: string; scheduledPlan: string | null; cancelAtPeriodEnd: boolean },
): boolean {
  const isMoved = known.plan.id !== facts.plan || (known.scheduledPlan?.id ?? null) !== facts.scheduledPlan
  return isMoved || (!known.cancelAtPeriodEnd && facts.cancelAtPeriodEnd)
}

async function endAgain({ em, jobs }: LockedScope, { id, reversedAt }: Subscription): Promise<void> {
  const queue = reversedAt ? ReverseSubscription : CancelSuperseded
  await jobs.send(em, queue, { subscriptionId: id }, { singletonKey: id })
}

async function planOf({ em }: LockedScope, providerPriceId: string): Promise<string | null> {
  const price = await em.findOne(PlanPrice, { providerPriceId })
  return price?.plan.id ?? null
}

/** Stripe keeps no such date: it is the finalization of the oldest invoice that is still open. */
function pastDueSince(
  truth: ProviderSubscription,
  known: Subscription | null,
  openInvoices: readonly ProviderInvoice[],
): Date | null {
  if (truth.status !== 'past_due' && truth.status !== 'unpaid') return null
  const finalized = openInvoices
    .flatMap(({ finalizedAt }) => finalizedAt ?? [])
    .sort((a, b) => a.getTime() - b.getTime())
  return finalized[0] ?? known?.pastDueSince ?? truth.latestInvoice?.finalizedAt ?? truth.currentPeriodStart
}
