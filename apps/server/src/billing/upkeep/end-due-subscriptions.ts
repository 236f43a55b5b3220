import { START } from '../../platform/database/keyset.ts'
import type { BillingScope } from '../billing-scope.ts'
import { MailEndedSubscriptions, type EndedRange } from '../billing.queues.ts'

/** Rows in one range: few enough that no lock is held for long. */
const RANGE_SIZE = 10_000

/** Each has a partial index on (current_period_end, id) with just these words. */
const KINDS = {
  granted: "status <> 'canceled' and provider = 'manual'",
  ending: "status <> 'canceled' and provider <> 'manual' and cancel_at_period_end",
} as const

interface Due {
  kind: keyof typeof KINDS
  /** Ends what was due until then; billing time, as is `now`. */
  due: Date
  now: Date
}

type Position = EndedRange['from']

/**
 * Ends what is due of one kind, in ranges of due dates: a transaction each, one behind the other. So it may stop
 * anywhere, no row is locked for longer than a range takes, and nothing is read twice.
 *
 * A row that its customer's transaction has just written is waited for and looked at again: it is ended only if what
 * it says now is still so (PostgreSQL, READ COMMITTED). The job of each range's mails is part of its transaction.
 *
 * @returns how many were ended.
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
  { em, jobs, clock }: BillingScope,
  { kind, due, now }: Due,
  from: Position,
): Promise<{ ended: number; to: Position; isLast: boolean }> {
  const isDue = `${KINDS[kind]} and current_period_end <= ? and (current_period_end, id) > (?::timestamptz, ?::uuid)`
  return em.transactional(async (em) => {
    // Statistics that are old (much was added at once) must not make it read the whole table for every range.
    await em.execute('set local enable_seqscan = off')
    const [full] = await em.execute<Position[]>(
      `select current_period_end::text as "end", id from subscriptions where ${isDue}
       order by current_period_end, id offset ? limit 1`,
      [due, from.end, from.id, RANGE_SIZE - 1],
    )
    const to = full ?? { end: due.toISOString(), id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }
    const { affectedRows: ended } = await em.execute<{ affectedRows: number }>(
      `update subscriptions set status = 'canceled', ended_at = current_period_end, swept_at = ?, updated_at = ?
       where ${isDue} and (current_period_end, id) <= (?::timestamptz, ?::uuid)`,
      [now, clock.now(), due, from.end, from.id, to.end, to.id],
      'run',
    )
    if (ended > 0) await jobs.send(em, MailEndedSubscriptions, { sweptAt: now.toISOString(), from, to })
    return { ended, to, isLast: !full }
  })
}
