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
import { announceInvoice, defaultPayment, draftSubscriptionInvoice, finalizeInvoice } from './invoicing.ts'
import { noPaymentMethod, paymentFailed } from './payment-errors.ts'
import { attachItems, pendingItems, putAside, takeUp } from './pending-items.ts'

/** What an update asks for, read and checked. */
export interface SubscriptionChange {
  readonly fields: Partial<SubscriptionRow>
  /** Null where nothing is asked for that could cost or credit anything. */
  readonly terms: TermsChange | null
  readonly paymentBehavior: PaymentBehavior
}

/**
 * Changes a subscription, and bills or credits what that comes to.
 *
 * @throws {StripeApiError} 402 with `error_if_incomplete` when the payment fails: then nothing has changed. 400 without a card.
 * @see https://docs.stripe.com/api/subscriptions/update
 */
export function updateSubscriptionTerms(account: Account, id: string, change: SubscriptionChange): SubscriptionRow {
  const old = account.subscriptions.get(id)
  if (!change.terms) return updateSubscription(account, id, change.fields)
  if (old.status === 'trialing' && change.terms.trialEnd === 'now' && endsWithoutCard(account, id))
    return account.subscriptions.get(id)
  const terms = changeTerms(account, old, change.terms)
  if (change.paymentBehavior === 'pending_if_incomplete' && terms.lines.length > 0)
    return updateOncePaid(account, old, change, terms)

  const draft = applyTerms(account, old, change, terms)
  if (draft && old.collection_method === 'charge_automatically') bill(account, draft.id, change.paymentBehavior)
  announceTrialEnd(account, id)
  return account.subscriptions.get(id)
}

/** Puts new terms in force, without asking for money yet. Answers with the draft of what is billed at once, if anything is. */
export function applyTerms(
  account: Account,
  old: SubscriptionRow,
  change: SubscriptionChange,
  terms: NewTerms,
): InvoiceRow | null {
  const { id } = old
  const atOnce = terms.restarts || change.terms?.proration === 'always_invoice'
  const viaItems = !atOnce || old.billing_mode === 'classic'
  if (viaItems)
    for (const line of terms.lines.filter((each) => each.proration)) putAside(account, old.customer, old.currency, line)
  const draft =
    atOnce && terms.lines.length > 0
      ? draftUpdate(
          account,
          old,
          terms.lines.filter((line) => !(viaItems && line.proration)),
          change.terms?.at ?? null,
        )
      : null
  updateSubscription(account, id, { ...change.fields, ...terms.fields, ...(draft && { latest_invoice: draft.id }) })
  if (draft) announceInvoice(account, draft.id)
  return draft
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

/** `pending_if_incomplete`: the invoice comes first, and the new terms with its payment, within 23 hours or not at all. */
function updateOncePaid(
  account: Account,
  old: SubscriptionRow,
  change: SubscriptionChange,
  terms: NewTerms,
): SubscriptionRow {
  const draft = draftUpdate(account, old, terms.lines, change.terms?.at ?? null)
  announceInvoice(account, draft.id)
  const open = finalizeInvoice(account, draft.id)
  const outcome =
    open.status === 'open' ? collect(account, draft.id, { automatic: false }) : { kind: 'succeeded' as const }
  if (outcome.kind === 'no_payment_method') throw noPaymentMethod()
  if (outcome.kind === 'succeeded')
    return updateSubscription(account, old.id, { ...change.fields, ...terms.fields, latest_invoice: draft.id })

  account.invoices.patch(draft.id, { next_payment_attempt: null, auto_advance: false })
  return updateSubscription(account, old.id, {
    latest_invoice: draft.id,
    pending_update: {
      expires_at: account.nowOf(old.customer) + account.settings.incompleteExpiresAfter,
      items: terms.fields.items ?? null,
      billing_cycle_anchor: terms.fields.billing_cycle_anchor ?? null,
      trial_end: terms.fields.trial_end ?? null,
      invoice: draft.id,
    },
  })
}

/** A pending update that was not paid in time is forgotten, its invoice voided. */
export function dropPendingUpdate(account: Account, id: string): SubscriptionRow {
  const row = updateSubscription(account, id, { pending_update: null })
  emit(account, 'customer.subscription.pending_update_expired', serializeSubscription(account, row))
  return row
}
