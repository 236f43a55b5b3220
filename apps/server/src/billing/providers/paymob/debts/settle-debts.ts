import type { PaidBack, RefusedRefund } from '../../payment-provider.ts'
import { paidDebtsOf } from '../invoices.ts'
import { loadLedger, returnedOf, type Ledger } from '../ledger.ts'
import { writeNotes } from '../notes.ts'
import type { PaymobContext } from '../paymob-context.ts'
import { refusedOf, tryToReturn } from '../refunds.ts'
import { newCardOf, preferCard } from '../saved-cards.ts'
import type { PagePayment } from './read-debts.ts'

/**
 * Finishes what was paid on pages for overdue renewals: notes what paid the renewal, after its card became the primary
 * one, and pays back all that is surplus. A repeat does nothing, and does not overrule a customer who has chosen another
 * card since. A refund that Paymob refuses does not keep the others from being made.
 *
 * @param options.debt a payment of a page that the notes may no longer know.
 * @param options.leaves payments that must not be refunded now, because Paymob has refused before.
 * @returns the subscription as it was read, and what became of the refunds.
 * @throws {PaymentProviderError}
 */
export async function settleDebts(
  context: PaymobContext,
  subscriptionId: string,
  { debt, leaves = [] }: { debt?: PagePayment; leaves?: readonly string[] | undefined } = {},
): Promise<{ ledger: Ledger | null; paidBack: PaidBack }> {
  const { api, settings, calendar } = context
  const ledger = await loadLedger(api, calendar, subscriptionId, debt ? { debt } : {})
  if (!ledger) return { ledger, paidBack: { returned: [], refused: [] } }
  const refused: RefusedRefund[] = []
  const returned = new Set<string>()
  for (const payment of ledger.surplus) {
    const isPaidBack = returnedOf(payment) >= payment.amount_cents
    if (!isPaidBack && leaves.includes(payment.id)) continue
    if (isPaidBack || (await tryToReturn(context, payment))) returned.add(payment.id)
    else refused.push(refusedOf(payment))
  }
  for (const { invoiceId, payment, isNoted } of paidDebtsOf(ledger)) {
    if (isNoted) continue
    const added = await newCardOf(context, { subscriptionId, lastCardId: '0' }, payment)
    if (added?.isNewest) await preferCard(context, { subscriptionId }, added)
    const paid = { invoiceId, transactionId: payment.id }
    // A later payment of the same debt may have been found first.
    await writeNotes(api, settings, subscriptionId, (notes) => ({
      ...notes,
      paidDebts: [...notes.paidDebts.filter(({ transactionId }) => !returned.has(transactionId)), paid].toSorted(
        (one, other) => Number(one.transactionId) - Number(other.transactionId),
      ),
    }))
  }
  return { ledger, paidBack: { returned: [...returned], refused } }
}
