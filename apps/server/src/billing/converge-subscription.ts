import type { EntityManager } from '@mikro-orm/postgresql'
import type { Log } from '../platform/log.ts'
import type { Customer } from './customer.entity.ts'
import { PlanPrice } from './plan-price.entity.ts'
import type { ProviderInvoice, ProviderSubscription } from './providers/payment-provider.ts'
import { Subscription } from './subscription.entity.ts'

/**
 * Makes our row say what the provider says. The caller holds the customer's row lock and has read `truth` after
 * taking it, so nothing older can overwrite something newer.
 *
 * @param latestInvoice the subscription's latest invoice, from which a past due one counts its grace.
 * @returns the row, or null for a price that no plan of ours ever had.
 */
export async function convergeSubscription(
  { em, log }: { em: EntityManager; log: Log },
  customer: Customer,
  truth: ProviderSubscription,
  latestInvoice: ProviderInvoice | null,
): Promise<Subscription | null> {
  const price = await em.findOne(PlanPrice, { providerPriceId: truth.priceId })
  if (!price) {
    log.error({ providerSubscriptionId: truth.id, priceId: truth.priceId }, 'a subscription has a price of no plan')
    return null
  }
  const known = await em.findOne(Subscription, { providerSubscriptionId: truth.id })
  if (known?.supersededAt) return known

  const facts = {
    plan: price.plan.id,
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
    pastDueSince: pastDueSince(truth, known, latestInvoice),
  }
  if (truth.trialStart) customer.trialUsedAt ??= truth.trialStart

  const subscription = known
    ? em.assign(known, facts)
    : em.create(Subscription, {
        ...facts,
        user: customer.user.id,
        provider: 'stripe',
        providerSubscriptionId: truth.id,
      })
  await em.flush()
  return subscription
}

/** Stripe keeps no such date: it is the finalization of the first invoice that stayed open. */
function pastDueSince(
  truth: ProviderSubscription,
  known: Subscription | null,
  latestInvoice: ProviderInvoice | null,
): Date | null {
  if (truth.status !== 'past_due' && truth.status !== 'unpaid') return null
  return known?.pastDueSince ?? latestInvoice?.finalizedAt ?? truth.currentPeriodStart
}
