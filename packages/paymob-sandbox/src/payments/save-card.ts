import { fresh, type Paymob } from '../callbacks/paymob.ts'
import { randomHex } from '../ids.ts'
import type { CardRow, IntentionRow } from '../state/rows.ts'
import { cardByNumber, type TestCard } from './test-cards.ts'

export function saveCard(paymob: Paymob, intention: IntentionRow, card: TestCard): CardRow {
  return paymob.state.cards.add({
    token: randomHex(56),
    number: card.number,
    brand: card.brand,
    email: intention.billingData.email,
    orderId: intention.id,
    subscriptionId: null,
    isPrimary: false,
    failedAttempts: 0,
    ...fresh(paymob),
  })
}

/** How a saved card behaves. */
export function behaviourOf(card: CardRow): TestCard {
  const known = cardByNumber(card.number)
  if (!known) throw new Error(`The sandbox has no test card ${card.number}.`)
  return known
}
