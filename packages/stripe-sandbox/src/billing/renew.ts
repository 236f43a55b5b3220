import { updateInvoice } from '../resources/invoice.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { announceInvoice, draftSubscriptionInvoice } from './invoicing.ts'
import { periodLine } from './lines.ts'
import { attachItems, pendingItems, takeUp } from './pending-items.ts'
import { nextBoundary } from './periods.ts'
import { recurringPrice } from './recurring-price.ts'

/**
 * Moves a subscription into its next period, at the moment the current one ends, and drafts the invoice for it. The
 * period moves before the invoice is paid, even if it never is.
 */
export function renew(account: Account, id: string, changes: Partial<SubscriptionRow> = {}): void {
  const ending = account.subscriptions.get(id)
  const ended = Math.min(...ending.items.map((item) => item.current_period_start))
  const start = Math.min(...ending.items.map((item) => item.current_period_end))
  const items = changes.items ?? ending.items
  const { recurring } = recurringPrice(account, items)
  const end = recurring
    ? nextBoundary(changes.billing_cycle_anchor ?? ending.billing_cycle_anchor, recurring, start)
    : start

  const moved: SubscriptionRow = {
    ...ending,
    ...changes,
    items: items.map((item) => ({ ...item, current_period_start: start, current_period_end: end })),
  }
  const lines = moved.items.map((item) => periodLine(account, moved, item, { trial: false }))
  const waiting = pendingItems(account, ending.customer, ending.currency, id)
  const attempted = ending.status !== 'unpaid'
  const invoice = draftSubscriptionInvoice(account, moved, {
    billing_reason: 'subscription_cycle',
    lines: [...takeUp(account, waiting), ...lines],
    // The period of a renewal's invoice is the one that has ended; its lines have the one that is being paid for.
    period_start: ended,
    period_end: start,
    auto_advance: attempted,
    automatically_finalizes_at: attempted ? account.nowOf(ending.customer) + account.settings.finalizeAfter : null,
  })
  attachItems(account, waiting, invoice.id)
  updateSubscription(account, id, {
    ...changes,
    latest_invoice: invoice.id,
    items: moved.items.map((item, index) => ({ ...item, debit: { amount: lines[index]?.amount ?? 0, start, end } })),
  })
  announceInvoice(account, invoice.id)
  if (ending.pause_collection?.behavior === 'keep_as_draft')
    updateInvoice(account, invoice.id, { auto_advance: false, automatically_finalizes_at: null })
}
