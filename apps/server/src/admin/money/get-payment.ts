import {
  Dispute,
  Payment,
  PaymentNotFound,
  paymentView,
  Refund,
  Subscription,
  toSubscriptionView,
} from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { PaymentDetails } from '../money.schemas.ts'
import { describePayments } from './describe-payments.ts'
import { disputeView } from './dispute-view.ts'
import { refundView } from './list-refunds.ts'

/**
 * Returns a payment with its refunds and disputes, and what was bought.
 *
 * @throws {PaymentNotFound}
 */
export async function getPayment(scope: AdminScope, { id }: { id: string }): Promise<PaymentDetails> {
  const { em, billing } = scope
  const payment = await em.findOne(Payment, { id })
  if (!payment) throw new PaymentNotFound()
  const describe = await describePayments(scope, [payment])
  const refunds = await em.find(Refund, { payment: id }, { orderBy: { id: 'desc' } })
  const disputes = await em.find(Dispute, { payment: id }, { orderBy: { openedAt: 'desc', id: 'desc' } })
  const subscription = payment.subscription
    ? await em.findOneOrFail(Subscription, { id: payment.subscription.id }, { populate: ['plan', 'scheduledPlan'] })
    : null
  const billingNow = await billing.time.now()
  return {
    ...paymentView(payment),
    ...describe(payment),
    providerPaymentId: payment.providerPaymentId ?? null,
    isRefundable: payment.isRefundable(),
    refunds: refunds.map(refundView),
    disputes: disputes.map((row) => disputeView(scope, row, { provider: payment.provider, billingNow })),
    subscription: subscription && toSubscriptionView(subscription, billingNow, billing.settings),
  }
}
