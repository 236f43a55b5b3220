import type { EntityManager } from '@mikro-orm/postgresql'
import { after } from '../../platform/clock.ts'
import { SECOND } from '../../platform/durations.ts'
import { ENDED_FOR } from '../access/is-billed.ts'
import { SETTLED_USE } from './read-included-use.ts'

/** More than any amount that is used. */
const ANY_AMOUNT = Number.MAX_SAFE_INTEGER

/** Maximum number of subscriptions that are settled by one statement. */
const RANGE = 500
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Until when a subscription (`s`) is settled; an index has this order. */
const SETTLED_UNTIL = "(case when s.status = 'canceled' then s.current_period_end else 'infinity'::timestamptz end)"

/** A condition for what a subscription (`s`) has used of a feature (`term`). */
const NOTHING_WAITS = `and (s.status = 'canceled' or not exists (
           select from overage_reports open where open.subscription_id = s.id and open.feature = term.feature
             and open.sent_at is null and open.written_off_at is null))`

/** What a feature's value (of a plan or an override) includes per period. Null if it counts otherwise, or not at all. */
const includedIn = (value: string): string =>
  `case when ${value} ->> 'per' <> 'period' then null when jsonb_typeof(${value} -> 'limit') = 'null' then ${ANY_AMOUNT}
    else (${value} ->> 'limit')::bigint end`

/**
 * Adds reports for all units that were used above limits and are not in a report yet: only use that is settled, not what
 * is reserved.
 *
 * They were used before now. At the provider, which counts in seconds, what counts from now on may be another price's.
 * So their time is the second before, and never later than the second before their subscription ended or another one took
 * its place.
 *
 * What holds at once also includes at once: a limit that the plan has raised, before the terms follow. What an override
 * allows is never billed, also later in a period in which it has ended.
 *
 * Each report begins where the one before ended, and a unique index lets one of several begin there. So it may run at any
 * time, several times at once, and inside a transaction that changes the terms. Those hold the subscription's row first,
 * and so does this; without `subscriptionId`, it leaves out the rows that are held, for its next run.
 *
 * @param options.subscriptionId only this subscription; otherwise all, in ranges, except for what a live one has used while
 * a report waits: that goes into the next report, so that a long outage leaves one report each, and not one per run.
 */
export async function settleOverage(
  em: EntityManager,
  { subscriptionId = null, ...times }: { subscriptionId?: string | null } & Times,
): Promise<void> {
  if (subscriptionId !== null) return settle(em, [subscriptionId], { ...times, isWhole: true })
  let last = [after(times.billingNow, -ENDED_FOR).toISOString(), HIGHEST_ID]
  for (;;) {
    const range = await em.execute<{ id: string; until: string }[]>(
      `select s.id, ${SETTLED_UNTIL}::text as until from subscriptions s
       where s.overage is not null and (${SETTLED_UNTIL}, s.id) > (?::timestamptz, ?::uuid)
       order by ${SETTLED_UNTIL}, s.id limit ${RANGE}`,
      last,
    )
    const end = range.at(-1)
    if (!end) return
    await settle(
      em,
      range.map(({ id }) => id),
      { ...times, isWhole: false },
    )
    last = [end.until, end.id]
  }
}

interface Times {
  readonly billingNow: Date
  readonly wallNow: Date
}

/** @param options.isWhole whether nothing may be left for another run. */
async function settle(
  em: EntityManager,
  subscriptionIds: readonly string[],
  { billingNow, wallNow, isWhole }: Times & { isWhole: boolean },
): Promise<void> {
  await em.execute(
    `insert into overage_reports (id, subscription_id, feature, since, counted_from, units, used_at, created_at)
     select gen_random_uuid(), due.subscription_id, due.feature, due.since, due.counted, due.above - due.counted,
       least(?::timestamptz, due.over_at - interval '1 second'), ?
     from (
       select counted.*, coalesce((
           select report.counted_from + report.units from overage_reports report
           where report.subscription_id = counted.subscription_id and report.feature = counted.feature
             and report.since = counted.since
           order by report.counted_from desc limit 1
         ), 0) as counted
       from (
         select s.id as subscription_id,
           case when s.status = 'canceled' then least(s.ended_at, (
             select min(later.started_at) from subscriptions later
             where later.account_id = s.account_id and later.started_at > s.started_at
           )) end as over_at,
           term.feature, greatest(used.starts_at, term.since) as since,
           used.settled - greatest(
             term.included, case when used.starts_at = term.period_start then term.used_before else 0 end,
             ${includedIn('p.features -> term.feature')},
             case when override.until > used.starts_at then ${includedIn('override.value')} end
           ) as above
         from subscriptions s join plans p on p.id = s.plan_id
           cross join lateral (
             select key as feature, (value ->> 'limit')::bigint as included, (value ->> 'since')::timestamptz as since,
               (value ->> 'periodStart')::timestamptz as period_start, (value ->> 'usedBefore')::bigint as used_before
             from jsonb_each(s.overage)
           ) term
           cross join lateral (${SETTLED_USE}) used
           left join entitlement_overrides override
             on override.account_id = s.account_id and override.feature = term.feature
         where s.overage is not null and (override.id is null or override.until <= ?)
           and (s.status <> 'canceled' or s.current_period_end > ?) and s.id = any(?::uuid[])
         ${isWhole ? '' : NOTHING_WAITS}
       ) counted
     ) due
       cross join lateral (
         select 1 from subscriptions held where held.id = due.subscription_id for key share ${isWhole ? '' : 'skip locked'}
       ) locked
     where due.above > due.counted
     order by due.subscription_id, due.feature, due.since
     on conflict (subscription_id, feature, since, counted_from) do nothing`,
    [
      ...[after(billingNow, -SECOND), wallNow, billingNow, after(billingNow, -ENDED_FOR)],
      `{${subscriptionIds.join(',')}}`,
    ],
  )
}
