import type { EntityManager } from '@mikro-orm/postgresql'
import type { BillingScope } from '../../billing/index.ts'
import { after } from '../../platform/clock.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { markAccountsOfPlan } from '../record/mark-accounts-of-plan.ts'
import { markDue } from '../record/mark-due.ts'
import { presentWhatCanBe } from '../record/present-what-can-be.ts'
import type { WaitingEvent } from '../record/waiting-event.ts'
import { numberEvents, type Range } from './number-events.ts'

/** Does something with events in the transaction that gives them their places. */
export type FanOut = (em: EntityManager, range: Range) => Promise<void>

/** Maximum events that get their places in one transaction. */
const LARGEST = 500

/** How long the events of an object that can't be presented wait. Then they are tried again. */
const HELD_FOR = MINUTE
const IS_WAITING = 'position is null and (held_until is null or held_until <= ?)'

/** Locks the feed. No other advisory lock has this number. */
const LOCK = 7_048_001
const LOCK_TIMEOUT = '10s'

/**
 * Gives the next events that have been committed their places in the feed, all or none of them. Processes take turns, so
 * the order is that of the commits, as far as this server has seen them.
 *
 * @returns whether there may be more.
 */
export async function sequenceEvents(scope: BillingScope, fanOut: FanOut): Promise<boolean> {
  const now = scope.clock.now()
  const { due, billingNow } = await isThereWork(scope, now)
  if (!billingNow) return false
  return scope.em.transactional(async (em) => {
    await em.execute(`select set_config('lock_timeout', ?, true), pg_advisory_xact_lock(?)`, [LOCK_TIMEOUT, LOCK])
    const isMoreDue = due && (await markDue(em, billingNow))
    // A statement of its own, after the lock: it sees everything that was committed before.
    const rows = await em.execute<WaitingEvent[]>(
      `select seq, type, object_kind, object_id, data from events where ${IS_WAITING} and not exists (
         select from events held where held.position is null and held.held_until > ?
           and held.object_kind = events.object_kind and held.object_id = events.object_id and held.seq < events.seq)
       order by seq limit ?`,
      [now, now, LARGEST],
    )
    const plans = rows.filter(({ object_kind }) => object_kind === 'plan')
    for (const plan of plans) await markAccountsOfPlan(em, plan)
    const events = rows.filter(({ object_kind }) => object_kind !== 'plan')
    const { presented, failed } = await presentWhatCanBe({ ...scope, em }, events, billingNow)
    if (failed.length > 0)
      await em.execute('update events set held_until = ? where seq = any(?::bigint[])', [
        ...[after(now, HELD_FOR), `{${failed.map(({ seq }) => seq).join(',')}}`],
      ])
    if (presented.length > 0) await fanOut(em, await numberEvents(em, presented, scope.clock.now()))
    return isMoreDue || plans.length > 0 || rows.length === LARGEST
  })
}

/** One statement, because it is asked again and again. The billing clock is asked only if there is something to do. */
async function isThereWork(
  { em, billing }: BillingScope,
  now: Date,
): Promise<{ due: boolean; billingNow: Date | null }> {
  const [row] = await em.execute<{ is_waiting: boolean; due_at: string | null }[]>(
    `select exists (select from events where ${IS_WAITING}) as is_waiting,
       (select min(due_at) from event_objects where due_at is not null) as due_at`,
    [now],
  )
  if (!row?.is_waiting && !row?.due_at) return { due: false, billingNow: null }
  const billingNow = await billing.time.now()
  const due = row.due_at !== null && new Date(row.due_at) <= billingNow
  return { due, billingNow: row.is_waiting || due ? billingNow : null }
}

/** How often events that wait are looked for, if nothing rings. */
export const POLLED_EVERY = SECOND
