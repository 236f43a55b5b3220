import type { EntityManager } from '@mikro-orm/postgresql'
import { ACCESS_COLUMNS, type SubscriptionRow } from '../access/subscription-row.ts'

/** What access depended on, from a moment on. */
export interface State extends SubscriptionRow {
  readonly subscriptionId: string
  readonly planId: string
  /** In billing time: when it began to hold, or since when it is known to. */
  readonly at: Date
  /** By the database's clock; null if it is the present row, of which no change was recorded. */
  readonly recordedAt: Date | null
  readonly startedAt: Date
  readonly cause: string | null
  /** Whether it may have held before `at`, too: nothing is known of that time. */
  readonly isOpenBefore: boolean
}

interface StateRow extends SubscriptionRow {
  subscription_id: string
  plan_id: string
  started_at: string
  at: string
  recorded_at: string | null
  cause: string | null
  is_open_before: boolean
}

/**
 * Reads all states of an account's subscriptions, the earliest first. A subscription that has not changed since its
 * history began is one state: what its row says, known since its row last changed.
 */
export async function readStates(em: EntityManager, accountId: string): Promise<State[]> {
  const rows = await em.execute<StateRow[]>(
    `select * from (
       select ${ACCESS_COLUMNS}, s.subscription_id, s.plan_id, s.started_at, s.billing_at as at, s.recorded_at,
         s.recorded_at as place, s.id, s.cause, s.is_former as is_open_before
       from subscription_states s where s.account_id = ?
       union all
       select ${ACCESS_COLUMNS}, s.id, s.plan_id, s.started_at, s.updated_at, null, s.updated_at, s.id, null, true
       from subscriptions s where s.account_id = ?
         and not exists (select 1 from subscription_states known where known.subscription_id = s.id)
     ) states order by place, id`,
    [accountId, accountId],
  )
  return rows.map(({ subscription_id, plan_id, started_at, at, recorded_at, cause, is_open_before, ...row }) => ({
    ...row,
    ...{ subscriptionId: subscription_id, planId: plan_id, startedAt: new Date(started_at), at: new Date(at), cause },
    recordedAt: recorded_at === null ? null : new Date(recorded_at),
    isOpenBefore: is_open_before,
  }))
}
