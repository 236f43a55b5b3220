import type { PaymentView } from '../billing.schemas.ts'
import type { Payment } from '../payment.entity.ts'

/** The fields of a payment that its payer may see. */
export function paymentView(payment: Payment): PaymentView {
  const { id, provider, providerInvoiceId, amountCents, refundedCents, currency, status, createdAt } = payment
  return {
    id,
    accountId: payment.account.id,
    subscriptionId: payment.subscription?.id ?? null,
    provider,
    providerInvoiceId,
    amountCents,
    refundedCents,
    currency,
    status,
    planName: payment.planName ?? null,
    invoiceUrl: payment.invoiceUrl ?? null,
    invoicePdfUrl: payment.invoicePdfUrl ?? null,
    invoiceNumber: payment.invoiceNumber ?? null,
    createdAt,
  }
}
