import { START } from '../../platform/database/keyset.ts'
import type { BillingScope } from '../billing-scope.ts'
import { MailEndedSubscriptions, type EndedRange } from '../billing.queues.ts'
import { noteBillingTime } from '../customers/note-billing-time.ts'

/** Maximum number of rows per transaction: few enough that no lock is held for long. */
const RANGE_SIZE = 10_000

/**
 * Each condition implies that of a partial index on (current_period_end, id). An earlier version set the flag for any
 * end, and no date. The provider is asked about its rows.
 */
const KINDS = {
  granted: "status <> 'canceled' and provider = 'manual'",
  ending: "status <> 'canceled' and provider <> 'manual' and cancel_at_period_end and cancel_at <= current_period_end",
} as const

interface Due {
  kind: keyof typeof KINDS
  /** Billing time: subscriptions whose period ended by then are due. */
  due: Date
  billingNow: Date
}

type Position = EndedRange['from']

/**
 * Ends all due subscriptions of one kind, one range of due dates after the other. Each range is a transaction, so the
 * sweep may stop anywhere, a row is locked only while its range runs, and nothing is read twice.
 *
 * If another transaction is writing a row, the update waits for it and then checks the row again: it ends the row only
 * if it is still due (PostgreSQL, READ COMMITTED). Each range's transaction also queues the job for its emails.
 *
 * @returns the number of ended subscriptions.
 * @see docs/decisions/0012-the-sweep-locks-no-customers.md
 */
export async function endDueSubscriptions(scope: BillingScope, due: Due): Promise<number> {
  let ended = 0
  let from: Position = { end: START.at, id: START.id }
  for (;;) {
    const range = await endRange(scope, due, from)
    ended += range.ended
    if (range.isLast) return ended
    from = range.to
  }
}

async function endRange(
  scope: BillingScope,
  { kind, due, billingNow }: Due,
  from: Position,
): Promise<{ ended: number; to: Position; isLast: boolean }> {
  const isDue = `${KINDS[kind]} and current_period_end <= ? and (current_period_end, id) > (?::timestamptz, ?::uuid)`
  const { jobs, clock } = scope
  const wallNow = clock.now()
  return scope.em.transactional(async (em) => {
    await noteBillingTime(em, scope)
    // With outdated statistics (after many inserts), PostgreSQL would read the whole table for every range.
    await em.execute('set local enable_seqscan = off')
    const [full] = await em.execute<Position[]>(
      `select current_period_end::text as "end", id from subscriptions where ${isDue}
       order by current_period_end, id offset ? limit 1`,
      [due, from.end, from.id, RANGE_SIZE - 1],
    )
    const to = full ?? { end: due.toISOString(), id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }
    const { affectedRows: ended } = await em.execute<{ affectedRows: number }>(
      `update subscriptions set status = 'canceled',
         ended_at = least(cancel_at, current_period_end), swept_at = ?, updated_at = ?
       where ${isDue} and (current_period_end, id) <= (?::timestamptz, ?::uuid)`,
      [billingNow, wallNow, due, from.end, from.id, to.end, to.id],
      'run',
    )
    if (ended > 0) await jobs.send(em, MailEndedSubscriptions, { sweptAt: billingNow.toISOString(), from, to })
    return { ended, to, isLast: !full }
  })
}
