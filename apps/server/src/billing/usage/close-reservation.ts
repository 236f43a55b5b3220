import type { EntityManager } from '@mikro-orm/postgresql'
import { lockWait } from '../../platform/database/lock-wait.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import { SECOND } from '../../platform/durations.ts'
import { ENDED_FOR } from '../access/is-billed.ts'
import { MOST } from './count-usage.ts'

/** A reservation as it was before the call, and the counter after it. Numbers are text, as `pg` reads them. */
export interface ClosedRow {
  state: string
  amount: string
  limit: string | null
  resets_at: string | null
  used_then: string | null
  /** Null if the counter was not touched. */
  used: string | null
  fits: boolean | null
}

/** Locks the reservation before its counter, which no statement does the other way around. */
const ownWithin = (wait: string): string => `own as (
       select id, account_id, feature, per, starts_at, state, amount, "limit", resets_at, used_then
       from (select ${lockWait(wait)} as wait offset 0) lock, usage_entries
       where lock.wait is not null and id = $1 and account_id = $2 and expires_at is not null for update of usage_entries
     )`
/** What else has expired on the counter is given back, as counting does. What another call holds is left to that call. */
const dueAt = (now: string): string => `due as (
       select e.id, e.amount from own join usage_entries e
         on e.account_id = own.account_id and e.feature = own.feature and e.per = own.per and e.starts_at = own.starts_at
       where own.state in ('open', 'expired') and e.id <> own.id and e.state = 'open' and e.expires_at <= ${now}
       for update of e skip locked
     ), back as materialized (
       select coalesce(sum(amount), 0)::bigint as amount from due
     )`
/** Only once the counter is held, as in `countUsage`. */
const FREED = `freed as (
       update usage_entries e set state = 'expired', amount = 0 from due, counted where e.id = due.id
     )`
const COUNTER_OF_OWN = `c.account_id = own.account_id and c.feature = own.feature and c.per = own.per
         and c.starts_at = own.starts_at`

/**
 * Selects what bills use in the window of a reservation: the live subscription, if its terms had begun by then, or one
 * that it has replaced. `settleOverage` and `reportOverage` bill the same.
 */
const IS_BILLED_STILL = `select from subscriptions live join subscriptions s on s.account_id = live.account_id
           where live.account_id = own.account_id and live.status = 'active' and s.overage ? own.feature
             and own.starts_at between (s.overage -> own.feature ->> 'periodStart')::timestamptz and s.current_period_start
             and (s.id = live.id or s.superseded_at is not null and s.provider = live.provider
               and s.currency = live.currency and s.current_period_end > $6::timestamptz - interval '${ENDED_FOR / SECOND} seconds')`

/**
 * Counts what was used of a reservation instead of what was reserved, if it fits.
 *
 * Up to the reserved amount it always fits, as long as that has not been given back. What is more has to fit like any
 * other amount, unless it is billed, which no override is. If it doesn't, the reservation stays as it is.
 */
const SETTLE = {
  name: 'settle-usage',
  text: `with ${ownWithin('$7')}, ${dueAt('$5')}, bounds as (
       select own.*, back.amount as back, case when "limit" is null or per = 'period' and exists (
           ${IS_BILLED_STILL}
         ) and not exists (
           select from entitlement_overrides o
           where o.account_id = own.account_id and o.feature = own.feature and (o.until is null or o.until > $6)
         ) then $4::bigint else "limit" end as most
       from own, back
     ), counted as (
       update usage_counters c set
         used = c.used - own.back + case when $3::bigint <= own.amount or c.used - own.back - own.amount + $3 <= own.most
           then $3 - own.amount else 0 end,
         fits = $3 <= own.amount or c.used - own.back - own.amount + $3 <= own.most,
         written_at = $5
       from bounds own where own.state in ('open', 'expired') and ${COUNTER_OF_OWN}
       returning c.used, c.fits
     ), ${FREED}, settled as (
       update usage_entries e set state = 'settled', amount = $3, used_then = counted.used
       from counted where e.id = $1 and counted.fits
     )
     select own.state, own.amount, own."limit", own.resets_at, own.used_then, counted.used, counted.fits
     from own left join counted on true`,
}

/** Takes a reservation off its counter, unless that has happened already. */
const GIVE_BACK = {
  name: 'give-usage-back',
  text: `with ${ownWithin('$4')}, ${dueAt('$3')}, counted as (
       update usage_counters c set used = c.used - back.amount - own.amount, written_at = $3
       from own, back where own.state in ('open', 'expired') and ${COUNTER_OF_OWN}
       returning c.used
     ), ${FREED}, closed as (
       update usage_entries e set state = 'returned', amount = 0, used_then = counted.used from counted where e.id = $1
     )
     select own.state, own.amount, own."limit", own.resets_at, own.used_then, counted.used, true as fits
     from own left join counted on true`,
}

interface Of {
  readonly accountId: string
  readonly reservation: string
  readonly now: Date
  /** How long to wait for a lock, in milliseconds; null for as long as a statement may take. */
  readonly wait?: number | null
}

/**
 * Settles a reservation with one statement.
 *
 * @returns undefined if the account has no such reservation.
 */
export async function settle(
  em: EntityManager,
  { accountId, reservation, amount, now, billingNow, wait = null }: Of & { amount: number; billingNow: Date },
): Promise<ClosedRow | undefined> {
  const values = [reservation, accountId, amount, MOST, now, billingNow, wait]
  const [row] = await runPrepared<ClosedRow>(em, SETTLE, values)
  return row
}

/**
 * Gives a reservation back with one statement.
 *
 * @returns undefined if the account has no such reservation.
 */
export async function giveBack(
  em: EntityManager,
  { accountId, reservation, now, wait = null }: Of,
): Promise<ClosedRow | undefined> {
  const [row] = await runPrepared<ClosedRow>(em, GIVE_BACK, [reservation, accountId, now, wait])
  return row
}
