import { amountsOf } from '../amounts/invoice-amounts.ts'
import { useUpDiscounts } from '../discounts/end-discounts.ts'
import { updateInvoice } from '../resources/invoice.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceLine } from '../state/rows/invoice.ts'
import type { ItemRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { shareOfPeriod } from './first-period.ts'
import { announceInvoice, draftSubscriptionInvoice } from './invoicing.ts'
import { debitOf, periodLines, untilCancellation, usageLines } from './lines.ts'
import { attachItems, pendingItems, takeUp } from './pending-items.ts'
import { nextBoundary } from './periods.ts'
import { enterPeriod } from './prebilling.ts'
import { recurrenceOf } from './recurring-price.ts'

/**
 * Moves the items whose period ends into their next one, and drafts the invoice for it. The period moves before the
 * invoice is paid, even if it never is. Items with a longer interval stay in their period.
 */
export function renew(account: Account, id: string, changes: Partial<SubscriptionRow> = {}): void {
  const ending = account.subscriptions.get(id)
  const ended = Math.max(...ending.items.map((item) => item.current_period_start))
  const start = Math.min(...ending.items.map((item) => item.current_period_end))
  const anchor = changes.billing_cycle_anchor ?? ending.billing_cycle_anchor
  const isDue = (item: ItemRow): boolean => item.current_period_end <= start
  const items = changes.items ?? ending.items

  const used = ending.items.filter(isDue).flatMap((item) => usageLines(account, ending, item, start))
  const due = items.filter(isDue).map(({ usageFrom: _from, ...item }): ItemRow => ({
    ...item,
    current_period_start: start,
    current_period_end: nextBoundary(anchor, recurrenceOf(account, item), start),
  }))
  const moved: SubscriptionRow = { ...ending, ...changes }
  // Only after a trial, a period can begin at another time than the anchor says.
  const proration = moved.freeUntilAnchor ? 'none' : 'create_prorations'
  const cut = (item: ItemRow, line: InvoiceLine): InvoiceLine =>
    ending.status === 'trialing' ? shareOfPeriod(account, moved, item, line, proration) : line
  const prebilled = new Map(due.map((item) => [item.id, enterPeriod(account, moved, item)]))
  const ahead = due
    .flatMap(
      (item) =>
        prebilled.get(item.id)?.lines ??
        periodLines(account, moved, item, { trial: false }).map((line) => cut(item, line)),
    )
    .map((line) => untilCancellation(moved, line) ?? line)
  const lines = [...used, ...ahead]
  const waiting = pendingItems(account, ending.customer, ending.currency, id)
  // Flexible billing has no lines for metered items before they are used, and no invoice without lines.
  if (lines.length === 0 && waiting.length === 0) {
    const moving = new Map(due.map((item) => [item.id, prebilled.get(item.id)?.item ?? item]))
    updateSubscription(account, id, { ...changes, items: items.map((item) => moving.get(item.id) ?? item) })
    return
  }
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
  const nets = amountsOf(account, invoice)
    .lines.slice(waiting.length + used.length)
    .map(({ net }) => net)
  const renewed = new Map(
    due.map(({ ahead: _ahead, ...item }) => [
      item.id,
      prebilled.get(item.id)?.item ?? { ...item, debit: debitOf(account, moved, item, ahead, nets) },
    ]),
  )
  updateSubscription(account, id, {
    ...changes,
    latest_invoice: invoice.id,
    items: items.map((item) => renewed.get(item.id) ?? item),
  })
  announceInvoice(account, invoice.id)
  useUpDiscounts(account, id, invoice)
  if (ending.pause_collection?.behavior === 'keep_as_draft')
    updateInvoice(account, invoice.id, { auto_advance: false, automatically_finalizes_at: null })
}
