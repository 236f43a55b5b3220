import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { Busy } from '../../platform/limits/limits.errors.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { NotRefundable, PaymentNotFound, PreviewStale } from '../billing.errors.ts'
import { aloneAtProvider } from '../customers/alone-at-provider.ts'
import { underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { queueRefundedMail } from '../mails/queue-refunded-mail.ts'
import { Payment } from '../payment.entity.ts'
import type { PaymentView } from '../payment.schemas.ts'
import type { PaymentProvider } from '../providers/payment-provider.ts'
import { Refund } from '../refund.entity.ts'
import type { RefundPaymentInput } from '../refund.schemas.ts'
import { paymentView } from './payment-view.ts'
import { recordPayment } from './record-payment.ts'
import { tooMuch } from './too-much.ts'

/** Maximum number of attempts. Each other refund of the payment that was left unfinished takes one. */
const ATTEMPTS = 5

/**
 * Refunds a payment, in part or in full. The provider's answer about the payment decides what our row says afterwards.
 * Access does not change. Who pays for the account gets an email.
 *
 * When it is not known whether the provider has made a refund, a repeat finds out. Nothing is paid back twice, even if
 * two admins press the button at once. A stale, unfinished refund is dropped, not made, when another amount is
 * requested.
 *
 * @throws {PaymentNotFound}
 * @throws {NotRefundable}
 * @throws {ProviderUnsupported} if the payment's provider is not configured.
 * @throws {InvalidInput} for more than is left.
 * @throws {PreviewStale} if another amount was refunded so far than `refundedCents` says.
 * @throws {PaymentProviderError}
 * @throws {Busy} when other refunds of this payment came first in every attempt. Each of them is finished or dropped.
 */
export async function refundPayment(
  caller: CallingScope,
  actor: AuditActor,
  input: RefundPaymentInput,
): Promise<PaymentView> {
  const payment = await caller.em.findOne(Payment, { id: input.id })
  if (!payment) throw new PaymentNotFound()
  const { providerPaymentId } = payment
  if (!providerPaymentId) throw new NotRefundable()
  const scope = atProvider(caller, payment.provider)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { refund, origin } = await requestRefund(scope, payment, input)
    const call = { key: refund.id, paymentId: providerPaymentId }
    const isMade = origin !== 'new' && (await scope.billing.provider.hasRefund(call))
    if (origin === 'other' && !isMade && refund.isAbandoned(scope.clock.now())) {
      await scope.em.nativeDelete(Refund, { id: refund.id, status: 'requested' })
      continue
    }
    const made = { ...call, amountCents: refund.amountCents }
    const refusal = isMade
      ? null
      : await aloneAtProvider(scope, payment.account.id, (provider) => tryRefund(provider, made))
    const view = await conclude(scope, actor, payment, { refund, refusal })
    if (refusal) throw refusal
    if (origin !== 'other') return view
  }
  throw new Busy()
}

interface RefundRequest {
  refund: Refund
  /**
   * - `new`: this call stored the request.
   * - `repeated`: an earlier call requested the same refund and left it unfinished.
   * - `other`: an earlier call requested a different refund and left it unfinished. It comes first.
   */
  origin: 'new' | 'repeated' | 'other'
}

/** Finds the refund to make now, or stores a new one. */
async function requestRefund(
  scope: CallingScope,
  { id, account }: Payment,
  { amountCents, refundedCents }: RefundPaymentInput,
): Promise<RefundRequest> {
  return underLock(scope, account.id, async ({ em }) => {
    const payment = await em.findOneOrFail(Payment, { id }, { refresh: true })
    const open = await em.findOne(Refund, { payment: id, status: 'requested' }, { refresh: true })
    if (open) {
      const isWanted = amountCents === undefined ? open.isFull : amountCents === open.amountCents
      return { refund: open, origin: isWanted ? 'repeated' : 'other' }
    }

    if (refundedCents !== undefined && refundedCents !== payment.refundedCents) throw new PreviewStale()
    const left = payment.amountCents - payment.refundedCents
    if (!payment.isRefundable()) throw new NotRefundable()
    if (amountCents !== undefined && amountCents > left) throw tooMuch(left)
    const amount = amountCents ?? left
    const createdAt = scope.clock.now()
    const refund = em.create(Refund, { payment, amountCents: amount, isFull: amount === left, createdAt })
    return { refund, origin: 'new' }
  })
}

/** Updates our payment from the provider, and marks the refund as done, or deletes it if the provider refused. */
async function conclude(
  scope: CallingScope,
  actor: AuditActor,
  known: Payment,
  { refund: { id: key, amountCents }, refusal }: { refund: Refund; refusal: NotRefundable | null },
): Promise<PaymentView> {
  return underLock(scope, known.account.id, async (locked, customer) => {
    const { em } = locked
    const payment = await em.findOneOrFail(Payment, { id: known.id }, { refresh: true })
    const before = paymentView(payment)
    await convergePayment(locked, customer, payment)
    const asked = await em.findOne(Refund, { id: key }, { refresh: true })
    if (refusal && asked) em.remove(asked)
    // It is missing if another call dropped it as abandoned while this call made it.
    if (refusal || asked?.status === 'done') return paymentView(payment)

    if (asked) asked.status = 'done'
    await queueRefundedMail(locked, payment, { id: key, amountCents })
    const after = { ...paymentView(payment), refund: { id: key, amountCents } }
    recordAudit(locked, actor, {
      action: 'payment.refund',
      targetType: 'payment',
      targetId: payment.id,
      before,
      after,
    })
    return paymentView(payment)
  })
}

/** @returns the provider's refusal; null when the refund was made. */
async function tryRefund(
  provider: PaymentProvider,
  call: { key: string; paymentId: string; amountCents: number },
): Promise<NotRefundable | null> {
  try {
    await provider.refund(call)
    return null
  } catch (error) {
    if (error instanceof NotRefundable) return error
    throw error
  }
}

async function convergePayment(
  locked: LockedScope,
  customer: LockedCustomer,
  { providerInvoiceId }: Payment,
): Promise<void> {
  const { provider } = locked.billing
  const invoice = await provider.fetchInvoice(providerInvoiceId)
  if (!invoice) return
  for (const payment of await provider.fetchPayments([invoice])) await recordPayment(locked, customer, payment)
}
