import type { EntityManager } from '@mikro-orm/postgresql'
import type { BillingClock } from '../../platform/billing-clock.ts'
import type { Clock } from '../../platform/clock.ts'
import { inBatches } from '../../platform/database/batches.ts'
import { isLockTimeout } from '../../platform/database/lock-wait.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import { SECOND } from '../../platform/durations.ts'
import { limitConcurrencyByKey } from '../../platform/limits/limit-concurrency.ts'
import { Busy } from '../../platform/limits/limits.errors.ts'
import { policyValues, selectFeatureTerms } from '../access/feature-terms-sql.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import { countUsage, isKeyHeld, isKeyTaken, MOST, type Asked, type CountedRow } from './count-usage.ts'
import { createHeldCalls, LOCK_WAIT } from './held-calls.ts'

/** What is left to be counted alone has no entry. */
const LEFT = { is_known: true, id: null } as const
type Counted = CountedRow | typeof LEFT

const TERMS = selectFeatureTerms({
  ...{ accountId: 'wanted.account_id', feature: 'wanted.feature', now: '$2', renewalLeeway: '$4', pastDueGrace: '$5' },
})

/**
 * Counts what several calls ask for, with one statement and one commit. Each step does for many what it does for one in
 * `countUsage`.
 *
 * It never waits for a counter, because all calls of the batch would wait with it. So it leaves to `countUsage`:
 * - what counts on a counter that does not exist yet, or that another transaction holds at this moment (`held`),
 * - all amounts on a counter if some of them fit and others don't (`counted`). Which ones depends on their order.
 *
 * All counters are held before the first entry is inserted (`all_counted`), and entries are inserted in the order of
 * their keys, so that two such statements never wait for each other. It may wait for a key that another transaction has
 * used and not committed yet: for a moment only (`lock`), and then each of its calls is counted again.
 *
 * `limit 1` makes PostgreSQL look up one row after the other. A plan from when the tables were small would read them in
 * full.
 *
 * @see docs/decisions/0055-counting-together.md
 */
const COUNT = {
  name: 'count-usage-together',
  text: `with asked as materialized (
       select asked.* from (select set_config('lock_timeout', '${LOCK_WAIT}', true) as wait offset 0) lock,
         jsonb_to_recordset($1) as asked
           (place int, id uuid, account_id uuid, feature text, key text, amount bigint, reserve int)
       where lock.wait is not null
     ), terms as materialized (
       select wanted.account_id, wanted.feature, terms.*,
         case when is_billed_above then ${MOST} else least("limit", ${MOST}) end as most
       from (select distinct account_id, feature from asked) wanted cross join lateral (${TERMS} limit 1) terms
     ), prior as materialized (
       select asked.place, e.* from asked cross join lateral (
         select id, feature, asked, reserve, state, used, "limit", resets_at
         from usage_entries where account_id = asked.account_id and key = asked.key limit 1
       ) e
     ), fresh as materialized (
       select asked.*, terms.per, terms.starts_at
       from asked join terms using (account_id, feature)
       where terms.is_known and not exists (select from prior where prior.place = asked.place)
     ), sums as (
       select account_id, feature, sum(amount)::bigint as total, min(amount) as smallest from fresh group by 1, 2
     ), held as materialized (
       select terms.*, sums.total, sums.smallest
       from sums join terms using (account_id, feature) cross join lateral (
         select from usage_counters c
         where c.account_id = terms.account_id and c.feature = terms.feature and c.per = terms.per
           and c.starts_at = terms.starts_at
         for update skip locked
       ) c
     ), due as (
       select held.account_id, held.feature, e.id, e.amount from held cross join lateral (
         select id, amount from usage_entries
         where account_id = held.account_id and feature = held.feature and per = held.per
           and starts_at = held.starts_at and state = 'open' and expires_at <= $3
         for update skip locked
       ) e
     ), freed as (
       update usage_entries e set state = 'expired', amount = 0 from due where e.id = due.id
       returning due.account_id, due.feature, due.amount
     ), changes as materialized (
       select held.*, coalesce(back.amount, 0)::bigint as back
       from held left join (select account_id, feature, sum(amount) as amount from freed group by 1, 2) back
         using (account_id, feature)
     ), counted as (
       update usage_counters c set
         used = c.used - h.back + case when c.used - h.back + h.total <= h.most then h.total else 0 end,
         fits = c.used - h.back + h.total <= h.most, ends_at = h.ends_at, written_at = $3
       from changes h
       where c.account_id = h.account_id and c.feature = h.feature and c.per = h.per and c.starts_at = h.starts_at
       returning c.account_id, c.feature, c.used, c.fits, h.total, h.most, h.smallest, h."limit", h.ends_at
     ), all_counted as materialized (
       select * from counted where fits or used + smallest > most
     ), entered as (
       insert into usage_entries (id, account_id, key, feature, per, starts_at, asked, reserve, state, amount, expires_at,
         used, "limit", resets_at, created_at)
       select f.id, account_id, f.key, feature, f.per, f.starts_at, f.amount, f.reserve,
         case when not c.fits then 'denied' when f.reserve is null then 'counted' else 'open' end,
         case when c.fits then f.amount else 0 end,
         case when c.fits then $3 + make_interval(secs => f.reserve) end,
         case when c.fits
           then c.used - c.total + sum(f.amount) over (partition by account_id, feature order by f.place) else c.used end,
         c."limit", c.ends_at, $3
       from fresh f join all_counted c using (account_id, feature)
       order by account_id, key
       returning id, feature, asked, reserve, state, used, "limit", resets_at
     )
     select asked.place, terms.is_known or entry.id is not null as is_known, terms.is_overridden, terms.plan_per, entry.*
     from asked join terms using (account_id, feature)
       left join lateral (
         select id, feature, asked, reserve, state, used, "limit", resets_at from prior where prior.place = asked.place
         union all select * from entered where entered.id = asked.id
       ) entry on true`,
}

/** Counts a use. @returns undefined if there is no such account, or it is closed. */
export type CountUse = (asked: Asked) => Promise<CountedRow | undefined>

interface CountingDeps {
  readonly clock: Clock
  readonly time: Pick<BillingClock, 'now'>
  readonly settings: AccessPolicy
}

/** Maximum number of calls that wait for one busy counter. */
const WAITING = 1_000

const WAITS = { counter: 8 * SECOND, key: LOCK_WAIT }
/** A call that is tried again waits between its tries, when it has no connection. */
const SHORT_WAITS = { counter: LOCK_WAIT, key: LOCK_WAIT }

/**
 * Prepares counting with one statement for all calls that arrive while the one before it runs. They share its round
 * trip and its commit.
 *
 * What the statement leaves is counted alone, one call of an account's feature after the other. So calls that wait for
 * one counter don't take all connections. A call whose key is held leaves that line, and is tried again beside it.
 *
 * @param em provides the connections only.
 * @returns counts a use once per key. It throws Busy if very many calls wait for the same counter, or if a counter or a
 * key is held for long.
 */
export function createUsageCounting(em: EntityManager, { clock, time, settings }: CountingDeps): CountUse {
  const countTogether = inBatches(async (all: readonly Asked[]): Promise<(Counted | undefined)[]> => {
    const placed = firstOfEachKey(all)
    const values = [JSON.stringify(placed), await time.now(), clock.now(), ...policyValues(settings)]
    const rows = new Map(
      (await runPrepared<Counted & { place: number }>(em, COUNT, values)).map((row) => [row.place, row]),
    )
    const isPlaced = new Set(placed.map(({ place }) => place))
    return all.map((_, place) => (isPlaced.has(place) ? rows.get(place) : LEFT))
  })
  const inTurnOf = limitConcurrencyByKey({ waitingLimit: WAITING })
  const held = createHeldCalls()

  return async (asked) => {
    // The next statement would wait for the same key again.
    const row = held.has(asked.accountId) ? LEFT : await countTogether(asked).catch(leaveIfLocked)
    if (!row || !row.is_known || row.id !== null) return row
    const alone = async (waits = WAITS) =>
      countUsage(em, asked, { billingNow: await time.now(), wallNow: clock.now(), settings, waits })
    try {
      return await inTurnOf(`${asked.accountId} ${asked.feature}`, () => alone())
    } catch (error) {
      if (!isKeyHeld(error)) throw isLockTimeout(error) ? new Busy() : error
    }
    return held.untilFree(asked.accountId, () => alone(SHORT_WAITS))
  }
}

function leaveIfLocked(error: unknown): typeof LEFT {
  if (isKeyTaken(error) || isLockTimeout(error)) return LEFT
  throw error
}

/** A key that comes twice would fail the statement. */
function firstOfEachKey(all: readonly Asked[]) {
  const keys = new Set<string>()
  return all.flatMap(({ entryId: id, accountId, feature, key, amount, reserve }, place) => {
    const named = `${accountId} ${key}`
    if (keys.has(named)) return []
    keys.add(named)
    return [{ place, id, account_id: accountId, feature, key, amount, reserve }]
  })
}
