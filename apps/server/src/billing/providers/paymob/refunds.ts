import { NotRefundable } from '../../billing.errors.ts'
import type { RefundProvider, RefusedRefund } from '../provider-refunds.ts'
import type { PaymobTransaction } from './api/answers.ts'
import { isRefused, providerError } from './api/paymob-error.ts'
import { ledgerOfPayment } from './invoices.ts'
import { returnedOf } from './ledger.ts'
import { readNotes, writeNotes, type RefundNote } from './notes.ts'
import { today, type PaymobContext } from './paymob-context.ts'
import { operationOf } from './references.ts'

/** The part of the port for refunds. */
export function createPaymobRefunds(context: PaymobContext): RefundProvider {
  return {
    refund: (input) => refund(context, input),

    // A refund there has no name, and a payment does not list its refunds.
    fetchOperatorsRefunds: async () => [],
    fetchFailedRefunds: async () => [],

    async hasRefund({ key, paymentId }) {
      const { payment, note } = await findRefund(context, { key, paymentId })
      return note !== null && returnedOf(payment) >= note.targetCents
    },
  }
}

/**
 * Paymob has no idempotency keys, and a refund there has no name. So what the payment has refunded in all, once this
 * refund is made, is noted first. A repeat makes only what is missing.
 */
async function refund(
  context: PaymobContext,
  { key, paymentId, amountCents }: { key: string; paymentId: string; amountCents?: number },
): Promise<void> {
  const { api, settings } = context
  const { payment, note, subscriptionId } = await findRefund(context, { key, paymentId })
  if (!payment.success) throw new NotRefundable()
  const returned = returnedOf(payment)
  if (note) {
    await returnUpTo(context, payment, note.targetCents)
    return
  }
  if (amountCents === undefined && returned === payment.amount_cents) return
  const targetCents = amountCents === undefined ? payment.amount_cents : returned + amountCents
  if (targetCents > payment.amount_cents || targetCents <= returned) throw new NotRefundable()
  const made: RefundNote = { operation: shortOf(key), transactionId: payment.id, targetCents }
  await writeNotes(api, settings, subscriptionId, (notes) => ({
    ...notes,
    refunds: [...notes.refunds.filter(({ operation }) => operation !== made.operation), made],
  }))
  await returnUpTo(context, payment, targetCents)
}

async function findRefund({ api, calendar }: PaymobContext, { key, paymentId }: { key: string; paymentId: string }) {
  const payment = await api.transaction(paymentId)
  if (!payment) throw providerError(`Paymob does not know the payment ${paymentId}.`)
  const ledger = await ledgerOfPayment(api, calendar, payment)
  if (!ledger) throw providerError(`The payment ${paymentId} belongs to no subscription.`)
  const isThis = ({ operation, transactionId }: RefundNote) =>
    operation === shortOf(key) && transactionId === payment.id
  const note = readNotes(ledger.subscription).refunds.find(isThis) ?? null
  return { payment, note, subscriptionId: ledger.subscription.id }
}

const shortOf = (key: string): string => operationOf(key).slice(0, 8)

/**
 * Pays back so much that a payment has returned this amount. In full and on the same day, the payment is voided: the
 * customer's statement never shows it.
 *
 * @throws {NotRefundable} if Paymob refuses.
 */
export async function returnUpTo(context: PaymobContext, { id }: { id: string }, targetCents: number): Promise<void> {
  const { api, calendar } = context
  const payment = await api.transaction(id)
  if (!payment) throw providerError(`Paymob does not know the payment ${id}.`)
  const returned = returnedOf(payment)
  const missing = targetCents - returned
  if (missing <= 0) return
  const isOfToday = calendar.dateOf(calendar.readStamp(payment.created_at)) === (await today(context))
  if (returned === 0 && missing === payment.amount_cents && isOfToday && (await tryVoid(context, payment))) return
  try {
    await api.refund(Number(id), missing)
  } catch (error) {
    if (isRefused(error)) throw new NotRefundable({ cause: error })
    throw error
  }
  // What Paymob accepted it may still have declined.
  const after = await api.transaction(id)
  if (!after || returnedOf(after) < targetCents) throw providerError(`Paymob has not refunded the payment ${id}.`)
}

/** Refunds a payment in full. @returns false if Paymob refuses. */
export async function tryToReturn(context: PaymobContext, payment: PaymobTransaction): Promise<boolean> {
  try {
    await returnUpTo(context, payment, payment.amount_cents)
    return true
  } catch (error) {
    if (error instanceof NotRefundable) return false
    throw error
  }
}

export const refusedOf = ({ id, amount_cents, currency }: PaymobTransaction): RefusedRefund => ({
  paymentId: id,
  amountCents: amount_cents,
  currency,
})

async function tryVoid({ api }: PaymobContext, { id }: PaymobTransaction): Promise<boolean> {
  try {
    await api.void(Number(id))
  } catch (error) {
    if (!isRefused(error)) throw error
  }
  return (await api.transaction(id))?.is_voided === true
}
