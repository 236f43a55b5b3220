import type Stripe from 'stripe'
import { totalOf } from '../amounts/invoice-amounts.ts'
import { endDiscounts } from '../discounts/end-discounts.ts'
import { StripeApiError } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { applyBalance, serializeInvoice } from '../resources/invoice.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import type { ScheduleRow, SubscriptionRow } from '../state/rows/subscription.ts'
import type { Wire } from '../wire.ts'
import { changeTerms } from './change-terms.ts'
import { nextForSchedule, nextForSubscription, type Step } from './due.ts'
import { endSubscription } from './end-subscription.ts'
import { endTrial } from './end-trial.ts'
import { renew } from './renew.ts'
import { takeStep } from './scheduled-pauses.ts'
import { changePhase } from './schedules.ts'
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
  return inPreview(account, () => {
    const draft = rehearse(account, subscription, change, cancelNow)
    if (!draft) throw nothingUpcoming(subscription.customer)
    return asPreview(account, draft)
  })
}

export function nothingUpcoming(customer: string): StripeApiError {
  return new StripeApiError(404, {
    type: 'invalid_request_error',
    code: 'invoice_upcoming_none',
    message: `No upcoming invoices for customer: '${customer}'`,
  })
}

/**
 * The next invoice of a schedule that `change` creates or changes. The change runs in a rehearsal and is rolled back.
 *
 * @throws {StripeApiError} 404 `invoice_upcoming_none` when nothing will be billed.
 */
export function previewSchedule(account: Account, change: () => ScheduleRow): Wire<Stripe.Invoice> {
  return inPreview(account, () => {
    const known = account.invoices.size
    const { id, customer, phases, subscription, test_clock } = change()
    const billed = account.invoices.size > known ? account.invoices.all().at(-1) : undefined
    if (subscription === null) {
      const start = phases[0]?.start_date
      if (start === undefined) throw nothingUpcoming(customer)
      atTime(account, test_clock, start, () => changePhase(account, id))
    }
    const started = account.schedules.get(id).subscription
    const first = started === null || subscription !== null ? null : account.subscriptions.get(started).latest_invoice
    const draft = billed ?? (first === null ? started && upcoming(account, started) : account.invoices.get(first))
    if (!draft) throw nothingUpcoming(customer)
    return asPreview(account, draft)
  })
}

/**
 * The invoice that `work` makes of a subscription at once, such as when it is paused or resumed.
 *
 * @throws {StripeApiError} 404 `invoice_upcoming_none` if it makes none.
 */
export function previewOf(
  account: Account,
  { customer, id, latest_invoice }: SubscriptionRow,
  work: () => void,
): Wire<Stripe.Invoice> {
  return inPreview(account, () => {
    work()
    const { latest_invoice: made } = account.subscriptions.get(id)
    if (made === null || made === latest_invoice) throw nothingUpcoming(customer)
    return asPreview(account, account.invoices.get(made))
  })
}

function inPreview<T>(account: Account, work: () => T): T {
  account.isPreviewing = true
  try {
    return account.journal.rehearse(work)
  } finally {
    account.isPreviewing = false
  }
}

function asPreview(account: Account, draft: InvoiceRow): Wire<Stripe.Invoice> {
  const row: InvoiceRow = {
    ...draft,
    status: 'draft',
    finalized_amount_due: null,
    number: null,
    ...(draft.credits && { credits: draft.credits.map((credit) => ({ ...credit, transaction: null })) }),
    id: newId('upcoming_in'),
  }
  const { balance } = account.customers.get(draft.customer)
  const { ending } = applyBalance(totalOf(account, row), balance, draft.currency)
  return { ...serializeInvoice(account, { ...row, ending_balance: ending }), attempted: false, status: 'draft' }
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

/** Runs `work` as if it were another time. Only in a rehearsal: a test clock stays there. */
export function atTime<T>(account: Account, clock: string | null, time: number, work: () => T): T {
  if (clock === null) return account.at(time, work)
  account.testClocks.patch(clock, { frozen_time: time })
  return work()
}

/**
 * The next invoice of a subscription as things stand now: of its renewal, or of the next phase of its schedule. Null if
 * there is none.
 */
function upcoming(account: Account, id: string): InvoiceRow | null {
  const {
    items,
    latest_invoice: before,
    test_clock,
    schedule,
  } = account.subscriptions.patch(id, {
    trialEndAnnounced: true,
    pending_update: null,
    pause_collection: null,
    nextPendingInvoice: undefined,
  })
  const due = nextForSubscription(account, account.subscriptions.get(id))
  const change = schedule === null ? null : nextForSchedule(account.schedules.get(schedule))
  if (schedule !== null && change && (due === null || change.at <= due.at)) {
    atTime(account, test_clock, change.at, () => takeStep(account, schedule, change.step))
    const { ended_at, latest_invoice: now } = account.subscriptions.get(id)
    if (now === before && ended_at === null) return upcoming(account, id)
  } else {
    const work = due && UPCOMING[due.step]
    if (!due || !work) return null
    const isPrebilled = items.some(({ ahead = [] }) => ahead.length > 0)
    atTime(account, test_clock, due.at, () => work(account, id))
    const isUnbilled = isPrebilled && account.subscriptions.get(id).latest_invoice === before
    if (due.step === 'end_discounts' || isUnbilled) return upcoming(account, id)
  }
  const { latest_invoice } = account.subscriptions.get(id)
  const draft = latest_invoice === null || latest_invoice === before ? null : account.invoices.get(latest_invoice)
  return draft && { ...draft, next_payment_attempt: draft.created + account.settings.finalizeAfter }
}
