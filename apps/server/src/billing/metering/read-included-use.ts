import type { EntityManager } from '@mikro-orm/postgresql'
import type { Subscription } from '../subscription.entity.ts'

/** What a counter has, without what is only reserved. */
const SETTLED = `counter.used - coalesce((
    select sum(entry.amount) from usage_entries entry
    where entry.account_id = counter.account_id and entry.feature = counter.feature and entry.per = counter.per
      and entry.starts_at = counter.starts_at and entry.state = 'open'
  ), 0)`

/**
 * The settled use of a feature (`term`) in each billing period of a subscription (`s`), from that of its terms on. The
 * periods after its last one are those of the subscription that came after it.
 */
export const SETTLED_USE = `select counter.starts_at, ${SETTLED} as settled from usage_counters counter
  where counter.account_id = s.account_id and counter.feature = term.feature and counter.per = 'period'
    and counter.starts_at between term.period_start and s.current_period_start`

/**
 * How much of a feature is used in a subscription's present billing period: what is settled, and what is reserved within
 * the amount that was included.
 *
 * @param included that amount; null if nothing was billed, so that all reservations count.
 */
export async function readIncludedUse(
  em: EntityManager,
  { account, currentPeriodStart }: Pick<Subscription, 'account' | 'currentPeriodStart'>,
  { feature, included }: { feature: string; included: number | null },
): Promise<number> {
  const [row] = await em.execute<{ used: string }[]>(
    `select greatest(${SETTLED}, least(counter.used, ?::bigint)) as used from usage_counters counter
     where counter.account_id = ? and counter.feature = ? and counter.per = 'period' and counter.starts_at = ?`,
    [included, account.id, feature, currentPeriodStart],
  )
  return Number(row?.used ?? 0)
}
