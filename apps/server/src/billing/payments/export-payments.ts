import { writeCsv } from '../../platform/csv.ts'
import { formatAmount } from '../../platform/money.ts'
import type { BillingScope } from '../billing-scope.ts'
import { Payment } from '../payment.entity.ts'
import type { PaymentExport } from '../payment.schemas.ts'

const HEADER = [
  'date',
  'invoice',
  'status',
  'amount',
  'refunded',
  'currency',
  'invoice_url',
  'subtotal',
  'discount',
  'tax',
]

/**
 * All of the user's payments as a CSV file, newest first. Amounts are in the currency's main unit, as on the invoice.
 */
export async function exportPayments(
  { em, clock }: BillingScope,
  { accountId }: { accountId: string },
): Promise<PaymentExport> {
  const payments = await em.find(Payment, { account: accountId }, { orderBy: { createdAt: 'desc', id: 'desc' } })
  const rows = payments.map((payment) => [
    payment.createdAt.toISOString(),
    payment.providerInvoiceId,
    payment.status,
    formatAmount(payment.amountCents, payment.currency),
    formatAmount(payment.refundedCents, payment.currency),
    payment.currency.toUpperCase(),
    payment.invoiceUrl ?? '',
    ...[payment.subtotalCents, payment.discountCents, payment.taxCents].map((cents) =>
      cents == null ? '' : formatAmount(cents, payment.currency),
    ),
  ])
  return { filename: `payments-${clock.now().toISOString().slice(0, 10)}.csv`, csv: writeCsv(HEADER, rows) }
}
