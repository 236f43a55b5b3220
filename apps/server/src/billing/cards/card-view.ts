import type { CardListView } from '../billing.schemas.ts'
import type { ProviderCards } from '../providers/payment-provider.ts'

/** The cards as their owner may see them. */
export const toCardList = ({ cards, retriesAt }: ProviderCards): CardListView => ({
  items: cards.map(({ id, brand, last4, isPrimary }) => ({ id, brand, last4, isPrimary })),
  retriesAt,
})
