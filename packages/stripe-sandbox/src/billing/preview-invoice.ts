import type Stripe from 'stripe'
import { totalOf } from '../amounts/invoice-amounts.ts'
import { endDiscounts } from '../discounts/end-discounts.ts'
import { StripeApiError } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { applyBalance, serializeInvoice } from '../resources/invoice.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import type { Wire } from '../wire.ts'
import { changeTerms } from './change-terms.ts'
import { nextForSubscription, type Step } from './due.ts'
import { endSubscription } from './end-subscription.ts'
import { endTrial } from './end-trial.ts'
import { renew } from './renew.ts'
import { applyTerms, withFields, type SubscriptionChange } from './update-subscription.ts'

/**
 * The next invoice of a subscription after a change that is only previewed. The real change runs in a rehearsal and is
 * rolled back, so that the preview and the later update agree to the cent.
 *
 * @throws {StripeApiError} 404 `invoice_upcoming_none` when nothing more will be billed.
 */
export function previewInvoice(
  account: Account,
  subscription: SubscriptionRow,
  change: SubscriptionChange,
  { cancelNow }: { cancelNow: boolean },
): Wire<Stripe.Invoice> {
  return account.journal.rehearse(() => {
    const draft = rehearse(account, subscription, change, cancelNow)
    if (!draft) throw nothingUpcoming(subscription.customer)
    const { balance } = account.customers.get(subscription.customer)
    const row: InvoiceRow = {
      ...draft,
      ending_balance: applyBalance(totalOf(account, draft), balance, draft.currency).ending,
      id: newId('upcoming_in'),
    }
    return { ...serializeInvoice(account, row), attempted: false, status: 'draft' }
  })
}

export function nothingUpcoming(customer: string): StripeApiError {
  return new StripeApiError(404, {
    type: 'invalid_request_error',
    code: 'invoice_upcoming_none',
    message: `No upcoming invoices for customer: '${customer}'`,
  })
}

function rehearse(
  account: Account,
  old: SubscriptionRow,
  change: SubscriptionChange,
  cancelNow: boolean,
): InvoiceRow | null {
  if (cancelNow) {
    const { latest_invoice } = endSubscription(account, old.id, {
      invoiceNow: true,
      prorate: change.terms?.proration !== 'none',
    })
    if (latest_invoice === null || latest_invoice === old.latest_invoice) return null
    return { ...account.invoices.get(latest_invoice), status: 'draft', finalized_amount_due: null, number: null }
  }
  const atOnce = change.terms
    ? applyTerms(account, old, change, changeTerms(account, withFields(old, change), change.terms))
    : null
  if (atOnce) return atOnce
  if (!change.terms) updateSubscription(account, old.id, change.fields)
  return upcoming(account, old.id)
}

/** What can come before the next renewal or is one. */
const UPCOMING: Partial<Record<Step, (account: Account, id: string) => void>> = {
  end_discounts: endDiscounts,
  end_trial: endTrial,
  renew: (account, id) => renew(account, id),
}

/** The next renewal's invoice as things stand now; null if no renewal is due. */
function upcoming(account: Account, id: string): InvoiceRow | null {
  const {
    customer,
    latest_invoice: before,
    test_clock,
  } = account.subscriptions.patch(id, {
    trialEndAnnounced: true,
    pending_update: null,
    pause_collection: null,
    nextPendingInvoice: undefined,
  })
  const due = nextForSubscription(account, account.subscriptions.get(id))
  const work = due && UPCOMING[due.step]
  if (!due || !work) return null
  if (test_clock === null) account.at(due.at, () => work(account, id))
  else {
    account.testClocks.patch(test_clock, { frozen_time: due.at })
    work(account, id)
  }
  if (due.step === 'end_discounts') return upcoming(account, id)
  const { latest_invoice } = account.subscriptions.get(id)
  const draft = latest_invoice === null || latest_invoice === before ? null : account.invoices.get(latest_invoice)
  return draft && { ...draft, next_payment_attempt: account.nowOf(customer) + account.settings.finalizeAfter }
}
