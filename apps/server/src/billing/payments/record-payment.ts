import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { Dispute } from '../dispute.entity.ts'
import { Payment } from '../payment.entity.ts'
import type { ProviderDispute, ProviderPayment } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'

/** Creates or updates an invoice's payment row, and those of its disputes, from the provider's answer. */
export async function recordPayment(
  { em }: LockedScope,
  customer: LockedCustomer,
  { invoice, status, refundedCents, disputes }: ProviderPayment,
): Promise<Payment> {
  const known = await em.findOne(Payment, { provider: 'stripe', providerInvoiceId: invoice.id }, { refresh: true })
  const subscription = invoice.subscriptionId
    ? await em.findOne(Subscription, { providerSubscriptionId: invoice.subscriptionId })
    : null
  const columns = {
    subscription,
    providerPaymentId: invoice.paymentId,
    amountCents: invoice.amountCents,
    refundedCents,
    currency: invoice.currency,
    status,
    invoiceUrl: invoice.url,
  }
  const payment = known
    ? em.assign(known, columns)
    : em.create(Payment, {
        ...columns,
        account: customer.account.id,
        provider: 'stripe',
        providerInvoiceId: invoice.id,
        createdAt: invoice.createdAt,
      })
  await em.flush()
  for (const dispute of disputes) await recordDispute(em, payment, dispute)
  return payment
}

async function recordDispute(
  em: LockedScope['em'],
  payment: Payment,
  { id: providerDisputeId, ...columns }: ProviderDispute,
): Promise<void> {
  const known = await em.findOne(Dispute, { providerDisputeId }, { refresh: true })
  if (known) em.assign(known, columns)
  else em.create(Dispute, { ...columns, providerDisputeId, payment: payment.id })
  await em.flush()
}
