import type { BillingScope } from '../billing-scope.ts'
import type { CardInput, CardListView } from '../billing.schemas.ts'
import { CardInUse, CardNotFound } from '../card.errors.ts'
import { lockedAt, underLock } from '../customers/under-lock.ts'
import { cardHolder } from './card-holder.ts'
import { toCardList } from './card-view.ts'

/**
 * Removes a card of the account's subscription. The card that is charged stays, so an only card does, too.
 *
 * @throws {NoSubscription}
 * @throws {ProviderUnsupported} if its provider has a portal for cards, or it is a grant.
 * @throws {CardNotFound}
 * @throws {CardInUse}
 * @throws {PaymentProviderError}
 */
export async function removeCard(
  scope: BillingScope,
  { accountId, cardId }: CardInput & { accountId: string },
): Promise<CardListView> {
  return underLock(scope, accountId, async (locked, customer) => {
    const { subscription, subscriptionId } = await cardHolder(locked, accountId)
    const [{ billing }] = await lockedAt(locked, customer, subscription.provider)
    const { provider } = billing
    const { cards } = await provider.fetchCards(subscriptionId)
    const card = cards.find(({ id }) => id === cardId)
    if (!card) throw new CardNotFound()
    if (card.isPrimary || cards.length === 1) throw new CardInUse()
    await provider.deleteCard({ subscriptionId, cardId })
    return toCardList(await provider.fetchCards(subscriptionId))
  })
}
