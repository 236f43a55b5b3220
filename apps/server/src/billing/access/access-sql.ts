import { SECOND } from '../../platform/durations.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'

type Reason = SubscriptionView['accessReason']

/** Expressions for what the access reason depends on. */
interface ReasonValues {
  /** The billing time. */
  readonly now: string
  /** In seconds. */
  readonly renewalLeeway: string
  readonly pastDueGrace: string
}

const RENEWING = Object.entries(CAPABILITIES).flatMap(([name, { renews }]) => (renews ? [name] : []))

/**
 * The access reason of the subscription `s` as an SQL expression, where a statement has to decide by itself. It says the
 * same as `decideAccess`, which a test compares.
 */
export const accessReason = ({ now, renewalLeeway, pastDueGrace }: ReasonValues): string => `(select case
      when s.status in ('active', 'trialing') then case
        when moment.now < least(s.current_period_end, planned.ends_at) then running.reason
        when (running.is_last and s.followed_at is null) or s.provider <> all('{${RENEWING.join(',')}}'::text[]) then 'ended'
        when s.paused_from is not null then 'paused'
        when moment.now < least(
          least(s.current_period_end, planned.ends_at) + make_interval(secs => ${renewalLeeway}),
          case when not running.is_last then planned.ends_at end) then running.reason
        else 'ended' end
      when s.status = 'past_due' then case
        when moment.now >= grace.ends_at then 'past_due'
        when moment.now < least(grace.ends_at, planned.ends_at) then 'past_due_grace'
        else 'ended' end
      when s.status = 'canceled' then 'ended'
      else s.status end
    from (select ${now}::timestamptz as now) moment,
      lateral (select case
        when s.cancel_at_period_end then least(s.cancel_at, s.current_period_end)
        when s.cancel_at > s.current_period_end then s.cancel_at end as ends_at) planned,
      lateral (select planned.ends_at is not null and planned.ends_at <= s.current_period_end as is_last,
        case when planned.ends_at <= s.current_period_end then 'ending' else s.status end as reason) running,
      lateral (select coalesce(s.past_due_since, s.current_period_end) + make_interval(secs => ${pastDueGrace}) as ends_at) grace)`

/** The reasons that give access, as a list for SQL. */
export const GRANTED = ['active', 'trialing', 'ending', 'past_due_grace'].map((reason) => `'${reason}'`).join(', ')

/** The same for a filter, with `?` for the values. */
export function accessReasonSql(billingNow: Date, policy: AccessPolicy): { sql: string; values: unknown[] } {
  return {
    sql: accessReason({ now: '?', renewalLeeway: '?', pastDueGrace: '?' }),
    values: [policy.renewalLeeway / SECOND, billingNow.toISOString(), policy.pastDueGrace / SECOND],
  }
}

/** The only statuses that a subscription with an access reason can have. So an index finds the few. */
export const STATUSES_OF: Record<Reason, readonly SubscriptionView['status'][]> = {
  active: ['active'],
  trialing: ['trialing'],
  ending: ['active', 'trialing'],
  past_due_grace: ['past_due'],
  past_due: ['past_due'],
  pending: ['pending'],
  unpaid: ['unpaid'],
  paused: ['paused', 'active', 'trialing'],
  ended: ['canceled', 'active', 'trialing', 'past_due'],
}
