import { useUpDiscounts, useUpInProrations } from '../discounts/end-discounts.ts'
import { emit } from '../events/emit.ts'
import { serializeSubscription, updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceLine, InvoiceRow } from '../state/rows/invoice.ts'
import type { PaymentBehavior, SubscriptionRow } from '../state/rows/subscription.ts'
import { announceTrialEnd } from './announce-trial-end.ts'
import { changeTerms, type NewTerms, type TermsChange } from './change-terms.ts'
import { collect } from './collection.ts'
import { endsWithoutCard } from './end-trial.ts'
import { followPayment } from './follow-payment.ts'
import { holdBack } from './hold-back.ts'
import { announceInvoice, defaultPayment, draftSubscriptionInvoice, finalizeInvoice } from './invoicing.ts'
import { noPaymentMethod, paymentFailed } from './payment-errors.ts'
import { attachItems, pendingItems, putAside, takeUp } from './pending-items.ts'

/** A requested update, parsed and validated. */
export interface SubscriptionChange {
  readonly fields: Partial<SubscriptionRow>
  /** Null if the update changes nothing that could be charged or credited. */
  readonly terms: TermsChange | null
  readonly paymentBehavior: PaymentBehavior
}

/**
 * Changes a subscription and bills or credits the difference.
 *
 * @throws {StripeApiError} 402 with `error_if_incomplete` if the payment fails: the caller rolls everything back.
 * @throws {StripeApiError} 400 without a card to charge.
 * @see https://docs.stripe.com/api/subscriptions/update
 */
export function updateSubscriptionTerms(account: Account, id: string, change: SubscriptionChange): SubscriptionRow {
  const old = account.subscriptions.get(id)
  if (!change.terms) return updateSubscription(account, id, change.fields)
  if (old.status === 'trialing' && change.terms.trialEnd === 'now' && endsWithoutCard(account, id))
    return account.subscriptions.get(id)
  const terms = changeTerms(account, withFields(old, change), change.terms)
  if (change.paymentBehavior === 'pending_if_incomplete' && terms.lines.length > 0)
    return updateOncePaid(account, old, change, terms)

  const draft = applyTerms(account, old, change, terms)
  if (draft && account.subscriptions.get(id).pause_collection) holdBack(account, draft.id)
  else if (draft && old.collection_method === 'charge_automatically') bill(account, draft.id, change.paymentBehavior)
  announceTrialEnd(account, id)
  return account.subscriptions.get(id)
}

/**
 * Applies new terms without collecting any money yet.
 *
 * @returns the draft of the invoice that is billed at once; null if nothing is.
 */
export function applyTerms(
  account: Account,
  old: SubscriptionRow,
  change: SubscriptionChange,
  terms: NewTerms,
): InvoiceRow | null {
  const { id } = old
  const atOnce = terms.restarts || change.terms?.proration === 'always_invoice'
  const viaItems = !atOnce || old.billing_mode === 'classic'
  // Besides prorations, only the usage of a metered item can wait for the next invoice.
  const isAside = (line: InvoiceLine): boolean => viaItems && (line.proration || !atOnce)
  for (const line of terms.lines.filter(isAside)) putAside(account, old.customer, old.currency, line)
  const draft =
    atOnce && terms.lines.length > 0
      ? draftUpdate(
          account,
          withFields(old, change),
          terms.lines.filter((line) => !isAside(line)),
          change.terms?.at ?? null,
        )
      : null
  updateSubscription(account, id, {
    ...change.fields,
    ...terms.fields,
    ...movedEnd({ ...old, ...change.fields }, terms),
    ...(draft && { latest_invoice: draft.id }),
  })
  if (draft) announceInvoice(account, draft.id)
  useUpInProrations(account, id, terms.lines)
  if (draft) useUpDiscounts(account, id, draft)
  return draft
}

/** A cancellation at the period's end moves along with that end. */
function movedEnd({ cancel_at_period_end }: SubscriptionRow, { fields: { items } }: NewTerms): { cancel_at?: number } {
  return cancel_at_period_end && items ? { cancel_at: Math.min(...items.map((item) => item.current_period_end)) } : {}
}

/** The subscription with the discounts, tax rates and end that a change is billed with. */
export function withFields(old: SubscriptionRow, { fields }: SubscriptionChange): SubscriptionRow {
  const { discounts = old.discounts, default_tax_rates = old.default_tax_rates } = fields
  const automatic_tax = 'automatic_tax' in fields ? fields.automatic_tax : old.automatic_tax
  const { cancel_at = old.cancel_at } = fields
  return { ...old, automatic_tax, cancel_at, discounts, default_tax_rates }
}

function draftUpdate(
  account: Account,
  old: SubscriptionRow,
  lines: readonly InvoiceLine[],
  prorationDate: number | null,
): InvoiceRow {
  const waiting = pendingItems(account, old.customer, old.currency, old.id)
  const now = account.nowOf(old.customer)
  const draft = draftSubscriptionInvoice(account, old, {
    billing_reason: 'subscription_update',
    lines: [...takeUp(account, waiting), ...lines],
    period_start: now,
    period_end: now,
    subscription_proration_date: prorationDate,
    automatically_finalizes_at: old.collection_method === 'send_invoice' ? now + account.settings.finalizeAfter : null,
  })
  attachItems(account, waiting, draft.id)
  return draft
}

function bill(account: Account, id: string, behavior: PaymentBehavior): void {
  if (account.isPreviewing) return
  const { status, subscription } = finalizeInvoice(account, id)
  if (status !== 'open' || subscription === null) return
  if (behavior === 'default_incomplete') {
    defaultPayment(account, id)
    account.invoices.patch(id, { next_payment_attempt: null })
    updateSubscription(account, subscription, { status: 'past_due' })
    return
  }
  const outcome = collect(account, id, { automatic: behavior === 'allow_incomplete' })
  if (outcome.kind === 'no_payment_method') throw noPaymentMethod()
  if (behavior === 'error_if_incomplete' && outcome.kind !== 'succeeded') throw paymentFailed(account, id, outcome)
  followPayment(account, id, outcome.kind)
}

/**
 * `pending_if_incomplete`: invoices first and applies the new terms only once the invoice is paid. Without a payment,
 * the pending update expires, by default after 23 hours.
 */
function updateOncePaid(
  account: Account,
  old: SubscriptionRow,
  change: SubscriptionChange,
  terms: NewTerms,
): SubscriptionRow {
  const draft = draftUpdate(account, withFields(old, change), terms.lines, change.terms?.at ?? null)
  announceInvoice(account, draft.id)
  const open = finalizeInvoice(account, draft.id)
  const outcome =
    open.status === 'open' ? collect(account, draft.id, { automatic: false }) : { kind: 'succeeded' as const }
  if (outcome.kind === 'no_payment_method') throw noPaymentMethod()
  if (outcome.kind === 'succeeded') {
    updateSubscription(account, old.id, { ...change.fields, ...terms.fields, latest_invoice: draft.id })
    useUpDiscounts(account, old.id, draft)
    return account.subscriptions.get(old.id)
  }

  account.invoices.patch(draft.id, { next_payment_attempt: null, auto_advance: false })
  return updateSubscription(account, old.id, {
    latest_invoice: draft.id,
    pending_update: {
      expires_at: account.nowOf(old.customer) + account.settings.incompleteExpiresAfter,
      items: terms.fields.items ?? null,
      billing_cycle_anchor: terms.fields.billing_cycle_anchor ?? null,
      trial_end: terms.fields.trial_end ?? null,
      discounts: change.fields.discounts ?? null,
      invoice: draft.id,
    },
  })
}

/** Drops a pending update that was not paid in time. The caller voids its invoice. */
export function dropPendingUpdate(account: Account, id: string): SubscriptionRow {
  const row = updateSubscription(account, id, { pending_update: null })
  emit(account, 'customer.subscription.pending_update_expired', serializeSubscription(account, row))
  return row
}
