import { after } from '../platform/clock.ts'
import type { BillingScope } from './billing-scope.ts'
import { MailEndedSubscriptions } from './billing.queues.ts'

/** Rows in one range: few enough that no lock is held for long. */
const RANGE_SIZE = 10_000
/** Subscriptions whose mails one follow-up job queues. */
const MAIL_BATCH = 1_000

/**
 * Ends every subscription whose time has run out: one that was ending RENEWAL_LEEWAY after its period, a grant at once.
 *
 * It goes through the due dates in ranges, a transaction each, so it may stop anywhere and the next run goes on.
 * It changes rows only; the mails are queued by follow-up jobs that are part of the same transactions.
 *
 * @returns how many were ended.
 */
export async function expireSubscriptions(scope: BillingScope): Promise<{ ended: number }> {
  const now = await scope.billing.time.now()
  const endedBefore = after(now, -scope.billing.settings.renewalLeeway)
  let ended = 0
  for (;;) {
    const inRange = await expireRange(scope, now, endedBefore)
    ended += inRange
    if (inRange === 0) break
  }
  scope.log.info({ ended }, 'sweep done')
  return { ended }
}

async function expireRange({ em, jobs, clock }: BillingScope, now: Date, endedBefore: Date): Promise<number> {
  return em.transactional(async (em) => {
    const rows = await em.execute<{ id: string }[]>(
      `update subscriptions set status = 'canceled', ended_at = current_period_end, updated_at = ?
       where status <> 'canceled' and id in (
         select id from subscriptions
         where status <> 'canceled'
           and ((provider = 'manual' and current_period_end <= ?) or (cancel_at_period_end and current_period_end <= ?))
         order by current_period_end limit ?
       )
       returning id`,
      [clock.now(), now, endedBefore, RANGE_SIZE],
    )
    for (let from = 0; from < rows.length; from += MAIL_BATCH) {
      const subscriptionIds = rows.slice(from, from + MAIL_BATCH).map(({ id }) => id)
      await jobs.send(em, MailEndedSubscriptions, { subscriptionIds })
    }
    return rows.length
  })
}
