import type { BillingScope } from '../billing-scope.ts'
import { CheckoutNotFound } from '../billing.errors.ts'
import type { SyncedCards, SyncInput } from '../billing.schemas.ts'
import { lockedAt, underLock } from '../customers/under-lock.ts'
import { cardHolder } from './card-holder.ts'
import { toCardList } from './card-view.ts'
import { finishUnderLock } from './finish-card-page.ts'

/**
 * Finishes a page for adding a card right away, for the page that the browser comes back to.
 *
 * The address of that page proves nothing. Only what the provider says of a session of the caller's own subscription
 * counts.
 *
 * @throws {NoSubscription}
 * @throws {ProviderUnsupported} if its provider has a portal for cards, or it is a grant.
 * @throws {CheckoutNotFound} if the session belongs to another subscription, or is none for adding a card.
 * @throws {PaymentProviderError}
 */
export async function syncCardPage(
  scope: BillingScope,
  { accountId, sessionId }: SyncInput & { accountId: string },
): Promise<SyncedCards> {
  return underLock(scope, accountId, async (locked, customer) => {
    const { subscription, subscriptionId } = await cardHolder(locked, accountId)
    const [there, customerThere] = await lockedAt(locked, customer, subscription.provider)
    const { provider } = there.billing
    if (provider.readCardPage(sessionId)?.subscriptionId !== subscriptionId) throw new CheckoutNotFound()
    const page = await finishUnderLock(there, customerThere, { subscription, sessionId })
    if (!page) throw new CheckoutNotFound()
    return { state: page.state, ...toCardList(await provider.fetchCards(subscriptionId)) }
  })
}
