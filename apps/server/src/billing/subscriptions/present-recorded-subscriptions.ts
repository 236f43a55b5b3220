import type { EntityManager } from '@mikro-orm/postgresql'
import type { SubscriptionView } from '../billing.schemas.ts'
import type { BillingSettings } from '../billing.settings.ts'
import { Plan } from '../plan.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { readRecoveries } from './read-recoveries.ts'
import { toSubscriptionView } from './subscription-view.ts'

/** A subscription's row at some moment, by column. */
type RecordedRow = Readonly<Record<string, unknown>>

const planIdsOf = (row: RecordedRow): string[] =>
  [row['plan_id'], row['scheduled_plan_id']].filter((id) => typeof id === 'string')

/**
 * Presents rows of subscriptions that were recorded earlier, with their plans and failed renewals as they are now. Access
 * is decided as of `billingNow`. No one's page for paying is shown.
 */
export async function presentRecordedSubscriptions(
  em: EntityManager,
  recorded: readonly RecordedRow[],
  { billingNow, settings }: { billingNow: Date; settings: BillingSettings },
): Promise<SubscriptionView[]> {
  const rows = await readAgain(em, recorded)
  const own = em.fork({ keepTransactionContext: true })
  const plans = new Set(rows.flatMap(planIdsOf))
  if (plans.size > 0) await own.find(Plan, { id: [...plans] })
  const presented: { view: SubscriptionView; seen: Pick<Subscription, 'id' | 'status'>[] }[] = []
  for (const row of rows) {
    // Several may be the same subscription at different moments: each is presented before the next one is mapped.
    const [subscription] = await own.populate([own.map(Subscription, row)], ['plan', 'scheduledPlan'])
    if (!subscription) continue
    const { id, status } = subscription
    const view = toSubscriptionView(subscription, billingNow, settings)
    presented.push({ view, seen: subscription.isOverdue() ? [{ id, status }] : [] })
  }
  const recoveries = await readRecoveries(
    em,
    presented.flatMap(({ seen }) => seen),
  )
  return presented.map(({ view, seen: [overdue] }) => {
    const recovery = overdue && recoveries.get(overdue.id)
    return { ...view, recovery: recovery ? { ...recovery, payUrl: null } : null }
  })
}

/** Rows that were recorded for a change of something else may have been old: they are read as they are now. */
async function readAgain(em: EntityManager, rows: readonly RecordedRow[]): Promise<RecordedRow[]> {
  const ids = rows.flatMap(({ id, is_read_later: isOld }) => (isOld === true ? [String(id)] : []))
  if (ids.length === 0) return [...rows]
  const read = await em.execute<{ id: string; row: RecordedRow }[]>(
    'select id, to_jsonb(subscriptions) as row from subscriptions where id = any(?::uuid[])',
    [`{${ids.join(',')}}`],
  )
  const present = new Map(read.map(({ id, row }) => [id, row]))
  return rows.map(({ is_read_later: isOld, ...row }) => (isOld === true && present.get(String(row['id']))) || row)
}
