import { writeCsv } from '../../platform/csv.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { PaymentExport } from '../billing.schemas.ts'
import { Payment } from '../payment.entity.ts'

const HEADER = ['date', 'invoice', 'status', 'amount', 'refunded', 'currency', 'invoice_url']

/** All of the user's payments as a spreadsheet, newest first; amounts in the currency's own unit, as on the invoice. */
export async function exportPayments(
  { em, clock }: BillingScope,
  { userId }: { userId: string },
): Promise<PaymentExport> {
  const payments = await em.find(Payment, { user: userId }, { orderBy: { createdAt: 'desc', id: 'desc' } })
  const rows = payments.map((payment) => [
    payment.createdAt.toISOString(),
    payment.providerInvoiceId,
    payment.status,
    amountOf(payment.amountCents, payment.currency),
    amountOf(payment.refundedCents, payment.currency),
    payment.currency.toUpperCase(),
    payment.invoiceUrl ?? '',
  ])
  return { filename: `payments-${clock.now().toISOString().slice(0, 10)}.csv`, csv: writeCsv(HEADER, rows) }
}

/** Not every currency has hundredths: 500 jpy are 500. */
function amountOf(cents: number, currency: string): string {
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions()
  return (cents / 10 ** digits).toFixed(digits)
}
