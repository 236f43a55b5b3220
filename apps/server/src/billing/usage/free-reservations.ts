import type { EntityManager } from '@mikro-orm/postgresql'
import { isLockTimeout, lockWait } from '../../platform/database/lock-wait.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import { LOCK_WAIT } from './held-calls.ts'

/** A counter with reservations that have expired. */
interface Counter {
  account_id: string
  feature: string
  per: string
  starts_at: string
}

/** Maximum number of counters that are found at once. */
const RANGE = 500

const FIND = {
  name: 'find-expired-reservations',
  text: `select distinct account_id, feature, per, starts_at::text from (
       select account_id, feature, per, starts_at from usage_entries
       where state = 'open' and expires_at <= $1 order by expires_at, id limit ${RANGE}) due`,
}

/**
 * Frees one counter's reservations, as counting does. One counter per statement, so that no two statements deadlock. A
 * counter that another transaction holds is left for the next time.
 */
const FREE = {
  name: 'free-reservations',
  text: `with due as (
       select id, amount from (select ${lockWait('$6')} as wait offset 0) lock, usage_entries e
       where lock.wait is not null and account_id = $1 and feature = $2 and per = $3 and starts_at = $4
         and state = 'open' and expires_at <= $5
       for update of e skip locked
     ), counted as (
       update usage_counters c set used = c.used - (select coalesce(sum(amount), 0) from due), written_at = $5
       where c.account_id = $1 and c.feature = $2 and c.per = $3 and c.starts_at = $4
       returning c.used
     ), freed as (
       update usage_entries e set state = 'expired', amount = 0
       from due left join counted on true where e.id = due.id returning e.id
     )
     select count(*)::int as count from freed`,
}

/**
 * Closes reservations that have expired. Only counters that are no longer used are left to this: each call closes those
 * of its own counter.
 *
 * @returns how many it closed.
 */
export async function freeReservations({ em, clock }: Pick<BillingScope, 'em' | 'clock'>): Promise<number> {
  const now = clock.now()
  let closed = 0
  for (;;) {
    const counters = await runPrepared<Counter>(em, FIND, [now])
    const freed = await freeAll(em, counters, now)
    closed += freed
    // Nothing freed means that other calls hold the rest at this moment.
    if (freed === 0) return closed
  }
}

async function freeAll(em: EntityManager, counters: readonly Counter[], now: Date): Promise<number> {
  let freed = 0
  for (const { account_id: accountId, feature, per, starts_at: startsAt } of counters) {
    const values = [accountId, feature, per, startsAt, now, LOCK_WAIT]
    const [row] = await runPrepared<{ count: number }>(em, FREE, values).catch(nothingIfLocked)
    freed += row?.count ?? 0
  }
  return freed
}

function nothingIfLocked(error: unknown): [] {
  if (isLockTimeout(error)) return []
  throw error
}
