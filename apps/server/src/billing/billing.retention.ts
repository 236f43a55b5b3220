import { after } from '../platform/clock.ts'
import { oldestIdOf } from '../platform/database/ids.ts'
import { BY_ID, type RetentionRule } from '../platform/retention/retention-rule.ts'

/** In milliseconds. */
interface BillingAges {
  /** Of events that are done with. Stripe can send an event again for 30 days. */
  events: number
  /** Of checkout pages that are paid or expired, and of previews of plan changes. */
  checkouts: number
  findings: number
  /** Of states that access depended on. */
  history: number
  /** Of links in mails after their expiry. */
  links: number
  /** Of keys of usage, and of reservations that are closed. Until then, a key gets its first answer again. */
  usageKeys: number
  /** Of counters, after their window has ended, and of reports of what was used above limits. */
  usage: number
}

/**
 * What is done with goes after a while: applied events, closed checkout pages, previews of plan changes, payment links,
 * and findings about rows that were corrected. Subscriptions, payments and recoveries stay, and so does the place in the
 * provider's lists.
 */
export function billingRetention(
  now: Date,
  { events, checkouts, findings, history, links, usageKeys, usage }: BillingAges,
): RetentionRule[] {
  const closed = after(now, -checkouts)
  const [keysUntil, countersUntil] = [after(now, -usageKeys), after(now, -usage)]
  return [
    {
      table: 'provider_events',
      where: "received_at < ? and status in ('processed', 'ignored')",
      values: [after(now, -events)],
      key: [
        ['received_at', 'timestamptz'],
        ['id', 'uuid'],
      ],
    },
    {
      table: 'checkouts',
      where: "expires_at < ? and status <> 'open' and id < ?::uuid",
      values: [closed, oldestIdOf(closed)],
      key: BY_ID,
    },
    {
      table: 'subscription_states',
      // The last one before stays: it says what holds from then on.
      where: `recorded_at < ? and exists (select 1 from subscription_states later
        where later.subscription_id = subscription_states.subscription_id and later.recorded_at < ?
          and (later.recorded_at, later.id) > (subscription_states.recorded_at, subscription_states.id))`,
      values: [after(now, -history), after(now, -history)],
      key: [
        ['recorded_at', 'timestamptz'],
        ['id', 'uuid'],
      ],
      permit: 'tollgate.retention',
    },
    {
      table: 'pay_links',
      where: 'expires_at < ?',
      values: [after(now, -links)],
      key: [
        ['expires_at', 'timestamptz'],
        ['id', 'uuid'],
      ],
    },
    {
      table: 'plan_changes',
      // One that has begun and has no outcome yet stays.
      where: 'created_at < ? and started_at is null and id < ?::uuid',
      values: [closed, oldestIdOf(closed)],
      key: BY_ID,
    },
    {
      table: 'reconciliation_findings',
      // A finding about a broken rule or a refused refund stays until it is resolved. A refund that an admin has resolved
      // is not tried again, as long as its finding is here. A row that the provider does not know is reported again
      // every day.
      where: `found_at < ? and (kind not in ('against_rules', 'refund_refused') or resolved_at is not null)
        and not (kind = 'refund_refused' and resolved_by is not null)`,
      values: [after(now, -findings)],
      key: [
        ['found_at', 'timestamptz'],
        ['id', 'uuid'],
      ],
    },
    {
      table: 'overage_reports',
      // The last one of a period stays: the next one begins where it ended.
      where: `created_at < ? and (sent_at is not null or written_off_at is not null)
        and exists (select 1 from overage_reports later
          where later.subscription_id = overage_reports.subscription_id and later.feature = overage_reports.feature
            and later.since = overage_reports.since and later.counted_from > overage_reports.counted_from)`,
      values: [countersUntil],
      key: BY_ID,
    },
    {
      table: 'usage_entries',
      where: "created_at < ? and state <> 'open' and id < ?::uuid",
      values: [keysUntil, oldestIdOf(keysUntil)],
      key: BY_ID,
    },
    {
      table: 'usage_counters',
      // A sandbox's windows may end in our future, or in our past.
      where: 'ends_at < ? and written_at < ?',
      values: [countersUntil, countersUntil],
      key: [
        ['ends_at', 'timestamptz'],
        ['account_id', 'uuid'],
        ['feature', 'text'],
        ['per', 'text'],
        ['starts_at', 'timestamptz'],
      ],
    },
  ]
}
