import { StripeApiError } from '../http/errors.ts'
import type { Account } from '../state/account.ts'
import type { PauseSchedule } from '../state/rows/subscription.ts'
import type { Step } from './due.ts'
import { obstacleToPause, pauseSubscription, resumeSubscription } from './pause-subscription.ts'
import { changePhase, updateSchedule } from './schedules.ts'

/** Takes a step of a schedule that is due. */
export function takeStep(account: Account, id: string, step: Step): void {
  if (step === 'pause') pauseAsScheduled(account, id)
  else if (step === 'resume') resumeAsScheduled(account, id)
  else changePhase(account, id)
}

/**
 * Pauses the subscription of a schedule. A subscription that can't be paused makes the pause an error.
 *
 * @see https://docs.stripe.com/billing/subscriptions/pause/schedules
 */
export function pauseAsScheduled(account: Account, id: string): void {
  const { pauseSchedule: plan, subscription } = account.schedules.get(id)
  if (!plan || subscription === null) return
  const message = obstacleToPause(account.subscriptions.get(subscription))
  if (message !== null) {
    const error = { message }
    updateSchedule(account, id, {
      pauseSchedule: {
        ...plan,
        pause: { ...plan.pause, status: { type: 'error', error } },
        resume: plan.resume && { ...plan.resume, status: { type: 'error', error } },
      },
    })
    return
  }
  const { bill_for, invoicing_behavior } = plan.pause.settings ?? {}
  const from = bill_for?.unused_time_from.type ?? 'pause_at'
  pauseSubscription(account, subscription, {
    credit: from === 'pause_at' ? 'now' : from,
    invoice: invoicing_behavior === 'invoice',
    usage: bill_for?.outstanding_usage_through.type !== 'none',
  })
  updateSchedule(account, id, {
    pauseSchedule: { ...plan, pause: { ...plan.pause, status: { type: 'succeeded' } } },
  })
}

/** Resumes the subscription of a schedule, which may wait for a payment. */
export function resumeAsScheduled(account: Account, id: string): void {
  const { pauseSchedule: plan, subscription } = account.schedules.get(id)
  if (!plan?.resume || subscription === null) return
  const { billing_cycle_anchor, payment_behavior } = plan.resume.settings
  // Resumed by hand before.
  if (account.subscriptions.get(subscription).status !== 'paused') {
    finish(account, id, plan, { type: 'succeeded' })
    return
  }
  try {
    // Without a card, nothing is left of the attempt, as in a request.
    const { status } = account.journal.transaction(() =>
      resumeSubscription(account, subscription, {
        anchor: billing_cycle_anchor === 'resume_at' ? 'now' : 'unchanged',
        onSuccessOnly: payment_behavior === 'resume_on_payment_success',
      }),
    )
    finish(account, id, plan, { type: status === 'paused' ? 'pending' : 'succeeded' })
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error
    const { code, message } = error.body
    finish(account, id, plan, { type: 'error', error: { ...(code && { code }), message } })
  }
}

function finish(
  account: Account,
  id: string,
  plan: PauseSchedule,
  status: NonNullable<PauseSchedule['resume']>['status'],
): void {
  updateSchedule(account, id, { pauseSchedule: { ...plan, resume: plan.resume && { ...plan.resume, status } } })
}
