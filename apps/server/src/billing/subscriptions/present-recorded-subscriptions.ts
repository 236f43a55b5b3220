import type { EntityManager } from '@mikro-orm/postgresql'
import type { SubscriptionView } from '../billing.schemas.ts'
import type { BillingSettings } from '../billing.settings.ts'
import { Plan } from '../plan.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { toSubscriptionView } from './subscription-view.ts'

/** A subscription's row at some moment, by column. */
type RecordedRow = Readonly<Record<string, unknown>>

const planIdsOf = (row: RecordedRow): string[] =>
  [row['plan_id'], row['scheduled_plan_id']].filter((id) => typeof id === 'string')

/**
 * Presents rows of subscriptions that were recorded earlier, with their plans as they are now. Access is decided as of
 * `billingNow`. A failed renewal is not part of it.
 */
export async function presentRecordedSubscriptions(
  em: EntityManager,
  rows: readonly RecordedRow[],
  { billingNow, settings }: { billingNow: Date; settings: BillingSettings },
): Promise<Omit<SubscriptionView, 'recovery'>[]> {
  const own = em.fork({ keepTransactionContext: true })
  const plans = new Set(rows.flatMap(planIdsOf))
  if (plans.size > 0) await own.find(Plan, { id: [...plans] })
  const views: Omit<SubscriptionView, 'recovery'>[] = []
  for (const row of rows) {
    // Several may be the same subscription at different moments: each is presented before the next one is mapped.
    const [subscription] = await own.populate([own.map(Subscription, row)], ['plan', 'scheduledPlan'])
    if (!subscription) continue
    const { recovery, ...view } = toSubscriptionView(subscription, billingNow, settings)
    views.push(view)
  }
  return views
}
