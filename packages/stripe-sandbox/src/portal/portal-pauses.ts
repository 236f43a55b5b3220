import {
  obstacleToPause,
  obstacleToResumption,
  pauseSubscription,
  resumeSubscription,
} from '../billing/pause-subscription.ts'
import { boundary } from '../billing/periods.ts'
import { pauseAsScheduled } from '../billing/scheduled-pauses.ts'
import { scheduleFor, updateSchedule } from '../billing/schedules.ts'
import { invalidRequest } from '../http/errors.ts'
import { randomText } from '../ids.ts'
import { featuresOfSession } from '../resources/portal-features.ts'
import type { Account } from '../state/account.ts'
import type { PauseDuration, PortalSessionRow } from '../state/rows/checkout.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'

/** The durations that customers can pause for. Null stands for one without an end. */
export function pausesOffered(
  account: Account,
  session: PortalSessionRow,
  subscription: SubscriptionRow,
): (PauseDuration['interval_options'][number] | null)[] {
  const { subscription_pause: pause } = featuresOfSession(account, session)
  const { flow } = session
  const isOpen = flow ? flow.type === 'subscription_pause' && flow.subscription === subscription.id : pause?.enabled
  if (!isOpen || subscription.schedule !== null || obstacleToPause(subscription) !== null) return []
  return pause?.duration.type === 'interval_options' ? pause.duration.interval_options : [null]
}

/**
 * Pauses a subscription from the portal. A schedule resumes it, unless the pause has no end.
 *
 * @throws {StripeApiError} 400 for a pause that is not offered.
 * @see https://docs.stripe.com/billing/subscriptions/pause
 */
export function pauseInPortal(
  account: Account,
  session: PortalSessionRow,
  subscription: SubscriptionRow,
  option: number,
): void {
  const chosen = pausesOffered(account, session, subscription)[option]
  if (chosen === undefined) throw invalidRequest('This is not available here.')
  if (chosen === null) {
    pauseSubscription(account, subscription.id, { credit: 'now', invoice: false, usage: true })
    return
  }
  const pause_at = account.nowOf(session.customer)
  const resume_at = boundary(pause_at, chosen, 1)
  // The schedule lasts until after the pause.
  const { id } = scheduleFor(account, subscription, { end_behavior: 'release', metadata: {} }, (current) => [
    {
      ...current,
      start_date: current.end_date,
      end_date: Math.max(boundary(resume_at, { interval: 'day', interval_count: 1 }, 1), current.end_date + 1),
    },
  ])
  updateSchedule(account, id, {
    pauseSchedule: {
      key: randomText(16),
      pause: {
        pause_at,
        settings: {
          bill_for: { outstanding_usage_through: { type: 'pause_at' }, unused_time_from: { type: 'pause_at' } },
          ...{ invoicing_behavior: 'pending_invoice_item', type: 'subscription' },
        },
        status: { type: 'scheduled' },
      },
      resume: {
        resume_at,
        settings: {
          ...{ billing_cycle_anchor: 'resume_at', payment_behavior: 'resume_on_payment_success' },
          proration_behavior: 'create_prorations',
        },
        status: { type: 'scheduled' },
      },
    },
  })
  pauseAsScheduled(account, id)
}

/**
 * Resumes a paused subscription from the portal.
 *
 * @throws {StripeApiError} 400 for one that is not paused, or that an open invoice would resume.
 * @throws {StripeApiError} 400 in a session for another step.
 */
export function endPauseInPortal(account: Account, { flow }: PortalSessionRow, subscription: SubscriptionRow): void {
  if (flow || subscription.status !== 'paused') throw invalidRequest('This is not available here.')
  const obstacle = obstacleToResumption(account, subscription)
  if (obstacle !== null) throw invalidRequest(obstacle)
  resumeSubscription(account, subscription.id, { anchor: 'now', onSuccessOnly: true })
}
