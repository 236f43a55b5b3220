import type { PaymentProvider } from '../payment-provider.ts'
import { customerOf, fetchPayment, invoicesOf, invoiceWith, ledgerOfPayment } from './invoices.ts'
import { loadLedger } from './ledger.ts'
import type { PaymobContext } from './paymob-context.ts'

/** The part of the port for invoices and payments. */
export function createPaymobPayments({
  api,
  calendar,
}: PaymobContext): Pick<
  PaymentProvider,
  'fetchInvoice' | 'fetchInvoices' | 'fetchPayments' | 'findInvoice' | 'returnBalance'
> {
  return {
    async fetchInvoice(id) {
      const payment = await api.transaction(id)
      const ledger = payment && (await ledgerOfPayment(api, calendar, payment))
      return (ledger && invoiceWith(ledger, calendar, payment)) ?? null
    },

    async fetchInvoices(subscriptionId, { onlyOpen = false } = {}) {
      const ledger = await loadLedger(api, calendar, subscriptionId, { all: true })
      if (!ledger) return []
      return invoicesOf(ledger, calendar).filter(({ status }) => !onlyOpen || status === 'open')
    },

    fetchPayments: async (invoices) =>
      Promise.all(
        invoices
          .filter(({ status, amountCents }) => status !== 'draft' && amountCents > 0)
          .map(async (invoice) => fetchPayment(api, invoice)),
      ),

    async findInvoice(paymentId) {
      const found = await api.transaction(paymentId)
      // A refund or a void is a transaction of its own.
      const payment = found?.parent_transaction ? await api.transaction(found.parent_transaction) : found
      const ledger = payment && (await ledgerOfPayment(api, calendar, payment))
      const invoice = ledger && invoiceWith(ledger, calendar, payment)
      return invoice ? { invoiceId: invoice.id, customerId: customerOf(ledger) } : null
    },

    // Paymob keeps no balances, so no payment has taken anything from one.
    returnBalance: async () => {},
  }
}
