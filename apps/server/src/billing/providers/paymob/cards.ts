import { providerError } from './api/paymob-error.ts'
import type { PaymobContext } from './paymob-context.ts'

/** A card on file for a subscription. The primary one is charged. */
export interface SavedCard {
  id: string
  last4: string
  isPrimary: boolean
}

/** Cards, for a page of our own: Paymob has no portal. */
export interface CardProvider {
  /** The primary card first. Empty for an unknown subscription. */
  fetchCards(subscriptionId: string): Promise<SavedCard[]>
  /** Charges the renewals to another card from now on. @returns false if the subscription does not have it. */
  makePrimary(input: { subscriptionId: string; cardId: string }): Promise<boolean>
  /** Deletes a card that is not the primary one. @returns false if the subscription does not have it. */
  deleteCard(input: { subscriptionId: string; cardId: string }): Promise<boolean>
}

/** Every change is read back, because Paymob's answers to them are not documented. */
export function createPaymobCards({ api }: PaymobContext): CardProvider {
  const find = async (subscriptionId: string, cardId: string) =>
    (await api.cardsOf(subscriptionId)).find(({ id }) => id === cardId) ?? null
  return {
    async fetchCards(subscriptionId) {
      if (!(await api.subscription(subscriptionId))) return []
      const cards = await api.cardsOf(subscriptionId)
      return cards
        .map(({ id, masked_pan, is_primary }) => ({ id, last4: masked_pan.slice(-4), isPrimary: is_primary }))
        .toSorted((one, other) => Number(other.isPrimary) - Number(one.isPrimary))
    },

    async makePrimary({ subscriptionId, cardId }) {
      const card = await find(subscriptionId, cardId)
      if (!card) return false
      if (!card.is_primary) await api.makePrimary(subscriptionId, Number(cardId))
      if (!(await find(subscriptionId, cardId))?.is_primary)
        throw providerError(`Paymob did not make the card ${cardId} the primary one.`)
      return true
    },

    async deleteCard({ subscriptionId, cardId }) {
      const card = await find(subscriptionId, cardId)
      if (!card) return false
      await api.deleteCard(subscriptionId, Number(cardId))
      if (await find(subscriptionId, cardId)) throw providerError(`Paymob did not delete the card ${cardId}.`)
      return true
    },
  }
}
