import { today, type Paymob } from '../callbacks/paymob.ts'
import { sendSubscription, type Trigger } from '../callbacks/send-callbacks.ts'
import type { CardRow, SubscriptionRow } from '../state/rows.ts'

/** Stops all deductions until the subscription is resumed. */
export function suspend(paymob: Paymob, row: SubscriptionRow): void {
  row.state = 'suspended'
  row.suspendedAt = today(paymob)
  announce(paymob, row, 'suspended')
}

/** Deductions go on. A `next_billing` that has passed in the meantime is charged in the next billing run. */
export function resume(paymob: Paymob, row: SubscriptionRow): void {
  row.state = 'active'
  row.resumedAt = today(paymob)
  announce(paymob, row, 'resumed')
}

/** Ends the subscription for good. */
export function cancel(paymob: Paymob, row: SubscriptionRow): void {
  row.state = 'canceled'
  row.retryOn = null
  announce(paymob, row, 'canceled')
}

export interface Terms {
  amountCents?: number | undefined
  endsAt?: string | null | undefined
  nextBilling?: string | undefined
}

/** Changes the amount of the coming deductions, the end, or the date of the next deduction. */
export function updateTerms(paymob: Paymob, row: SubscriptionRow, { amountCents, endsAt, nextBilling }: Terms): void {
  if (amountCents !== undefined) row.amountCents = amountCents
  if (endsAt !== undefined) row.endsAt = endsAt
  if (nextBilling !== undefined) {
    row.nextBilling = nextBilling
    row.retryOn = null
  }
  announce(paymob, row, 'updated')
}

export function makePrimary(paymob: Paymob, row: SubscriptionRow, card: CardRow): void {
  for (const each of paymob.state.cards.all()) if (each.subscriptionId === row.id) each.isPrimary = each.id === card.id
  announce(paymob, row, 'change_primary_card', card)
}

export function deleteCard(paymob: Paymob, row: SubscriptionRow, card: CardRow): void {
  card.subscriptionId = null
  announce(paymob, row, 'delete_card', card)
}

export function registerWebhook(paymob: Paymob, row: SubscriptionRow, url: string): void {
  row.webhookUrl = url
  announce(paymob, row, 'register_webhook')
}

function announce(paymob: Paymob, row: SubscriptionRow, trigger: Trigger, card?: CardRow): void {
  row.updatedAt = paymob.clock.now()
  sendSubscription(paymob, row, trigger, { ...(card && { card }) })
}
