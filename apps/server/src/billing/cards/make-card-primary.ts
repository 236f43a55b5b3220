import type { BillingScope } from '../billing-scope.ts'
import type { CardInput, CardListView } from '../billing.schemas.ts'
import { CardNotFound } from '../card.errors.ts'
import { lockedAt, underLock } from '../customers/under-lock.ts'
import { cardHolder } from './card-holder.ts'
import { toCardList } from './card-view.ts'

/**
 * Charges the account's renewals to another card of its subscription from now on.
 *
 * @throws {NoSubscription}
 * @throws {ProviderUnsupported} if its provider has a portal for cards, or it is a grant.
 * @throws {CardNotFound}
 * @throws {PaymentProviderError}
 */
export async function makeCardPrimary(
  scope: BillingScope,
  { accountId, cardId }: CardInput & { accountId: string },
): Promise<CardListView> {
  return underLock(scope, accountId, async (locked, customer) => {
    const { subscription, subscriptionId } = await cardHolder(locked, accountId)
    const [{ billing }] = await lockedAt(locked, customer, subscription.provider)
    if (!(await billing.provider.makeCardPrimary({ subscriptionId, cardId }))) throw new CardNotFound()
    return toCardList(await billing.provider.fetchCards(subscriptionId))
  })
}
