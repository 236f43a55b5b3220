import type { EntityManager } from '@mikro-orm/postgresql'
import { isDeadlock, isLockTimeout, lockWait } from '../../platform/database/lock-wait.ts'
import { runHere } from '../../platform/database/prepared.ts'
import { policyValues, selectFeatureTerms, type FeatureTermsRow } from '../access/feature-terms-sql.ts'
import type { AccessPolicy } from '../billing.settings.ts'

/** What is asked for. */
export interface Asked {
  readonly entryId: string
  readonly accountId: string
  readonly feature: string
  readonly key: string
  readonly amount: number
  /** Seconds; null to count at once. */
  readonly reserve: number | null
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

/** The answer of a statement that counts. */
export type CountedRow =
  | { is_known: false }
  | ({ is_known: true } & Pick<FeatureTermsRow, 'is_overridden' | 'plan_per'> & EntryRow)

/** More than this, JavaScript can't tell apart. */
export const MOST = Number.MAX_SAFE_INTEGER

/** What one statement counts, and when. */
export interface Counting {
  readonly billingNow: Date
  /** By the wall clock, which reservations follow. */
  readonly wallNow: Date
  readonly settings: AccessPolicy
  /** How long it waits for locks, in milliseconds. Without it: as long as the transaction that it is part of may. */
  readonly waits?: { readonly counter: number; readonly key: number }
}

const TERMS = selectFeatureTerms({
  ...{ accountId: '$2', feature: '$3', now: '$8', renewalLeeway: '$9', pastDueGrace: '$10' },
})

/**
 * Counts one amount, or reserves it, if it fits. One statement does it all, because a product makes this call all the
 * time, and each round trip costs as much as the work.
 *
 * - `terms`: how much the account may use, and the window. No row for a closed account.
 * - `prior`: the key's entry, if there is one. Then nothing else happens, and its answer is given again, also if no plan
 *   has the feature any more.
 * - `due`: this counter's reservations that have expired. Each is taken off the counter and closed below, in the same
 *   transaction, so it is given back once. One that is being settled at this moment is left to that call.
 * - `counted`: the counter, which decides under its own lock. After a wait for the lock, PostgreSQL computes with the
 *   row as it was committed, so calls that run at the same time never exceed the limit together.
 * - `freed`: closes the reservations, after the counter is locked. An insert waits for a transaction that has changed an
 *   entry with the same key, but not for one that has only locked it. The call that inserts may hold the counter.
 * - `entered`: the entry. If another call with the same key was faster, the unique index refuses it, and the counter's
 *   change is undone with it. Until that call has committed, this one waits for it, and others wait for the counter. So
 *   it gives up soon (`lockWait`), where it is not part of a longer transaction.
 *
 * A statement first locks the reservations that nobody else holds, then one counter, and changes entries last. No call
 * that holds the counter waits for it meanwhile. So there is no deadlock, however hot the counter is.
 */
const COUNT = {
  name: 'count-usage',
  text: `with terms as materialized (
       select terms.*, case when is_billed_above then ${MOST} else least("limit", ${MOST}) end as most
       from (select ${lockWait('$11')} as wait offset 0) lock, (${TERMS}) terms where lock.wait is not null
     ), prior as (
       select id, feature, asked, reserve, state, used, "limit", resets_at
       from usage_entries where account_id = $2 and key = $4
     ), fresh as materialized (
       select * from terms where is_known and not exists (select from prior)
     ), due as (
       select e.id, e.amount from fresh join usage_entries e
         on e.account_id = $2 and e.feature = $3 and e.per = fresh.per and e.starts_at = fresh.starts_at
       where e.state = 'open' and e.expires_at <= $7
       for update of e skip locked
     ), back as materialized (
       select coalesce(sum(amount), 0)::bigint as amount from due
     ), counted as (
       insert into usage_counters as c (account_id, feature, per, starts_at, used, fits, ends_at, written_at)
       select $2, $3, per, starts_at, case when $5::bigint <= most then $5 else 0 end, $5 <= most, ends_at, $7::timestamptz
       from fresh, back
       on conflict (account_id, feature, per, starts_at) do update set
         used = c.used - (select amount from back)
           + case when c.used - (select amount from back) + $5 <= (select most from terms) then $5 else 0 end,
         fits = c.used - (select amount from back) + $5 <= (select most from terms),
         ends_at = excluded.ends_at, written_at = excluded.written_at
       returning used, fits
     ), freed as (
       update usage_entries e set state = 'expired', amount = 0 from due, counted where e.id = due.id
     ), entered as (
       insert into usage_entries (id, account_id, key, feature, per, starts_at, asked, reserve, state, amount, expires_at,
         used, "limit", resets_at, created_at)
       select $1::uuid, $2, $4, $3, per, starts_at, $5, $6::int,
         case when not fits then 'denied' when $6::int is null then 'counted' else 'open' end,
         case when fits then $5 else 0 end, case when fits then $7 + make_interval(secs => $6) end,
         used, "limit", ends_at, $7
       from fresh, counted
       where case when counted.fits is not null then ${lockWait('$12')} end is not null
       returning id, feature, asked, reserve, state, used, "limit", resets_at
     )
     select terms.is_known or entry.id is not null as is_known, terms.is_overridden, terms.plan_per, entry.*
     from terms left join (select * from prior union all select * from entered) entry on true`,
}

/**
 * Counts an amount once per key, with one statement. The key's first entry is returned, also by all later calls.
 *
 * @param em the transaction that this is part of, if there is one. The counter stays locked until it ends.
 * @returns undefined if there is no such account, or it is closed.
 */
export async function countUsage(em: EntityManager, asked: Asked, counting: Counting): Promise<CountedRow | undefined> {
  try {
    // In a transaction, a refused statement must not end all of it.
    return await (em.isInTransaction()
      ? em.transactional((inner) => count(inner, asked, counting))
      : count(em, asked, counting))
  } catch (error) {
    if (!isKeyTaken(error)) throw error
    return count(em, asked, counting) // The call that was faster has committed: this one finds its entry.
  }
}

async function count(
  em: EntityManager,
  { entryId, accountId, feature, key, amount, reserve }: Asked,
  { billingNow, wallNow, settings, waits }: Counting,
): Promise<CountedRow | undefined> {
  const [row] = await runHere(em)<CountedRow>(COUNT, [
    ...[entryId, accountId, feature, key, amount, reserve, wallNow, billingNow],
    ...policyValues(settings),
    ...[waits?.counter ?? null, waits?.key ?? null],
  ])
  return row
}

/** Whether another call with the same key was faster. If it was this one, and its answer was lost, its id is taken. */
export const isKeyTaken = (error: unknown): boolean =>
  error instanceof Error &&
  'constraint' in error &&
  (error.constraint === 'usage_entries_key' || error.constraint === 'usage_entries_pkey')

/**
 * Whether it is only the key that another transaction holds. A deadlock is one with a transaction that holds the key, or
 * another counter: it ends with that transaction, too.
 */
export const isKeyHeld = (error: unknown): boolean =>
  isDeadlock(error) || (isLockTimeout(error) && 'where' in error && String(error.where).includes('usage_entries_key'))
