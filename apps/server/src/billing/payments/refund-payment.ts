import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import type { CallingScope } from '../billing-scope.ts'
import { NotRefundable, PaymentNotFound } from '../billing.errors.ts'
import type { PaymentView, RefundPaymentInput } from '../billing.schemas.ts'
import { underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import { Refund } from '../refund.entity.ts'
import { paymentView } from './payment-view.ts'
import { recordPayment } from './record-payment.ts'

/**
 * Pays a payment back, in part or all that is left of it. What the provider says of the payment afterwards is what
 * counts; access is not touched.
 *
 * When it is not known whether the provider has done it, a repeat finds out and pays nothing back twice, also when two
 * admins press the button at once. What somebody asked for long ago and never got is not made by a call for something
 * else.
 *
 * @throws {PaymentNotFound} {NotRefundable} {InvalidInput} for more than is left. {PaymentProviderError}
 */
export async function refundPayment(
  scope: CallingScope,
  actor: AuditActor,
  input: RefundPaymentInput,
): Promise<PaymentView> {
  const payment = await scope.em.findOne(Payment, { id: input.id })
  if (!payment) throw new PaymentNotFound()
  for (;;) {
    const request = await requestRefund(scope, payment, input)
    const { refund, isWanted, isRepeat } = request
    const isMade = isRepeat && (await scope.billing.provider.hasRefund(callOf(refund, payment)))
    if (!isMade && !isWanted && refund.isAbandoned(scope.clock.now())) {
      await scope.em.nativeDelete(Refund, { id: refund.id, status: 'requested' })
      continue
    }
    const view = await carryOut(scope, actor, payment, { ...request, isMade })
    if (isWanted) return view
  }
}

interface RefundRequest {
  refund: Refund
  isWanted: boolean
  /** Whether somebody has tried to carry it out. */
  isRepeat: boolean
}

/** The refund to carry out now: one that was left open comes first, and may be the very one that is wanted. */
async function requestRefund(
  scope: CallingScope,
  { id, user }: Payment,
  { amountCents }: RefundPaymentInput,
): Promise<RefundRequest> {
  return underLock(scope, user.id, async ({ em }) => {
    const payment = await em.findOneOrFail(Payment, { id }, { refresh: true })
    const open = await em.findOne(Refund, { payment: id, status: 'requested' }, { refresh: true })
    if (open) {
      const isWanted = amountCents === undefined ? open.isFull : amountCents === open.amountCents
      return { refund: open, isWanted, isRepeat: true }
    }

    const left = payment.amountCents - payment.refundedCents
    if (!payment.isRefundable()) throw new NotRefundable()
    if (amountCents !== undefined && amountCents > left) {
      throw new InvalidInput({ amountCents: `is more than the ${left} that are left` })
    }
    const amount = amountCents ?? left
    const createdAt = scope.clock.now()
    const refund = em.create(Refund, { payment, amountCents: amount, isFull: amount === left, createdAt })
    return { refund, isWanted: true, isRepeat: false }
  })
}

/** How the provider knows it. */
const callOf = ({ id }: Refund, { providerPaymentId }: Payment) => ({ key: id, paymentId: providerPaymentId ?? '' })

async function carryOut(
  scope: CallingScope,
  actor: AuditActor,
  known: Payment,
  { refund, isMade }: RefundRequest & { isMade: boolean },
): Promise<PaymentView> {
  const { id: key, amountCents } = refund
  const refusal = isMade ? null : await tryRefund(scope, known, refund)

  const view = await underLock(scope, known.user.id, async (locked, customer) => {
    const { em } = locked
    const payment = await em.findOneOrFail(Payment, { id: known.id }, { refresh: true })
    const before = paymentView(payment)
    await convergePayment(locked, customer, payment)
    const asked = await em.findOne(Refund, { id: key }, { refresh: true })
    if (refusal && asked) em.remove(asked)
    // Gone means that somebody took it for left behind while it was carried out after all.
    if (refusal || asked?.status === 'done') return paymentView(payment)

    if (asked) asked.status = 'done'
    const after = { ...paymentView(payment), refund: { id: key, amountCents } }
    recordAudit({ ...scope, em }, actor, {
      action: 'payment.refund',
      targetType: 'payment',
      targetId: payment.id,
      before,
      after,
    })
    return paymentView(payment)
  })
  if (refusal) throw refusal
  return view
}

async function tryRefund({ billing }: CallingScope, payment: Payment, refund: Refund): Promise<NotRefundable | null> {
  try {
    await billing.provider.refund({ ...callOf(refund, payment), amountCents: refund.amountCents })
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
