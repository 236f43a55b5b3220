import { amountsOf } from '../amounts/invoice-amounts.ts'
import { useUpDiscounts } from '../discounts/end-discounts.ts'
import { emit } from '../events/emit.ts'
import { serializeSubscription, updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { ItemRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { addMonths } from '../time.ts'
import { collect } from './collection.ts'
import { billWhatIsPending, putUsageAside } from './end-subscription.ts'
import { announceInvoice, draftSubscriptionInvoice, finalizeInvoice, voidInvoice } from './invoicing.ts'
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

const PAUSABLE: ReadonlySet<string> = new Set(['active', 'past_due', 'unpaid'])

/**
 * Why a subscription can't be paused; null if it can.
 *
 * @see https://docs.stripe.com/billing/subscriptions/pause#limitations
 */
export function obstacleToPause({ billing_mode, collection_method, status }: SubscriptionRow): string | null {
  if (!PAUSABLE.has(status)) return `You cannot pause a subscription that is in the \`${status}\` status.`
  if (billing_mode === 'classic') return 'You cannot pause a subscription that uses the `classic` billing mode.'
  return collection_method === 'send_invoice'
    ? 'You cannot pause a subscription whose `collection_method` is `send_invoice`.'
    : null
}

/** Why a subscription can't be resumed; null if it can. */
export function obstacleToResumption(
  account: Account,
  { collection_method, paused, status }: SubscriptionRow,
): string | null {
  if (status !== 'paused')
    return `This subscription cannot be resumed, because it is not paused: its status is ${status}.`
  if (collection_method === 'send_invoice')
    return 'You can only resume a subscription whose `collection_method` is `charge_automatically`.'
  const waiting = paused?.resumption?.invoice
  return waiting !== undefined && account.invoices.get(waiting).status === 'open'
    ? `The invoice ${waiting} already waits to resume this subscription. Pay it or void it.`
    : null
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
    pending_update: null,
    items: running.items.map(({ ahead: _ahead, ...item }) => ({
      ...item,
      current_period_end: Math.min(item.current_period_end, at),
      debit: null,
    })),
  })
  emit(account, 'customer.subscription.paused', serializeSubscription(account, row))
  if (invoice) billWhatIsPending(account, row)
  return account.subscriptions.get(id)
}

/**
 * Resumes a paused subscription and bills its current period at once, unless that is already paid.
 *
 * @param options.anchor `now` starts a new period.
 * @param options.onSuccessOnly charge the resumption invoice now, and keep it paused until it is paid
 *   (`resume_on_payment_success`). Otherwise nothing is charged, and the first attempt to pay the invoice resumes it.
 * @throws {StripeApiError} 400 without a card to charge.
 * @see https://docs.stripe.com/billing/subscriptions/pause#payment-behavior
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
    finalizeInvoice(account, invoice.id).status !== 'open'
      ? { kind: 'succeeded' as const }
      : onSuccessOnly
        ? collect(account, invoice.id, { automatic: false })
        : null
  if (outcome?.kind === 'no_payment_method') throw noPaymentMethod()
  if (outcome?.kind === 'succeeded') {
    goOn(account, id, { ...billed, status: 'active' })
    useUpDiscounts(account, id, invoice)
    return account.subscriptions.get(id)
  }
  if (!onSuccessOnly) account.invoices.patch(invoice.id, { auto_advance: false, next_payment_attempt: null })
  const { billing_cycle_anchor } = { ...paused, ...fields }
  const expires = onSuccessOnly ? addMonths(now, 12) : now + account.settings.incompleteExpiresAfter
  const resumption = { billing_cycle_anchor, expires, invoice: invoice.id, items: billed.items, onSuccessOnly }
  return updateSubscription(account, id, {
    latest_invoice: invoice.id,
    paused: paused.paused && { ...paused.paused, resumption },
  })
}

/** Voids the invoice of a resumption that was not paid in time. The subscription stays paused. */
export function expireResumption(account: Account, id: string): void {
  const { paused } = account.subscriptions.get(id)
  if (!paused?.resumption) return
  const { resumption, ...rest } = paused
  if (account.invoices.get(resumption.invoice).status === 'open') voidInvoice(account, resumption.invoice)
  account.subscriptions.patch(id, { paused: rest })
}

/**
 * Resumes a subscription once the invoice of its resumption is paid or marked uncollectible; as `past_due`, once an
 * attempt to pay it has failed.
 */
export function finishResumption(account: Account, id: string, status: 'active' | 'past_due' = 'active'): void {
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
  goOn(account, id, { billing_cycle_anchor, items: current, paused: null, status })
  useUpDiscounts(account, id, account.invoices.get(invoice))
}

function goOn(account: Account, id: string, changes: Partial<SubscriptionRow>): SubscriptionRow {
  const resumed = serializeSubscription(account, { ...account.subscriptions.get(id), ...changes })
  emit(account, 'customer.subscription.resumed', resumed)
  return updateSubscription(account, id, changes)
}
