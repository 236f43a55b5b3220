import { today, type Paymob } from '../callbacks/paymob.ts'
import { sendSubscription, sendTransaction } from '../callbacks/send-callbacks.ts'
import { addDays } from '../dates.ts'
import { charge } from '../payments/charge.ts'
import { behaviourOf } from '../payments/save-card.ts'
import type { CardRow, SubscriptionRow } from '../state/rows.ts'

/**
 * Charges a subscription's primary card for the period that begins at `next_billing`.
 *
 * A failed deduction is tried once more after `retrial_days`. It neither suspends nor cancels the subscription: the
 * next period is charged as if nothing had happened.
 */
export function deduct(paymob: Paymob, row: SubscriptionRow): void {
  const { state, settings } = paymob
  const card = primaryCard(paymob, row)
  const behaviour = behaviourOf(card)
  const isRetry = row.retryOn !== null
  const transaction = charge(paymob, {
    orderId: state.intentions.takeId(),
    integrationId: row.integration,
    amountCents: row.amountCents,
    currency: row.currency,
    card: behaviour,
    declines: row.failsCharges ? (behaviour.renewalDeclines ?? 'Insufficient funds') : behaviour.renewalDeclines,
    apiSource: 'SUBSCRIPTION',
    subscriptionId: row.id,
  })
  card.failedAttempts = transaction.success ? 0 : card.failedAttempts + 1
  const isTriedAgain = !transaction.success && !isRetry && row.retrialDays !== null
  const hasMoved = isRetry && settings.failedRenewalMoves === 'at_once'
  const moves = isTriedAgain ? settings.failedRenewalMoves === 'at_once' : !hasMoved
  row.retryOn = isTriedAgain ? addDays(today(paymob), Math.max(1, row.retrialDays)) : null
  if (moves) row.nextBilling = nextPeriod(paymob, row)
  row.updatedAt = paymob.clock.now()
  sendTransaction(paymob, transaction)
  const failed = isRetry ? 'Failed Overdue Transaction' : 'Failed Transaction'
  sendSubscription(paymob, row, transaction.success ? 'Successful Transaction' : failed, { transaction })
}

/** The first billing date after today, counted from the present one. */
function nextPeriod(paymob: Paymob, { nextBilling, frequency }: SubscriptionRow): string {
  let next = addDays(nextBilling, frequency)
  while (next <= today(paymob)) next = addDays(next, frequency)
  return next
}

export function cardsOf({ state }: Paymob, row: SubscriptionRow): CardRow[] {
  return state.cards.all().filter((card) => card.subscriptionId === row.id)
}

function primaryCard(paymob: Paymob, row: SubscriptionRow): CardRow {
  const card = cardsOf(paymob, row).find((each) => each.isPrimary)
  if (!card) throw new Error(`Subscription ${row.id} has no primary card.`)
  return card
}
