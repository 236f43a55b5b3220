import type { Paymob } from '../callbacks/paymob.ts'
import { sendSubscription, sendToken, sendTransaction } from '../callbacks/send-callbacks.ts'
import { charge, isPayable } from '../payments/charge.ts'
import { behaviourOf, saveCard } from '../payments/save-card.ts'
import type { TestCard } from '../payments/test-cards.ts'
import type { CardRow, IntentionRow, TransactionRow } from '../state/rows.ts'
import { subscribe } from '../subscriptions/subscribe.ts'

/** What comes of a payment; by default, the card decides. */
export type Outcome = 'approve' | 'decline' | 'fail_3ds'

interface Payment {
  readonly card: TestCard
  readonly outcome?: Outcome | undefined
  /** Whether the customer saves the card. A subscription's card is always saved. */
  readonly savesCard: boolean
  /** The saved card that they pay with; null for a new one. */
  readonly saved?: CardRow | null
}

/**
 * The customer pays an intention on the checkout page.
 *
 * @returns null if the page is paid or expired.
 */
export function payIntention(paymob: Paymob, intention: IntentionRow, payment: Payment): TransactionRow | null {
  if (!isPayable(intention)) return null
  const { account } = paymob
  const [integrationId = account.integrations.card] = intention.paymentMethods
  const transaction = charge(paymob, {
    orderId: intention.id,
    integrationId,
    amountCents: intention.amount,
    currency: intention.currency,
    card: payment.card,
    declines: whyDeclined(payment),
    apiSource: 'IFRAME',
  })
  if (transaction.success) {
    intention.isPaid = true
    intention.updatedAt = paymob.clock.now()
  }
  sendTransaction(paymob, transaction)
  if (transaction.success) afterPayment(paymob, intention, transaction, payment)
  return transaction
}

function whyDeclined({ outcome, card }: Payment): string | null {
  if (outcome === 'approve') return null
  if (outcome === 'decline') return card.declines ?? 'Do not honour'
  if (outcome === 'fail_3ds' || card.fails3ds) return '3DSecure authentication failed'
  return card.declines
}

/** Saves the card, and begins the subscription or gives it a secondary card. */
function afterPayment(paymob: Paymob, intention: IntentionRow, transaction: TransactionRow, payment: Payment): void {
  const { state } = paymob
  const plan = state.plans.find(intention.subscriptionPlanId)
  const subscription = state.subscriptions.find(intention.subscriptionId)
  if (!payment.savesCard && !plan && !subscription) return
  const card = payment.saved ?? saveCard(paymob, intention, payment.card)
  if (!payment.saved) sendToken(paymob, card)
  if (plan) subscribe(paymob, { plan, intention, payment: transaction, card })
  if (subscription) {
    card.subscriptionId = subscription.id
    sendSubscription(paymob, subscription, 'add_secondry_card', { card })
  }
}

/**
 * The merchant charges a saved card, without the customer.
 *
 * @returns null if the intention is paid or expired.
 */
export function paySavedCard(paymob: Paymob, intention: IntentionRow, card: CardRow): TransactionRow | null {
  if (!isPayable(intention)) return null
  const behaviour = behaviourOf(card)
  const [integrationId = paymob.account.integrations.moto] = intention.paymentMethods
  const transaction = charge(paymob, {
    orderId: intention.id,
    integrationId,
    amountCents: intention.amount,
    currency: intention.currency,
    card: behaviour,
    declines: behaviour.renewalDeclines,
    apiSource: 'OTHER',
  })
  if (transaction.success) intention.isPaid = true
  sendTransaction(paymob, transaction)
  return transaction
}
