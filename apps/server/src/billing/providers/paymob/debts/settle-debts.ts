import { hasOpenDebts, paidDebtsOf } from '../invoices.ts'
import { loadLedger, type Ledger } from '../ledger.ts'
import { writeNotes } from '../notes.ts'
import type { PaymobContext } from '../paymob-context.ts'
import { returnUpTo } from '../refunds.ts'
import { newCardOf, preferCard } from '../saved-cards.ts'

/**
 * Finishes what was paid on pages for overdue renewals: notes what paid the renewal, after its card became the primary
 * one, and pays back all that is surplus. A repeat does nothing, and does not overrule a customer who has chosen another
 * card since.
 *
 * @returns the subscription as it was read.
 * @throws {NotRefundable} if Paymob refuses to pay a surplus back.
 * @throws {PaymentProviderError}
 */
export async function settleDebts(context: PaymobContext, subscriptionId: string): Promise<Ledger | null> {
  const { api, settings, calendar } = context
  const ledger = await loadLedger(api, calendar, subscriptionId)
  if (!ledger || !hasOpenDebts(ledger)) return ledger
  for (const { invoiceId, payment } of paidDebtsOf(ledger)) {
    if (ledger.notes.paidDebts.some(({ transactionId }) => transactionId === payment.id)) continue
    const added = await newCardOf(context, { subscriptionId, lastCardId: '0' }, payment)
    if (added?.isNewest) await preferCard(context, { subscriptionId }, added)
    const paid = { invoiceId, transactionId: payment.id }
    await writeNotes(api, settings, subscriptionId, (notes) => ({ ...notes, paidDebts: [...notes.paidDebts, paid] }))
  }
  for (const payment of ledger.surplus) await returnUpTo(context, payment, payment.amount_cents)
  return ledger
}
