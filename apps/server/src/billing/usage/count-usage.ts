import type { EntityManager } from '@mikro-orm/postgresql'
import { runHere } from '../../platform/database/prepared.ts'
import type { FeatureWindow } from '../access/feature-window.ts'

/** What is asked for. */
export interface Asked {
  readonly entryId: string
  readonly accountId: string
  readonly feature: string
  readonly window: FeatureWindow
  readonly key: string
  readonly amount: number
  /** Null for any amount. */
  readonly limit: number | null
  /** Whether more than the limit may be used. */
  readonly isBilledAbove: boolean
  /** Seconds; null to count at once. */
  readonly reserve: number | null
  readonly now: Date
}

/** The entry of a key. Numbers and timestamps are text, as `pg` reads them. */
export interface EntryRow {
  id: string
  feature: string
  asked: string
  reserve: number | null
  state: string
  used: string
  limit: string | null
  resets_at: string | null
}

/** More than this, JavaScript can't tell apart. */
export const MOST = Number.MAX_SAFE_INTEGER

/**
 * Counts one amount, or reserves it, if it fits.
 *
 * - `prior`: the key's entry, if there is one. Then nothing else happens, and its answer is given again.
 * - `freed`: this counter's reservations that have expired. Each is closed here and taken off the counter below, in the
 *   same transaction, so it is given back once. One that is being settled at this moment is left to that call.
 * - `counted`: the counter, which decides under its own lock. After a wait for the lock, PostgreSQL computes with the
 *   row as it was committed, so calls that run at the same time never exceed the limit together.
 * - The entry comes last. If another call with the same key was faster, the unique index refuses it, and the counter's
 *   change is undone with it.
 *
 * A statement locks reservations only if nobody else holds them, then one counter, then inserts. It never waits for one
 * lock while another statement waits for its own, so there is no deadlock, however hot the counter is.
 */
const COUNT = {
  name: 'count-usage',
  text: `with prior as (
       select id, feature, asked, reserve, state, used, "limit", resets_at
       from usage_entries where account_id = $2 and key = $6
     ), due as (
       select id, amount from usage_entries
       where account_id = $2 and feature = $3 and per = $4 and starts_at = $5 and state = 'open' and expires_at <= $11
         and not exists (select from prior)
       for update skip locked
     ), freed as (
       update usage_entries e set state = 'expired', amount = 0 from due where e.id = due.id returning due.amount
     ), back as materialized (
       select coalesce(sum(amount), 0)::bigint as amount from freed
     ), counted as (
       insert into usage_counters as c (account_id, feature, per, starts_at, used, fits, ends_at, written_at)
       select $2, $3, $4, $5::timestamptz, case when $7::bigint <= $8::bigint then $7 else 0 end, $7 <= $8,
         $10::timestamptz, $11::timestamptz
       from back where not exists (select from prior)
       on conflict (account_id, feature, per, starts_at) do update set
         used = c.used - (select amount from back)
           + case when c.used - (select amount from back) + $7 <= $8 then $7 else 0 end,
         fits = c.used - (select amount from back) + $7 <= $8,
         ends_at = excluded.ends_at, written_at = excluded.written_at
       returning used, fits
     ), entered as (
       insert into usage_entries (id, account_id, key, feature, per, starts_at, asked, reserve, state, amount, expires_at,
         used, "limit", resets_at, created_at)
       select $1::uuid, $2, $6, $3, $4, $5, $7, $9::int,
         case when not fits then 'denied' when $9::int is null then 'counted' else 'open' end,
         case when fits then $7 else 0 end, case when fits then $11 + make_interval(secs => $9) end,
         used, $12::bigint, $10, $11
       from counted
       returning id, feature, asked, reserve, state, used, "limit", resets_at
     )
     select * from prior union all select * from entered`,
}

/**
 * Counts an amount once per key, with one statement. The key's first entry is returned, also by all later calls.
 *
 * @param em the transaction that this is part of, if there is one. The counter stays locked until it ends.
 */
export async function countUsage(em: EntityManager, asked: Asked): Promise<EntryRow> {
  try {
    // In a transaction, a refused statement must not end all of it.
    return await (em.isInTransaction() ? em.transactional((inner) => count(inner, asked)) : count(em, asked))
  } catch (error) {
    if (!isKeyTaken(error)) throw error
    return count(em, asked) // The call that was faster has committed: this one finds its entry.
  }
}

async function count(em: EntityManager, asked: Asked): Promise<EntryRow> {
  const { entryId, accountId, feature, window, key, amount, limit, isBilledAbove, reserve, now } = asked
  const { per, startsAt, endsAt } = window
  const [row] = await runHere(em)<EntryRow>(COUNT, [
    ...[
      entryId,
      accountId,
      feature,
      per,
      startsAt,
      key,
      amount,
      isBilledAbove ? MOST : Math.min(limit ?? MOST, MOST),
      reserve,
      endsAt,
      now,
    ],
    limit,
  ])
  if (!row) throw new Error('Usage was counted without an entry.')
  return row
}

const isKeyTaken = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'usage_entries_key'
