import type { EntityManager } from '@mikro-orm/postgresql'
import { LOWEST_ID } from '../../platform/database/ids.ts'
import type { WaitingEvent } from './waiting-event.ts'

/** Maximum accounts that are marked at once. */
const MOST = 200

interface Row {
  started_at: string
  id: string
}

/**
 * Marks the next accounts that a change of a plan concerns: its subscribers, and for the free plan also all accounts
 * without a running subscription. The plan's row remembers how far it has come, and goes with the last account.
 */
export async function markAccountsOfPlan(em: EntityManager, plan: WaitingEvent): Promise<void> {
  const isOfRest = typeof plan.data['rest'] === 'string'
  const rows = isOfRest ? await markRest(em, plan) : await markSubscribers(em, plan)
  const last = rows.at(-1)
  if (last && rows.length === MOST) {
    const reached = isOfRest ? { rest: last.id } : { startedAt: last.started_at, id: last.id }
    return update(em, plan, { ...plan.data, ...reached })
  }
  if (!isOfRest && plan.data['isFree'] === true) return update(em, plan, { ...plan.data, rest: LOWEST_ID })
  await em.execute('delete from events where seq = ? and position is null', [plan.seq])
}

const MARK = (account: string) =>
  `add_event('entitlements.changed', 'entitlements', ${account}::text, ${account}, '{}') as marked`

const markSubscribers = (em: EntityManager, { object_id, data }: WaitingEvent): Promise<Row[]> =>
  em.execute<Row[]>(
    `with next as (
       select s.account_id, s.started_at, s.id from subscriptions s
       where s.plan_id = ? and s.status <> 'canceled' and (s.started_at, s.id) > (?::timestamptz, ?::uuid)
       order by s.started_at, s.id limit ?
     ) select started_at, id, ${MARK('account_id')} from next order by started_at, id`,
    [object_id, data['startedAt'] ?? '-infinity', data['id'] ?? LOWEST_ID, MOST],
  )

const markRest = (em: EntityManager, { data }: WaitingEvent): Promise<Row[]> =>
  em.execute<Row[]>(
    `with next as (
       select account.id from accounts account
       where account.id > ?::uuid and account.closed_at is null and not exists (
         select from subscriptions s where s.account_id = account.id and s.status in ('active', 'trialing'))
       order by account.id limit ?
     ) select id, ${MARK('id')} from next order by id`,
    [data['rest'], MOST],
  )

async function update(em: EntityManager, { seq }: WaitingEvent, data: object): Promise<void> {
  await em.execute('update events set data = ?::jsonb where seq = ? and position is null', [JSON.stringify(data), seq])
}
