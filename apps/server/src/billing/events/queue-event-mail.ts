import { after } from '../../platform/clock.ts'
import { MINUTE } from '../../platform/durations.ts'
import type { Converged } from '../converge/converge-customer.ts'
import type { LockedScope } from '../customers/under-lock.ts'
import { queueCanceledMail } from '../mails/queue-canceled-mail.ts'
import { queuePausedMail } from '../mails/queue-paused-mail.ts'
import { queuePlanChangedMail } from '../mails/queue-plan-changed-mail.ts'
import { queueSubscriptionMail } from '../mails/queue-subscription-mail.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import type { ProviderChange, ProviderInvoice } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { queuePaymentMail } from './queue-payment-mail.ts'

/**
 * Queues the mail for an event, if there is one. The event decides which mail; the provider's present answer decides
 * what it says. An outdated mail is not sent, for example about a failed payment that has succeeded since.
 */
export async function queueEventMail(
  locked: LockedScope,
  { id, news, previous, occurredAt }: ProviderChange,
  converged: Converged,
): Promise<void> {
  const { subscription, fetched } = converged
  // It was undone before it began.
  if (subscription.reversedAt) return

  switch (news) {
    case null:
    // These are about a payment, also one without a subscription.
    case 'refunded':
    case 'refund-updated':
      return
    case 'ended':
      // When another subscription has taken its place, the user got the mail about the changed plan.
      if (subscription.status === 'canceled' && !subscription.supersededAt)
        await queueCanceledMail(locked, subscription, { isUnpaid: fetched.hasEndedUnpaid })
      return
    case 'trial-ending':
      // Nothing is charged after a trial that ends the subscription, or while collection is paused.
      const isCharged = !subscription.cancelAtPeriodEnd && !subscription.pausedFrom
      if (fetched.status === 'trialing' && isCharged && fetched.trialEnd) {
        await queueSubscriptionMail(locked, subscription, 'trial-ending', fetched.trialEnd.toISOString())
      }
      return
    case 'updated':
      if (previous.isEndChanged && fetched.cancelAt) {
        const requestedAt = fetched.canceledAt ?? fetched.startedAt
        const occurrence = `${requestedAt.toISOString()}:${fetched.cancelAt.toISOString()}`
        await queueSubscriptionMail(locked, subscription, 'subscription-will-cancel', occurrence)
      }
      if (previous.isPauseChanged && !subscription.supersededAt) await queuePausedMail(locked, subscription, id)
      if (fetched.status !== 'canceled' && (await wasPlan(locked, previous, subscription))) {
        const invoice = invoiceOfChange(fetched.latestInvoice, occurredAt)
        await queuePlanChangedMail(locked, subscription, { occurrence: id, invoice })
      }
      return
    case 'paid':
    case 'payment-failed':
    case 'action-required':
      await queuePaymentMail(locked, news, converged)
  }
}

/** Whether an update has changed the plan's own price, and not only an add-on's. */
async function wasPlan(
  { em }: LockedScope,
  { items }: ProviderChange['previous'],
  { providerItemId }: Subscription,
): Promise<boolean> {
  if (items.length === 0) return false
  if (items.some(({ id }) => id === providerItemId)) return true
  return (await em.count(PlanPrice, { providerPriceId: { $in: items.map(({ priceId }) => priceId) } })) > 0
}

/** The latest invoice, if the change made it: some changes make none, and then it is an older one. */
function invoiceOfChange(latest: ProviderInvoice | null, changedAt: Date): ProviderInvoice | null {
  const isOfChange = latest?.reason === 'subscription_update' && latest.createdAt >= after(changedAt, -MINUTE)
  return isOfChange ? latest : null
}
