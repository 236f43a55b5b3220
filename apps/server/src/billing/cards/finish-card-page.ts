import { atProvider, type BillingScope } from '../billing-scope.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import { FinishCardPage } from '../billing.queues.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { queueCardAddedMail } from '../mails/queue-card-added-mail.ts'
import { followRefunds, refundsToLeave } from '../payments/refused-refunds.ts'
import type { ProviderCardPage } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Finishes a page for adding a card: the new card becomes the primary one, and what checked it is paid back. If the page
 * took an overdue invoice, its rows then say what the provider says. A page that was not paid is left alone. A repeat does
 * nothing. The job is retried until it succeeds.
 *
 * If the provider refuses the refund, another job retries it for days, and a finding says so. That job leaves the cards
 * alone: the customer may have chosen another one by then.
 *
 * @throws {ProviderUnsupported} if the provider is not configured any more.
 * @throws {PaymentProviderError} also while a payment is on its way.
 */
export async function finishCardPage(
  scope: BillingScope,
  {
    subscriptionId,
    sessionId,
    keepsPrimary = false,
  }: { subscriptionId: string; sessionId: string; keepsPrimary?: boolean | undefined },
): Promise<void> {
  const subscription = await scope.em.findOne(Subscription, { id: subscriptionId })
  if (!subscription) return
  await underLock(atProvider(scope, subscription.provider), subscription.account.id, async (locked, customer) => {
    const page = await finishUnderLock(locked, customer, { subscription, sessionId, keepsPrimary })
    if (page?.state === 'open') throw new PaymentProviderError({ cause: new Error('The page may still be paid.') })
  })
}

/**
 * The same for a caller who has the lock and waits for the outcome.
 *
 * @returns null for a session that is no such page.
 */
export async function finishUnderLock(
  locked: LockedScope,
  customer: LockedCustomer,
  {
    subscription,
    sessionId,
    keepsPrimary = false,
  }: { subscription: Subscription; sessionId: string; keepsPrimary?: boolean },
): Promise<ProviderCardPage | null> {
  const accountId = subscription.account.id
  const leaves = await refundsToLeave(locked, accountId)
  const page = await locked.billing.provider.finishCardPage(sessionId, { keepsPrimary, leaves })
  // It is not paid.
  if (!page || !('returned' in page)) return page
  const job = { subscriptionId: subscription.id, sessionId, keepsPrimary: true }
  const tryAgain = (startAfter: Date) => locked.jobs.send(locked.em, FinishCardPage, job, { startAfter })
  await followRefunds(locked, accountId, { ...page, tryAgain })
  if (page.state === 'added') {
    if (page.returned.length > 0) await queueCardAddedMail(locked, subscription, page)
  } else {
    const subscriptionHint = subscription.providerSubscriptionId ?? null
    await convergeCustomer(locked, customer, { kind: 'invoice', id: page.invoiceId, subscriptionHint })
  }
  return page
}
