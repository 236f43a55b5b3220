import { fresh, today, type Paymob } from '../callbacks/paymob.ts'
import { sendTransaction } from '../callbacks/send-callbacks.ts'
import { dateOf } from '../dates.ts'
import type { TransactionRow } from '../state/rows.ts'

/** Why a refund, void or capture is refused, in words for the response. */
export class Refused extends Error {}

/**
 * Refunds a part of a payment, or all of it. A payment can have several refunds.
 *
 * @returns the refund's own transaction.
 * @throws {Refused}
 */
export function refund(paymob: Paymob, payment: TransactionRow, amountCents: number): TransactionRow {
  assertPaid(payment)
  if (payment.isAuth && payment.capturedCents === 0) throw new Refused('Transaction is not captured, void it instead')
  const left = (payment.isAuth ? payment.capturedCents : payment.amountCents) - payment.refundedCents
  if (left === 0) throw new Refused('Transaction has been already refunded')
  if (amountCents > left) throw new Refused(`Full Amount exceeded. The amount left to refund is ${left} cents`)
  payment.refundedCents += amountCents
  return settle(paymob, payment, 'refund', amountCents)
}

/**
 * Takes a payment back on the day that it was made: the customer's statement never shows it.
 *
 * @throws {Refused}
 */
export function voidPayment(paymob: Paymob, payment: TransactionRow): TransactionRow {
  assertPaid(payment)
  if (payment.refundedCents > 0) throw new Refused('Transaction has been already refunded')
  const isOpen = payment.isAuth && payment.capturedCents === 0
  if (!isOpen && dateOf(paymob.account.region, payment.createdAt) !== today(paymob))
    throw new Refused('Transaction is too old to be voided, refund it instead')
  return settleVoid(paymob, payment)
}

/** Voids a payment, whatever its age. */
export function settleVoid(paymob: Paymob, payment: TransactionRow): TransactionRow {
  payment.isVoided = true
  return settle(paymob, payment, 'void', payment.amountCents)
}

/**
 * Marks a refund that the bank could not carry out. Paymob does not document it: here, the amount counts as not refunded
 * again, and the refund's callback is sent once more.
 *
 * @throws {Refused}
 */
export function failRefund(paymob: Paymob, row: TransactionRow): TransactionRow {
  const payment = row.kind === 'refund' && row.success ? paymob.state.transactions.find(row.parentId) : undefined
  if (!payment) throw new Refused('Transaction is not a successful refund')
  payment.refundedCents -= row.amountCents
  payment.updatedAt = paymob.clock.now()
  Object.assign(row, { success: false, message: 'Declined', updatedAt: paymob.clock.now() })
  sendTransaction(paymob, row)
  return row
}

/**
 * Takes the amount that an auth transaction has reserved, or a part of it.
 *
 * @throws {Refused}
 */
export function capture(paymob: Paymob, payment: TransactionRow, amountCents: number): TransactionRow {
  assertPaid(payment)
  if (!payment.isAuth) throw new Refused('Transaction is not an auth transaction')
  if (payment.capturedCents > 0) throw new Refused('Transaction has been already captured')
  if (amountCents > payment.amountCents) throw new Refused('Amount exceeds the authorized amount')
  payment.capturedCents = amountCents
  return settle(paymob, payment, 'capture', amountCents)
}

function assertPaid(payment: TransactionRow): void {
  if (payment.kind !== 'payment' || !payment.success) throw new Refused('Transaction is not successful')
  if (payment.isVoided) throw new Refused('Transaction has been already voided')
}

/** Makes the child transaction, and sends its callback. */
function settle(
  paymob: Paymob,
  payment: TransactionRow,
  kind: 'refund' | 'void' | 'capture',
  amountCents: number,
): TransactionRow {
  payment.updatedAt = paymob.clock.now()
  const { id: parentId, createdAt: _created, updatedAt: _updated, ...rest } = payment
  const child = paymob.state.transactions.add({
    ...rest,
    ...fresh(paymob),
    kind,
    parentId,
    amountCents,
    message: 'Approved',
    isAuth: false,
    is3dSecure: false,
    apiSource: 'OTHER',
    isVoided: false,
    refundedCents: 0,
    capturedCents: 0,
  })
  sendTransaction(paymob, child)
  return child
}
