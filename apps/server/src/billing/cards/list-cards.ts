import { atProvider, type CallingScope } from '../billing-scope.ts'
import type { CardListView } from '../billing.schemas.ts'
import { cardHolder } from './card-holder.ts'
import { toCardList } from './card-view.ts'

/**
 * Lists the cards of an account's subscription, the primary one first.
 *
 * @throws {NoSubscription}
 * @throws {ProviderUnsupported} if its provider has a portal for cards, or it is a grant.
 * @throws {PaymentProviderError}
 */
export async function listCards(caller: CallingScope, { accountId }: { accountId: string }): Promise<CardListView> {
  const { subscription, subscriptionId } = await cardHolder(caller, accountId)
  const { billing } = atProvider(caller, subscription.provider)
  return toCardList(await billing.provider.fetchCards(subscriptionId))
}
