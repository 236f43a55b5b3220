import { emit } from '../events/emit.ts'
import { invalidRequest } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { formatMoney } from '../money.ts'
import { serializeCharge, serializeRefund } from '../resources/charge.ts'
import type { Account } from '../state/account.ts'
import type { ChargeRow, RefundRow } from '../state/rows/payment.ts'
import { recordMovement } from './ledger.ts'

/**
 * Refunds a charge in full or in part. Its invoice and subscription stay as they are.
 *
 * @param given.amount in the smallest unit; by default everything that is not yet refunded.
 * @throws {StripeApiError} 400 if less than the amount is left to refund, or if the charge has failed or is disputed.
 */
export function refundCharge(
  account: Account,
  charge: ChargeRow,
  given: { amount?: number; reason: RefundRow['reason']; metadata: Record<string, string> },
): RefundRow {
  const left = charge.amount - charge.amount_refunded
  if (charge.paid && !charge.captured)
    throw invalidRequest(
      `Charge ${charge.id} has not been captured, so it can't be refunded. Cancel its PaymentIntent.`,
      {
        code: 'charge_not_refundable',
      },
    )
  if (!charge.paid) throw invalidRequest('You cannot refund a charge that has failed.', { param: 'charge' })
  if (left === 0)
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  if (charge.disputed)
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    })
  const amount = given.amount ?? left
  if (amount > left) {
    throw invalidRequest(
      `Refund amount (${formatMoney(amount, charge.currency)}) is greater than unrefunded amount on charge (${formatMoney(left, charge.currency)})`,
      { param: 'amount' },
    )
  }
  const created = account.nowOf(charge.customer)
  const id = newId('re')
  const movement = recordMovement(account, {
    created,
    amount: -amount,
    currency: charge.currency,
    source: id,
    type: 'refund',
  })
  const refund = account.refunds.insert({
    id,
    created,
    amount,
    balance_transaction: movement.id,
    charge: charge.id,
    currency: charge.currency,
    customer: charge.customer,
    metadata: given.metadata,
    payment_intent: charge.payment_intent,
    reason: given.reason,
    status: 'succeeded',
  })
  const before = charge.amount_refunded
  const refunded = account.charges.patch(charge.id, { amount_refunded: before + amount })
  emit(account, 'refund.created', serializeRefund(refund))
  emit(account, 'charge.refunded', serializeCharge(account, refunded), {
    amount_refunded: before,
    ...(refunded.amount === refunded.amount_refunded && { refunded: false }),
  })
  return refund
}

/** Marks a refund that the bank could not carry out. The money returns to the account's balance. */
export function failRefund(account: Account, id: string): RefundRow {
  const refund = account.refunds.get(id)
  const row = account.refunds.patch(id, { status: 'failed' })
  const charge = account.charges.get(refund.charge)
  account.charges.patch(charge.id, { amount_refunded: charge.amount_refunded - refund.amount })
  recordMovement(account, {
    created: account.nowOf(refund.customer),
    amount: refund.amount,
    currency: refund.currency,
    source: id,
    type: 'adjustment',
  })
  const previous = { status: refund.status }
  emit(account, 'refund.updated', serializeRefund(row), previous)
  emit(account, 'charge.refund.updated', serializeRefund(row), previous)
  emit(account, 'refund.failed', serializeRefund(row))
  return row
}
