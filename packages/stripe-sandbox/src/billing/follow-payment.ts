import { useUpDiscounts } from '../discounts/end-discounts.ts'
import { emit } from '../events/emit.ts'
import { updateInvoice } from '../resources/invoice.ts'
import { serializeSubscription, updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { CollectionOutcome } from './collection.ts'
import { endSubscription } from './end-subscription.ts'
import { finishResumption } from './pause-subscription.ts'

/** Updates a subscription after the payment of one of its invoices has succeeded or failed. */
export function followPayment(account: Account, invoiceId: string, outcome: CollectionOutcome['kind']): void {
  if (outcome === 'succeeded') followPaid(account, invoiceId)
  else followFailed(account, invoiceId, { givesUp: retriesAreOver(account, invoiceId) })
}

/** Updates a subscription after one of its invoices was paid, voided or marked uncollectible. */
export function followPaid(account: Account, invoiceId: string): void {
  const invoice = account.invoices.get(invoiceId)
  if (invoice.subscription === null) return
  const subscription = account.subscriptions.get(invoice.subscription)

  if (subscription.pending_update?.invoice === invoiceId) {
    if (invoice.status === 'paid') applyPendingUpdate(account, subscription.id)
    return
  }
  if (subscription.status === 'incomplete' && invoice.status === 'paid') {
    const trialing = subscription.trial_end !== null && subscription.trial_end > account.nowOf(subscription.customer)
    updateSubscription(account, subscription.id, {
      status: trialing ? 'trialing' : 'active',
      ...rememberedCard(account, invoiceId),
    })
    return
  }
  if (subscription.status === 'paused') {
    const resumes = subscription.paused?.resumption?.invoice === invoiceId && invoice.status !== 'void'
    if (resumes) finishResumption(account, subscription.id)
    return
  }
  if (subscription.status === 'past_due' || subscription.status === 'unpaid') {
    const owes = account.invoices
      .by('subscription', subscription.id)
      .some((other) => other.status === 'open' && (other.attempted || other.overdue !== undefined))
    if (!owes || subscription.latest_invoice === invoiceId)
      updateSubscription(account, subscription.id, { status: 'active' })
  }
}

/** The card that paid the first invoice, if the subscription is to save it (`save_default_payment_method`). */
function rememberedCard(account: Account, invoiceId: string): { default_payment_method?: string } {
  const { subscription } = account.invoices.get(invoiceId)
  if (subscription === null || account.subscriptions.get(subscription).save_default_payment_method === 'off') return {}
  const paid = account.invoicePayments.by('invoice', invoiceId).find((payment) => payment.status === 'paid')
  const method = paid && account.paymentIntents.get(paid.payment_intent).payment_method
  return method ? { default_payment_method: method } : {}
}

function retriesAreOver(account: Account, invoiceId: string): boolean {
  return account.invoices.get(invoiceId).failedAttempts > account.settings.retryAfterDays.length
}

/** Updates a subscription after one of its invoices was not paid; `givesUp` after the last attempt or deadline. */
export function followFailed(account: Account, invoiceId: string, { givesUp }: { givesUp: boolean }): void {
  const invoice = account.invoices.get(invoiceId)
  if (invoice.subscription === null) return
  const subscription = account.subscriptions.get(invoice.subscription)
  const { resumption } = subscription.paused ?? {}
  if (resumption?.invoice === invoiceId && resumption.onSuccessOnly === false)
    finishResumption(account, subscription.id, 'past_due')
  if (subscription.status !== 'active' && subscription.status !== 'past_due') return
  if (subscription.pending_update?.invoice === invoiceId) return

  if (!givesUp) {
    updateSubscription(account, subscription.id, { status: 'past_due' })
    return
  }
  switch (account.settings.afterRetries) {
    case 'cancel':
      endSubscription(account, subscription.id, { reason: 'payment_failed' })
      return
    case 'mark_unpaid':
      updateInvoice(account, invoiceId, { auto_advance: false })
      updateSubscription(account, subscription.id, { status: 'unpaid' })
      return
    case 'leave_past_due':
      updateSubscription(account, subscription.id, { status: 'past_due' })
  }
}

/** Applies the pending update of `pending_if_incomplete` after its invoice has been paid. */
function applyPendingUpdate(account: Account, id: string): void {
  const { items, pending_update } = account.subscriptions.get(id)
  if (!pending_update) return
  const row = updateSubscription(account, id, {
    items: pending_update.items ?? items,
    pending_update: null,
    ...(pending_update.billing_cycle_anchor !== null && { billing_cycle_anchor: pending_update.billing_cycle_anchor }),
    ...(pending_update.discounts && { discounts: pending_update.discounts }),
    ...(pending_update.trial_end !== null && { trial_end: pending_update.trial_end }),
  })
  emit(account, 'customer.subscription.pending_update_applied', serializeSubscription(account, row))
  useUpDiscounts(account, id, account.invoices.get(pending_update.invoice))
}
