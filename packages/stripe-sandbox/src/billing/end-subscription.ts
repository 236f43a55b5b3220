import { useUpDiscounts } from '../discounts/end-discounts.ts'
import { emit } from '../events/emit.ts'
import { refreshEntitlements } from '../resources/entitlements.ts'
import { updateInvoice } from '../resources/invoice.ts'
import { serializeSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { CancellationDetails, SubscriptionRow } from '../state/rows/subscription.ts'
import { collect } from './collection.ts'
import { announceInvoice, draftSubscriptionInvoice, finalizeInvoice } from './invoicing.ts'
import { usageLines } from './lines.ts'
import { attachItems, pendingItems, putAside, takeUp } from './pending-items.ts'
import { unusedLines } from './prebilling.ts'
import { closeSchedule } from './schedule-end.ts'

interface EndOptions extends Partial<CancellationDetails> {
  /** Bill pending items, including the credit of `prorate`, at once. */
  readonly invoiceNow?: boolean
  /** Credit the unused time. */
  readonly prorate?: boolean
  /** Bill what metered items have used; by default if pending items are billed. */
  readonly usage?: boolean
}

/**
 * Ends a subscription now. Its open invoices stay payable but are no longer collected automatically.
 *
 * @see https://docs.stripe.com/api/subscriptions/cancel
 */
export function endSubscription(
  account: Account,
  id: string,
  { invoiceNow = false, prorate = false, usage = invoiceNow, reason = null, comment, feedback }: EndOptions = {},
): SubscriptionRow {
  const running = account.subscriptions.get(id)
  const now = account.nowOf(running.customer)

  if (prorate)
    for (const item of running.items)
      for (const credit of unusedLines(account, running, item, now))
        putAside(account, running.customer, running.currency, credit)
  if (usage) putUsageAside(account, running)
  const { cancellation_details } = running
  const ended = account.subscriptions.patch(id, {
    status: 'canceled',
    canceled_at: running.canceled_at ?? now,
    ended_at: now,
    pending_update: null,
    cancellation_details: {
      comment: comment === undefined ? cancellation_details.comment : comment,
      feedback: feedback === undefined ? cancellation_details.feedback : feedback,
      reason: reason ?? cancellation_details.reason,
    },
  })
  emit(account, 'customer.subscription.deleted', serializeSubscription(account, ended))
  refreshEntitlements(account, ended.customer)
  stopCollecting(account, id)
  closeSchedule(account, ended, reason === 'payment_failed' ? 'aborted' : 'canceled')
  if (invoiceNow) billWhatIsPending(account, ended)
  return account.subscriptions.get(id)
}

/** Puts what metered items have used in their period aside for the next invoice. */
export function putUsageAside(account: Account, subscription: SubscriptionRow): void {
  const now = account.nowOf(subscription.customer)
  for (const item of subscription.items)
    for (const line of usageLines(account, subscription, item, now))
      if (line.amount > 0) putAside(account, subscription.customer, subscription.currency, line)
}

/**
 * Bills the pending items of an ended or paused subscription. A negative total is credited to the customer's balance.
 */
export function billWhatIsPending(account: Account, subscription: SubscriptionRow): void {
  const items = pendingItems(account, subscription.customer, subscription.currency, subscription.id)
  if (items.length === 0) return
  const start = Math.max(...subscription.items.map((item) => item.current_period_start))
  const invoice = draftSubscriptionInvoice(account, subscription, {
    billing_reason: 'subscription_update',
    lines: takeUp(account, items),
    period_start: start,
    period_end: account.nowOf(subscription.customer),
    auto_advance: true,
  })
  attachItems(account, items, invoice.id)
  account.subscriptions.patch(subscription.id, { latest_invoice: invoice.id })
  announceInvoice(account, invoice.id)
  useUpDiscounts(account, subscription.id, invoice)
  if (account.isPreviewing) return
  const { status } = finalizeInvoice(account, invoice.id)
  if (status !== 'open') return
  // Otherwise the due work would charge a card for a subscription that no longer runs.
  // The invoice stays payable by hand. Only what was used is charged.
  account.invoices.patch(invoice.id, { next_payment_attempt: null })
  const isUsage = subscription.items.some(({ price }) => account.prices.get(price).meter !== null)
  if (isUsage && invoice.collection_method === 'charge_automatically')
    collect(account, invoice.id, { automatic: false })
}

function stopCollecting(account: Account, id: string): void {
  for (const invoice of account.invoices.by('subscription', id)) {
    if (invoice.status === 'open')
      updateInvoice(account, invoice.id, { auto_advance: false, next_payment_attempt: null })
    if (invoice.status === 'draft')
      updateInvoice(account, invoice.id, { auto_advance: false, automatically_finalizes_at: null })
  }
}
