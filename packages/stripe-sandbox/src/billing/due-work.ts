import { endDiscounts, useUpDiscounts } from '../discounts/end-discounts.ts'
import { emit } from '../events/emit.ts'
import { cancelPaymentIntent } from '../payments/charge-card.ts'
import { serializeCharge } from '../resources/charge.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import { announceTrialEnd } from './announce-trial-end.ts'
import { collect, isHopeless, postpone } from './collection.ts'
import type { Step } from './due.ts'
import { billWhatIsPending, endSubscription } from './end-subscription.ts'
import { endTrial } from './end-trial.ts'
import { followFailed, followPaid, followPayment } from './follow-payment.ts'
import { holdBack } from './hold-back.ts'
import { announceInvoice, draftSubscriptionInvoice, finalizeInvoice, voidInvoice } from './invoicing.ts'
import { expireResumption } from './pause-subscription.ts'
import { attachItems, pendingItems, takeUp } from './pending-items.ts'
import { nextBoundary } from './periods.ts'
import { renew } from './renew.ts'
import { pauseAsScheduled, resumeAsScheduled } from './scheduled-pauses.ts'
import { changePhase } from './schedules.ts'
import { dropPendingUpdate } from './update-subscription.ts'

/** Performs a step that is due for a row. The caller has set the clock to the moment it is due. */
export function perform(account: Account, step: Step, id: string): void {
  STEPS_TO_DO[step](account, id)
}

const STEPS_TO_DO: Readonly<Record<Step, (account: Account, id: string) => void>> = {
  finalize_invoice: finalizeDraft,
  expire_authorization: expireAuthorization,
  retry_payment: retryPayment,
  pass_due_date: passDueDate,
  announce_trial_end: announceTrialEnd,
  expire_incomplete: expireIncomplete,
  expire_pending_update: expirePendingUpdate,
  expire_resumption: expireResumption,
  change_phase: changePhase,
  pause: pauseAsScheduled,
  resume: resumeAsScheduled,
  end_discounts: endDiscounts,
  resume_collection: (account, id) => updateSubscription(account, id, { pause_collection: null }),
  cancel: cancelAsPlanned,
  end_trial: endTrial,
  renew: (account, id) => renew(account, id),
  bill_pending: billPending,
}

/** Finalizes and charges a renewal's invoice, by default an hour after it was drafted. */
function finalizeDraft(account: Account, id: string): void {
  const { subscription } = account.invoices.get(id)
  if (subscription !== null && account.subscriptions.get(subscription).pause_collection) {
    holdBack(account, id)
    return
  }
  const open = finalizeInvoice(account, id)
  if (open.status === 'paid') followPaid(account, id)
  else if (open.collection_method === 'charge_automatically')
    followPayment(account, id, collect(account, id, { automatic: true }).kind)
}

/** Retries a payment. After a hard decline, the attempt on the same card is skipped, but it still counts. */
function retryPayment(account: Account, id: string): void {
  if (isHopeless(account, id)) {
    postpone(account, id)
    followPayment(account, id, 'declined')
    return
  }
  followPayment(account, id, collect(account, id, { automatic: true }).kind)
}

/**
 * Makes a subscription past due when an invoice that was sent is not paid in time. After the additional deadline, if
 * there is one, it does what the account's settings say.
 *
 * @see node_modules/stripe/esm/resources/Subscriptions.d.ts, `Subscription.status`
 */
function passDueDate(account: Account, id: string): void {
  const givesUp = account.invoices.get(id).overdue === 'due'
  account.invoices.patch(id, { overdue: givesUp ? 'given_up' : 'due' })
  followFailed(account, id, { givesUp })
}

/** Releases a payment that was authorized a week ago and not captured since. */
function expireAuthorization(account: Account, id: string): void {
  const { latest_charge } = account.paymentIntents.get(id)
  cancelPaymentIntent(account, id, 'automatic')
  if (latest_charge !== null)
    emit(account, 'charge.expired', serializeCharge(account, account.charges.get(latest_charge)))
}

/** Ends a subscription whose first payment was not made in time, by default within 23 hours. */
function expireIncomplete(account: Account, id: string): void {
  const { customer, latest_invoice } = account.subscriptions.get(id)
  if (latest_invoice !== null && account.invoices.get(latest_invoice).status === 'open')
    voidInvoice(account, latest_invoice)
  const now = account.nowOf(customer)
  updateSubscription(account, id, { status: 'incomplete_expired', canceled_at: now, ended_at: now })
}

function expirePendingUpdate(account: Account, id: string): void {
  const { pending_update } = account.subscriptions.get(id)
  if (!pending_update) return
  if (account.invoices.get(pending_update.invoice).status === 'open') voidInvoice(account, pending_update.invoice)
  dropPendingUpdate(account, id)
}

/** Bills a subscription's pending items at the interval that it asks for, even if its period goes on. */
function billPending(account: Account, id: string): void {
  const subscription = account.subscriptions.get(id)
  const { billing_cycle_anchor, currency, customer, nextPendingInvoice, pendingInterval } = subscription
  if (!pendingInterval || nextPendingInvoice === undefined) return
  const next = nextBoundary(billing_cycle_anchor, pendingInterval, nextPendingInvoice)
  const items = pendingItems(account, customer, currency, id)
  if (items.length === 0) {
    updateSubscription(account, id, { nextPendingInvoice: next })
    return
  }
  const invoice = draftSubscriptionInvoice(account, subscription, {
    billing_reason: 'automatic_pending_invoice_item_invoice',
    lines: takeUp(account, items),
    period_start: nextPendingInvoice,
    period_end: nextPendingInvoice,
    automatically_finalizes_at: account.nowOf(customer) + account.settings.finalizeAfter,
  })
  attachItems(account, items, invoice.id)
  updateSubscription(account, id, { latest_invoice: invoice.id, nextPendingInvoice: next })
  announceInvoice(account, invoice.id)
  useUpDiscounts(account, id, invoice)
  if (subscription.pause_collection?.behavior === 'keep_as_draft') holdBack(account, invoice.id)
}

function cancelAsPlanned(account: Account, id: string): void {
  const { prorateCancellation = false } = account.subscriptions.get(id)
  const ended = endSubscription(account, id, { prorate: prorateCancellation, usage: true })
  billWhatIsPending(account, ended)
}
