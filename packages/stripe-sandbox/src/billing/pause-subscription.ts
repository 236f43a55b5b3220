import { amountsOf } from '../amounts/invoice-amounts.ts'
import { useUpDiscounts } from '../discounts/end-discounts.ts'
import { emit } from '../events/emit.ts'
import { serializeSubscription, updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { ItemRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { collect } from './collection.ts'
import { billWhatIsPending, putUsageAside } from './end-subscription.ts'
import { announceInvoice, draftSubscriptionInvoice, finalizeInvoice } from './invoicing.ts'
import { debitOf, periodLines } from './lines.ts'
import { noPaymentMethod } from './payment-errors.ts'
import { attachItems, pendingItems, putAside, takeUp } from './pending-items.ts'
import { boundary, periodAround } from './periods.ts'
import { unusedLines } from './prebilling.ts'
import { recurrenceOf } from './recurring-price.ts'

/** What a pause bills. */
export interface PauseOptions {
  readonly credit: 'none' | 'now' | 'item_current_period_start'
  readonly invoice: boolean
  readonly usage: boolean
}

/**
 * Pauses a subscription: no renewals and no invoices until it is resumed.
 *
 * @param options.credit from when to credit the unused time.
 * @param options.usage bill what metered items have used until now.
 * @param options.invoice bill pending items, including that credit, at once.
 * @see https://docs.stripe.com/changelog/endive/2026-09-30/pause-subscription
 */
export function pauseSubscription(
  account: Account,
  id: string,
  { credit, invoice, usage }: PauseOptions,
): SubscriptionRow {
  const running = account.subscriptions.get(id)
  const at = account.nowOf(running.customer)
  if (credit !== 'none')
    for (const item of running.items)
      for (const line of unusedLines(account, running, item, credit === 'now' ? at : item.current_period_start))
        putAside(account, running.customer, running.currency, line)
  if (usage) putUsageAside(account, running)
  const row = updateSubscription(account, id, {
    status: 'paused',
    paused: { reason: 'pause_requested', at },
    items: running.items.map(({ ahead: _ahead, ...item }) => ({ ...item, debit: null })),
  })
  emit(account, 'customer.subscription.paused', serializeSubscription(account, row))
  if (invoice) billWhatIsPending(account, row)
  return account.subscriptions.get(id)
}

/**
 * Resumes a paused subscription and bills its current period at once, unless that is already paid.
 *
 * @param options.anchor `now` starts a new period.
 * @param options.onSuccessOnly keep it paused until the resumption invoice is paid (`resume_on_payment_success`).
 * @throws {StripeApiError} 400 without a card to charge.
 */
export function resumeSubscription(
  account: Account,
  id: string,
  { anchor, onSuccessOnly }: { anchor: 'now' | 'unchanged'; onSuccessOnly: boolean },
): SubscriptionRow {
  const paused = account.subscriptions.get(id)
  const now = account.nowOf(paused.customer)
  const stillPaid = paused.items.every((item) => item.debit !== null && item.debit.end > now) && anchor === 'unchanged'
  const items = paused.items.map((item): ItemRow => {
    const recurrence = recurrenceOf(account, item)
    const { start, end } =
      anchor === 'now'
        ? { start: now, end: boundary(now, recurrence, 1) }
        : periodAround(paused.billing_cycle_anchor, recurrence, now)
    // What was used before the pause is billed already, or not at all.
    return { ...item, current_period_start: start, current_period_end: end, usageFrom: now }
  })
  const moved: SubscriptionRow = { ...paused, items }
  const fields = { items, paused: null, ...(anchor === 'now' && { billing_cycle_anchor: now }) }
  if (stillPaid) return goOn(account, id, { ...fields, status: 'active' })

  const lines = items.flatMap((item) => periodLines(account, moved, item, { trial: false }))
  const waiting = pendingItems(account, paused.customer, paused.currency, id)
  if (lines.length === 0 && waiting.length === 0) return goOn(account, id, { ...fields, status: 'active' })
  const invoice = draftSubscriptionInvoice(account, moved, {
    billing_reason: 'subscription_update',
    lines: [...takeUp(account, waiting), ...lines],
    period_start: now,
    period_end: now,
  })
  attachItems(account, waiting, invoice.id)
  const nets = amountsOf(account, invoice)
    .lines.slice(waiting.length)
    .map(({ net }) => net)
  const billed = {
    ...fields,
    items: items.map((item) => ({ ...item, debit: debitOf(account, moved, item, lines, nets) })),
    latest_invoice: invoice.id,
  }
  announceInvoice(account, invoice.id)
  if (account.isPreviewing) return updateSubscription(account, id, { ...billed, status: 'active' })
  const outcome =
    finalizeInvoice(account, invoice.id).status === 'open'
      ? collect(account, invoice.id, { automatic: !onSuccessOnly })
      : { kind: 'succeeded' as const }
  if (outcome.kind === 'no_payment_method') throw noPaymentMethod()
  if (outcome.kind === 'succeeded') {
    goOn(account, id, { ...billed, status: 'active' })
    useUpDiscounts(account, id, invoice)
    return account.subscriptions.get(id)
  }
  if (onSuccessOnly) {
    const { billing_cycle_anchor } = { ...paused, ...fields }
    return updateSubscription(account, id, {
      latest_invoice: invoice.id,
      paused: paused.paused && {
        ...paused.paused,
        resumption: { billing_cycle_anchor, invoice: invoice.id, items: billed.items },
      },
    })
  }
  return goOn(account, id, { ...billed, status: 'past_due' })
}

/** Resumes a subscription once the invoice of its resumption is paid or marked uncollectible. */
export function finishResumption(account: Account, id: string): void {
  const { customer, paused } = account.subscriptions.get(id)
  if (!paused?.resumption) return
  const { billing_cycle_anchor, invoice, items } = paused.resumption
  const now = account.nowOf(customer)
  // A payment that comes after the period doesn't bill the time in between.
  const current = items.map((item): ItemRow => {
    if (item.current_period_end > now) return item
    const { start, end } = periodAround(billing_cycle_anchor, recurrenceOf(account, item), now)
    return { ...item, current_period_start: start, current_period_end: end, debit: null }
  })
  goOn(account, id, { billing_cycle_anchor, items: current, paused: null, status: 'active' })
  useUpDiscounts(account, id, account.invoices.get(invoice))
}

function goOn(account: Account, id: string, changes: Partial<SubscriptionRow>): SubscriptionRow {
  const resumed = serializeSubscription(account, { ...account.subscriptions.get(id), ...changes })
  emit(account, 'customer.subscription.resumed', resumed)
  return updateSubscription(account, id, changes)
}
