import { boundary } from '../../billing/periods.ts'
import { pauseAsScheduled, resumeAsScheduled } from '../../billing/scheduled-pauses.ts'
import { updateSchedule } from '../../billing/schedules.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import {
  clearable,
  hash,
  integer,
  list,
  oneOf,
  required,
  string,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { randomText } from '../../ids.ts'
import type { Account } from '../../state/account.ts'
import type { PauseSchedule, ScheduleRow } from '../../state/rows/subscription.ts'
import { PRORATION_BEHAVIOR } from './subscription-params.ts'

/** When a schedule pauses its subscription, and when it resumes it. */
export const PAUSE_SCHEDULES = clearable(
  list(
    hash({
      key: string({ max: 200 }),
      pause: hash({
        pause_at: hash({ timestamp: timestamp(), type: required(oneOf('now', 'timestamp')) }),
        settings: hash({
          bill_for: hash({
            outstanding_usage_through: hash({ type: oneOf('none', 'pause_at') }),
            unused_time_from: hash({ type: oneOf('item_current_period_start', 'none', 'pause_at') }),
          }),
          invoicing_behavior: oneOf('invoice', 'pending_invoice_item'),
          type: oneOf('subscription'),
        }),
      }),
      resume: clearable(
        hash({
          resume_at: hash({
            duration: hash({
              interval: required(oneOf('day', 'month', 'week', 'year')),
              interval_count: integer({ min: 1, max: 1096 }),
            }),
            timestamp: timestamp(),
            type: required(oneOf('duration', 'now', 'timestamp')),
          }),
          settings: hash({
            billing_cycle_anchor: oneOf('resume_at', 'unchanged'),
            payment_behavior: oneOf('resume_on_payment_attempt', 'resume_on_payment_success'),
            proration_behavior: PRORATION_BEHAVIOR,
          }),
        }),
      ),
    }),
    { max: 1 },
  ),
)

type Given = NonNullable<ParamValue<typeof PAUSE_SCHEDULES>>[number]

/**
 * Sets, changes or removes when a schedule pauses its subscription. What is to happen now happens at once.
 *
 * @throws {StripeApiError} 400 for classic billing, for invoices that are sent, and for times that don't follow each
 *   other.
 * @see https://docs.stripe.com/billing/subscriptions/pause/schedules
 */
export function schedulePauses(
  account: Account,
  id: string,
  given: ParamValue<typeof PAUSE_SCHEDULES> | undefined,
): ScheduleRow {
  const row = account.schedules.get(id)
  if (given === undefined) return row
  const [entry] = given ?? []
  if (!entry) return updateSchedule(account, id, { pauseSchedule: undefined })
  checkBilling(account, row)
  const now = account.nowOf(row.customer)
  const plan = readPlan(account, row, entry, now)
  updateSchedule(account, id, { pauseSchedule: plan })
  if (row.subscription === null) return account.schedules.get(id)
  if (plan.pause.status.type === 'scheduled' && plan.pause.pause_at <= now) pauseAsScheduled(account, id)
  if (plan.resume?.status.type === 'scheduled' && plan.resume.resume_at <= now) resumeAsScheduled(account, id)
  return account.schedules.get(id)
}

function checkBilling(account: Account, row: ScheduleRow): void {
  const mode = row.subscription === null ? row.billing_mode : account.subscriptions.get(row.subscription).billing_mode
  if (mode === 'classic')
    throw invalidRequest('You can only use `pause_schedules` with the `flexible` billing mode.', {
      param: 'pause_schedules',
    })
  if ([row.default_settings, ...row.phases].some(({ collection_method }) => collection_method === 'send_invoice'))
    throw invalidRequest('You can only use `pause_schedules` if `collection_method` is `charge_automatically`.', {
      param: 'pause_schedules',
    })
}

function readPlan(account: Account, row: ScheduleRow, { key, pause, resume }: Given, now: number): PauseSchedule {
  const old = row.pauseSchedule
  if (key !== undefined && old && old.key !== key)
    throw invalidRequest(`No such pause schedule: '${key}'`, { param: 'pause_schedules[0][key]' })
  // Without its key, an entry is a new one.
  const known = key === undefined ? undefined : old
  const planned = readPauseAt(account, row, pause, known, now)
  const resumes = resume === undefined ? (known?.resume ?? null) : resume && readResume(resume, known, planned, now)
  if (resumes?.status.type === 'scheduled' && resumes.resume_at < planned.pause_at)
    throw invalidRequest('The subscription must resume after it is paused.', {
      param: 'pause_schedules[0][resume][resume_at]',
    })
  return { key: key ?? randomText(16), pause: planned, resume: resumes }
}

function readPauseAt(
  account: Account,
  { subscription }: ScheduleRow,
  given: Given['pause'],
  known: PauseSchedule | undefined,
  now: number,
): PauseSchedule['pause'] {
  const name = 'pause_schedules[0][pause]'
  const paused = subscription === null ? null : account.subscriptions.get(subscription).paused
  if (!given && known) return known.pause
  // The subscription is paused already, and only resumes as scheduled.
  if (!given && paused) return { pause_at: paused.at, settings: null, status: { type: 'succeeded' } }
  const at = given?.pause_at
  if (!at && !known) throw missingParam(`${name}[pause_at]`)
  const old = known?.pause.settings
  const { bill_for, invoicing_behavior } = given?.settings ?? {}
  return {
    pause_at: at ? readTime(at, `${name}[pause_at]`, now) : (known?.pause.pause_at ?? now),
    settings: {
      bill_for: {
        outstanding_usage_through: {
          type: bill_for?.outstanding_usage_through?.type ?? old?.bill_for.outstanding_usage_through.type ?? 'pause_at',
        },
        unused_time_from: {
          type: bill_for?.unused_time_from?.type ?? old?.bill_for.unused_time_from.type ?? 'pause_at',
        },
      },
      invoicing_behavior: invoicing_behavior ?? old?.invoicing_behavior ?? 'pending_invoice_item',
      type: 'subscription',
    },
    status: at || !known ? { type: 'scheduled' } : known.pause.status,
  }
}

function readResume(
  { resume_at: at, settings }: NonNullable<Given['resume']>,
  known: PauseSchedule | undefined,
  { pause_at, status }: PauseSchedule['pause'],
  now: number,
): NonNullable<PauseSchedule['resume']> {
  const name = 'pause_schedules[0][resume][resume_at]'
  const old = known?.resume
  if (!at && !old) throw missingParam(name)
  const from = status.type === 'succeeded' ? now : pause_at
  if (at?.type === 'duration' && !at.duration) throw missingParam(`${name}[duration]`)
  return {
    resume_at: at?.duration
      ? boundary(from, { interval_count: 1, ...at.duration }, 1)
      : at
        ? readTime(at, name, now)
        : (old?.resume_at ?? now),
    settings: {
      billing_cycle_anchor: settings?.billing_cycle_anchor ?? old?.settings.billing_cycle_anchor ?? 'resume_at',
      payment_behavior: settings?.payment_behavior ?? old?.settings.payment_behavior ?? 'resume_on_payment_success',
      proration_behavior: settings?.proration_behavior ?? old?.settings.proration_behavior ?? 'create_prorations',
    },
    status: at || !old ? { type: 'scheduled' } : old.status,
  }
}

function readTime(at: { timestamp?: number; type: string }, param: string, now: number): number {
  if (at.type === 'now') return now
  if (at.timestamp === undefined) throw missingParam(`${param}[timestamp]`)
  if (at.timestamp < now) throw invalidRequest('The timestamp must be in the future.', { param: `${param}[timestamp]` })
  return at.timestamp
}
