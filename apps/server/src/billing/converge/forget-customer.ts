import { Checkout } from '../checkout.entity.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { queueCanceledMail } from '../mails/queue-canceled-mail.ts'
import { OTHER_ACCOUNT } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { convergeSubscription } from './converge-subscription.ts'
import { sendFollowUps } from './send-follow-ups.ts'

/**
 * Forgets a customer that was deleted at the provider, which also ended its subscription. The user's next payment
 * creates a new customer.
 *
 * @returns false when we don't know this customer any more, or the provider has not deleted it.
 */
export async function forgetCustomer(
  locked: LockedScope,
  customer: LockedCustomer,
  { providerCustomerId }: { providerCustomerId: string },
): Promise<boolean> {
  const { em } = locked
  const { provider } = locked.billing
  // Another event of the same deletion may have been applied while this one waited for the lock.
  if (customer.providerCustomerId !== providerCustomerId || (await provider.hasCustomer(providerCustomerId)))
    return false

  const live = await em.findOne(Subscription, { ...liveOf(customer.account.id), provider: provider.name })
  if (live?.providerSubscriptionId) {
    const fetched = await provider.fetchSubscription(live.providerSubscriptionId)
    // Stripe keeps subscriptions forever, so one that it does not know is in another account or mode.
    if (!fetched) live.providerAccount = OTHER_ACCOUNT
    if (fetched) await sendFollowUps(locked, (await convergeSubscription(locked, customer, fetched, GONE)).followUps)
    // Later events of a deleted customer are ignored, so the mail is queued here.
    if (!live.isLive()) await queueCanceledMail(locked, live)
  }
  await em.nativeUpdate(Checkout, { customer: customer.id, status: 'open' }, { status: 'expired' })
  customer.providerCustomerId = null
  customer.providerAccount = null
  customer.generation += 1
  return true
}

/** A deleted customer's subscription has ended, so its row does not depend on invoices. */
const GONE = { openInvoices: [], isPeriodPaid: true } as const
