import { randomUUID } from 'node:crypto'
import { stampOf } from '../dates.ts'
import { subscriptionObject, maskedPan } from '../resources/subscription.ts'
import { transactionObject } from '../resources/transaction.ts'
import { MERCHANT } from '../state/account.ts'
import type { CallbackRow, CardRow, SubscriptionRow, TransactionRow } from '../state/rows.ts'
import { fresh, type Paymob } from './paymob.ts'
import { signSubscription, signToken, signTransaction } from './signatures.ts'

/** What a subscription callback can be about, in Paymob's spelling. */
export type Trigger =
  | 'Subscription Created'
  | 'Successful Transaction'
  | 'Failed Transaction'
  | 'Failed Overdue Transaction'
  | 'suspended'
  | 'resumed'
  | 'canceled'
  | 'updated'
  | 'add_secondry_card'
  | 'change_primary_card'
  | 'delete_card'
  | 'register_webhook'

/** Sends the callback of a transaction: to the intention's URL, or else to the one of the dashboard. */
export function sendTransaction(paymob: Paymob, row: TransactionRow): void {
  const { account, state } = paymob
  const url = state.intentions.find(row.orderId)?.notificationUrl ?? account.callbackUrl
  if (url === null) return
  const obj = transactionObject(state, account.region, row)
  send(paymob, {
    kind: 'transaction',
    type: 'TRANSACTION',
    url,
    body: JSON.stringify({ type: 'TRANSACTION', obj }),
    hmac: signTransaction(account.hmacSecret, obj),
    transactionId: row.id,
    subscriptionId: row.subscriptionId,
  })
}

/** Sends the callback of a saved card. */
export function sendToken(paymob: Paymob, card: CardRow): void {
  const { account, state } = paymob
  const intention = state.intentions.get(card.orderId)
  const url = intention.notificationUrl ?? account.callbackUrl
  if (url === null) return
  const obj = {
    id: card.id,
    token: card.token,
    masked_pan: maskedPan(card.number),
    merchant_id: MERCHANT,
    card_subtype: card.brand,
    created_at: stampOf(account.region, card.createdAt, card.id),
    email: card.email,
    order_id: String(card.orderId),
    user_added: false,
    next_payment_intention: intention.intentionId,
  }
  send(paymob, {
    kind: 'token',
    type: 'TOKEN',
    url,
    body: JSON.stringify({ type: 'TOKEN', obj }),
    hmac: signToken(account.hmacSecret, obj),
    transactionId: null,
    subscriptionId: card.subscriptionId,
  })
}

/** Sends the callback of a subscription, to its own URL, which it takes from its plan. */
export function sendSubscription(
  paymob: Paymob,
  row: SubscriptionRow,
  trigger: Trigger,
  { transaction, card }: { transaction?: TransactionRow; card?: CardRow } = {},
): void {
  const { account } = paymob
  if (row.webhookUrl === null) return
  const body = {
    paymob_request_id: randomUUID(),
    subscription_data: subscriptionObject(account.region, row),
    ...(transaction && { transaction_id: transaction.id }),
    trigger_type: trigger,
    hmac: signSubscription(account.hmacSecret, trigger, row.id),
    ...(card && {
      card_data: { token: card.token, is_primary: card.isPrimary, masked_pan: maskedPan(card.number) },
    }),
  }
  send(paymob, {
    kind: 'subscription',
    type: trigger,
    url: row.webhookUrl,
    body: JSON.stringify(body),
    hmac: null,
    transactionId: transaction?.id ?? null,
    subscriptionId: row.id,
  })
}

/** Maximum number of callbacks that are kept. A state file would grow without end. */
const MOST_CALLBACKS = 5000

type NewCallback = Pick<CallbackRow, 'kind' | 'type' | 'url' | 'body' | 'hmac' | 'transactionId' | 'subscriptionId'>

function send(paymob: Paymob, callback: NewCallback): void {
  const { state, deliverer } = paymob
  const row = state.callbacks.add({
    ...callback,
    ...fresh(paymob),
    forges: null,
    status: 'pending',
    attempts: 0,
    responseStatus: null,
  })
  state.callbacks.keepNewest(MOST_CALLBACKS)
  deliverer.admit(row)
}
