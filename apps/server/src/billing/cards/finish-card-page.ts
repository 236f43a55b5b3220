import { atProvider, type BillingScope } from '../billing-scope.ts'
import { NotRefundable, PaymentProviderError } from '../billing.errors.ts'
import { FinishCardPage } from '../billing.queues.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { queueCardAddedMail } from '../mails/queue-card-added-mail.ts'
import type { ProviderCardPage } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Finishes a page for adding a card: the new card becomes the primary one, and what checked it is paid back. If the page
 * took an overdue invoice, its rows then say what the provider says. A page that was not paid is left alone. A repeat does
 * nothing. The job is retried until it succeeds.
 *
 * If the provider refuses to pay it back, another job tries that for days. It leaves the cards alone: the customer may
 * have chosen another one by then.
 *
 * @throws {ProviderUnsupported} if the provider is not configured any more.
 * @throws {NotRefundable} if the provider refuses to pay it back, for the job that only does that.
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
    const page = await finishUnderLock(locked, customer, { subscription, sessionId, keepsPrimary }).catch(
      async (error: unknown) => {
        if (keepsPrimary || !(error instanceof NotRefundable)) throw error
        await locked.jobs.send(locked.em, FinishCardPage, { subscriptionId, sessionId, keepsPrimary: true })
        return null
      },
    )
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
  const page = await locked.billing.provider.finishCardPage(sessionId, { keepsPrimary })
  if (page?.state === 'added') await queueCardAddedMail(locked, subscription, page)
  if (page?.state === 'paid' || page?.state === 'returned') {
    const subscriptionHint = subscription.providerSubscriptionId ?? null
    await convergeCustomer(locked, customer, { kind: 'invoice', id: page.invoiceId, subscriptionHint })
  }
  return page
}
