import type { Payment } from '../payment.entity.ts'
import type { PaymentView } from '../payment.schemas.ts'

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
    subtotalCents: payment.subtotalCents ?? null,
    discountCents: payment.discountCents ?? null,
    taxCents: payment.taxCents ?? null,
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
