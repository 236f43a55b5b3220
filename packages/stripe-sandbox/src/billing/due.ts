import { nextDiscountEnd } from '../discounts/end-discounts.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import type { PaymentIntentRow } from '../state/rows/payment.ts'
import type { ScheduleRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { DAY } from '../time.ts'

/** What the passing of time sets off. Steps that are due at the same moment run in this order. */
export const STEPS = [
  'finalize_invoice',
  'expire_authorization',
  'retry_payment',
  'pass_due_date',
  'announce_trial_end',
  'expire_incomplete',
  'expire_pending_update',
  'expire_resumption',
  'resume_collection',
  'end_discounts',
  'change_phase',
  'pause',
  'resume',
  'cancel',
  'end_trial',
  'renew',
  'bill_pending',
] as const
export type Step = (typeof STEPS)[number]

export interface Due {
  readonly at: number
  readonly step: Step
}

const RUNNING: ReadonlySet<string> = new Set(['trialing', 'active', 'past_due', 'unpaid'])

/** The next step that is due for a subscription; null if there is none. */
export function nextForSubscription(account: Account, row: SubscriptionRow): Due | null {
  const { settings } = account
  const due: Due[] = []
  if (row.status === 'incomplete')
    due.push({ at: row.created + settings.incompleteExpiresAfter, step: 'expire_incomplete' })
  if (row.pending_update) due.push({ at: row.pending_update.expires_at, step: 'expire_pending_update' })
  const { expires } = row.paused?.resumption ?? {}
  if (expires !== undefined && row.ended_at === null) due.push({ at: expires, step: 'expire_resumption' })
  if (row.pause_collection?.resumes_at != null)
    due.push({ at: row.pause_collection.resumes_at, step: 'resume_collection' })
  const discountEnd = row.ended_at === null ? nextDiscountEnd(account, row) : null
  if (discountEnd !== null) due.push({ at: discountEnd, step: 'end_discounts' })
  if (row.cancel_at !== null && (RUNNING.has(row.status) || row.status === 'paused'))
    due.push({ at: row.cancel_at, step: 'cancel' })
  if (RUNNING.has(row.status)) {
    const end = Math.min(...row.items.map((item) => item.current_period_end))
    if (row.nextPendingInvoice !== undefined) due.push({ at: row.nextPendingInvoice, step: 'bill_pending' })
    if (row.cancel_at_period_end) due.push({ at: end, step: 'cancel' })
    if (row.status === 'trialing' && row.trial_end !== null) {
      if (!row.trialEndAnnounced)
        due.push({ at: row.trial_end - settings.trialWillEndBefore, step: 'announce_trial_end' })
      due.push({ at: row.trial_end, step: 'end_trial' })
    } else {
      due.push({ at: end, step: 'renew' })
    }
  }
  return soonest(due)
}

export function nextForInvoice({ settings }: Account, row: InvoiceRow): Due | null {
  if (row.deleted) return null
  if (row.status === 'draft' && row.automatically_finalizes_at !== null)
    return { at: row.automatically_finalizes_at, step: 'finalize_invoice' }
  if (row.status === 'open' && row.auto_advance && row.next_payment_attempt !== null)
    return { at: row.next_payment_attempt, step: 'retry_payment' }
  if (row.status === 'open' && row.due_date !== null && row.overdue !== 'given_up') {
    if (row.overdue === undefined) return { at: row.due_date, step: 'pass_due_date' }
    if (settings.afterDueDays !== null) return { at: row.due_date + settings.afterDueDays * DAY, step: 'pass_due_date' }
  }
  return null
}

/** When an authorized payment that was not captured is released; null if there is none. */
export function nextForPaymentIntent({ capture_before: at }: PaymentIntentRow): Due | null {
  return at === null ? null : { at, step: 'expire_authorization' }
}

/** When a schedule's next phase begins or its last phase ends, or it pauses or resumes; null if nothing is due. */
export function nextForSchedule(row: ScheduleRow): Due | null {
  if ((row.status !== 'active' && row.status !== 'not_started') || row.nextPhase === null) return null
  const due: Due[] = []
  const { pause, resume = null } = row.pauseSchedule ?? {}
  const next = row.phases[row.nextPhase]?.start_date
  const end = row.phases.at(-1)?.end_date
  if (next !== undefined) due.push({ at: next, step: 'change_phase' })
  else if (end !== undefined) due.push({ at: Math.max(end, afterPauses(row)), step: 'change_phase' })
  // A pause that is scheduled for a time before the first phase comes when the subscription starts.
  const start = row.phases[0]?.start_date ?? 0
  if (row.status === 'active' && pause?.status.type === 'scheduled')
    due.push({ at: Math.max(start, pause.pause_at), step: 'pause' })
  else if (row.status === 'active' && resume?.status.type === 'scheduled')
    due.push({ at: Math.max(start, resume.resume_at), step: 'resume' })
  return soonest(due)
}

/** When a schedule that will be released has nothing more to pause or to resume. */
function afterPauses({ end_behavior, pauseSchedule }: ScheduleRow): number {
  const { pause, resume } = pauseSchedule ?? {}
  if (end_behavior === 'cancel' || !pause) return 0
  return Math.max(pause.pause_at, resume?.resume_at ?? 0) + 1
}

function soonest(due: readonly Due[]): Due | null {
  return due.reduce<Due | null>(
    (best, candidate) => (best === null || isBefore(candidate, best) ? candidate : best),
    null,
  )
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && STEPS.indexOf(one.step) < STEPS.indexOf(other.step))
}
