import { recordAudit, type AuditActor } from '../platform/audit.ts'
import { InvalidInput } from '../platform/errors.ts'
import type { BillingScope } from './billing-scope.ts'
import { NotRefundable, PaymentNotFound } from './billing.errors.ts'
import type { PaymentView, RefundPaymentInput } from './billing.schemas.ts'
import { lockCustomer, type LockedCustomer } from './lock-customer.ts'
import { paymentView } from './payment-view.ts'
import { Payment } from './payment.entity.ts'
import { recordPayment } from './record-payment.ts'
import { Refund } from './refund.entity.ts'

/**
 * Pays a payment back, in part or all that is left of it. What the provider says of the payment afterwards is what
 * counts; access is not touched.
 *
 * When it is not known whether the provider has done it, a repeat finds out and pays nothing back twice, also when two
 * admins press the button at once.
 *
 * @throws {PaymentNotFound} {NotRefundable} {InvalidInput} for more than is left. {PaymentProviderError}
 */
export async function refundPayment(
  scope: BillingScope,
  actor: AuditActor,
  input: RefundPaymentInput,
): Promise<PaymentView> {
  const payment = await scope.em.findOne(Payment, { id: input.id })
  if (!payment) throw new PaymentNotFound()
  for (;;) {
    const { refund, isWanted } = await requestRefund(scope, payment, input)
    const view = await carryOut(scope, actor, payment, refund)
    if (isWanted) return view
  }
}

/** The refund to carry out now: one that was left open comes first, and may be the very one that is wanted. */
async function requestRefund(
  scope: BillingScope,
  { id, user }: Payment,
  { amountCents }: RefundPaymentInput,
): Promise<{ refund: Refund; isWanted: boolean }> {
  return scope.em.transactional(async (em) => {
    await lockCustomer({ ...scope, em }, { userId: user.id })
    const payment = await em.findOneOrFail(Payment, { id }, { refresh: true })
    const open = await em.findOne(Refund, { payment: id, status: 'requested' }, { refresh: true })
    if (open)
      return { refund: open, isWanted: amountCents === undefined ? open.isFull : amountCents === open.amountCents }

    const left = payment.amountCents - payment.refundedCents
    if (!payment.isRefundable()) throw new NotRefundable()
    if (amountCents !== undefined && amountCents > left) {
      throw new InvalidInput({ amountCents: `is more than the ${left} that are left` })
    }
    const amount = amountCents ?? left
    return { refund: em.create(Refund, { payment, amountCents: amount, isFull: amount === left }), isWanted: true }
  })
}

async function carryOut(scope: BillingScope, actor: AuditActor, known: Payment, refund: Refund): Promise<PaymentView> {
  const { id: key, amountCents } = refund
  const refusal = await scope.billing.provider
    .refund({ key, paymentId: known.providerPaymentId ?? '', amountCents })
    .then(() => null)
    .catch((error: unknown) => {
      if (error instanceof NotRefundable) return error
      throw error
    })

  const view = await scope.em.transactional(async (em) => {
    const customer = await lockCustomer({ ...scope, em }, { userId: known.user.id })
    const payment = await em.findOneOrFail(Payment, { id: known.id }, { refresh: true })
    const before = paymentView(payment)
    await convergePayment({ ...scope, em }, customer, payment)
    const asked = await em.findOne(Refund, { id: key }, { refresh: true })
    if (refusal && asked) em.remove(asked)
    if (refusal || asked?.status !== 'requested') return paymentView(payment)

    asked.status = 'done'
    const after = { ...paymentView(payment), refund: { id: key, amountCents } }
    recordAudit(em, actor, { action: 'payment.refund', targetType: 'payment', targetId: payment.id, before, after })
    return paymentView(payment)
  })
  if (refusal) throw refusal
  return view
}

async function convergePayment(
  scope: BillingScope,
  customer: LockedCustomer,
  { providerInvoiceId }: Payment,
): Promise<void> {
  const { provider } = scope.billing
  const invoice = await provider.fetchInvoice(providerInvoiceId)
  if (!invoice) return
  for (const payment of await provider.fetchPayments([invoice])) await recordPayment(scope.em, customer, payment)
}
