import {
  accessReasonSql,
  readRecoveries,
  STATUSES_OF,
  Subscription,
  toSubscriptionView,
  type BillingDeps,
} from '../../billing/index.ts'
import { pageOf, readCursor, type Page, type Position } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { ListSubscriptionsInput, OwnedSubscriptionView, SubscriptionView } from '../money.schemas.ts'

type Status = SubscriptionView['status']

/**
 * Lists the subscriptions of all accounts, the latest start or the earliest end first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listSubscriptions(
  { em, billing }: AdminScope,
  input: ListSubscriptionsInput,
): Promise<Page<OwnedSubscriptionView>> {
  const { limit } = input
  const billingNow = await billing.time.now()
  const { sql, values } = selectIds(input, { billingNow, settings: billing.settings })
  const ids = (await em.execute<{ id: string }[]>(sql, values)).map(({ id }) => id)
  const found = await em.find(Subscription, { id: { $in: ids } }, { populate: ['plan', 'scheduledPlan'] })
  const place = new Map(ids.map((id, index) => [id, index]))
  const rows = found.toSorted((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0))
  const ownerOf = await readOwnersOf(em, rows)
  const recoveries = await readRecoveries(em, rows)
  const { column } = orderOf(input)
  return pageOf(
    rows,
    limit,
    (row) => ({ ...toSubscriptionView(row, billingNow, billing.settings, recoveries.get(row.id)), ...ownerOf(row) }),
    (row): Position => ({ at: column === 's.started_at' ? row.startedAt : row.currentPeriodEnd, id: row.id }),
  )
}

/** Decision 0013 says so. */
const IN_MRR: readonly Status[] = ['active', 'past_due']
const LIVE: readonly Status[] = ['pending', 'trialing', 'active', 'past_due', 'unpaid', 'paused']

interface Order {
  column: 's.started_at' | 's.current_period_end'
  direction: 'asc' | 'desc'
}

function orderOf({ order = 'newest' }: ListSubscriptionsInput): Order {
  return order === 'ending'
    ? { column: 's.current_period_end', direction: 'asc' }
    : { column: 's.started_at', direction: 'desc' }
}

/** The only statuses that can match; null if all can. */
function statusesOf(input: ListSubscriptionsInput): readonly Status[] | null {
  const { status, accessReason, countsInMrr, endsBefore, trialEndsFrom, trialEndsTo, order } = input
  const wanted = [
    ...(status ? [[status]] : []),
    ...(accessReason ? [STATUSES_OF[accessReason]] : []),
    ...(countsInMrr ? [IN_MRR] : []),
    ...(trialEndsFrom || trialEndsTo ? [['trialing' as const]] : []),
    ...(endsBefore || order === 'ending' ? [LIVE] : []),
  ]
  const [first, ...others] = wanted
  return first ? first.filter((one) => others.every((other) => other.includes(one))) : null
}

type Condition = readonly [sql: string, ...values: unknown[]]

function conditionsOf(input: ListSubscriptionsInput): Condition[] {
  const { planCode, provider, interval, currency, unitPriceCents, endsBefore, trialEndsFrom, trialEndsTo } = input
  const { countsInMrr, userId, accountId = userId } = input
  const inMrr = "s.status in ('active', 'past_due') and s.price > 0"
  const intervals: Record<NonNullable<typeof interval>, Condition> = {
    monthly: ["s.billing_period = 'monthly' and s.interval_unit is null"],
    yearly: ["s.billing_period = 'yearly' and s.interval_unit is null"],
    other: ['s.interval_unit is not null'],
  }
  return [
    ...(planCode === undefined ? [] : [['s.plan_id = (select id from plans where code = ?)', planCode] as const]),
    ...(provider ? [['s.provider = ?', provider] as const] : []),
    ...(interval ? [intervals[interval]] : []),
    ...(currency ? [['s.currency = ?', currency] as const] : []),
    ...(unitPriceCents === undefined ? [] : [['coalesce(s.unit_price, s.price) = ?', unitPriceCents] as const]),
    ...(countsInMrr === undefined ? [] : [[countsInMrr ? inMrr : `not (${inMrr})`] as const]),
    ...(endsBefore
      ? [['s.cancel_at_period_end and least(s.cancel_at, s.current_period_end) < ?', endsBefore] as const]
      : []),
    ...(trialEndsFrom ? [['s.current_period_end >= ?', trialEndsFrom] as const] : []),
    ...(trialEndsTo ? [['s.current_period_end < ?', trialEndsTo] as const] : []),
    ...(accountId ? [['s.account_id = ?', accountId] as const] : []),
  ]
}

/**
 * The ids of a page and of one more. If only some statuses can match, each is read by itself, from an index that begins
 * with the status and has the order.
 */
function selectIds(
  input: ListSubscriptionsInput,
  { billingNow, settings }: { billingNow: Date; settings: BillingDeps['settings'] },
): { sql: string; values: unknown[] } {
  const { column, direction } = orderOf(input)
  const { cursor, accessReason, limit } = input
  const from = cursor ? readCursor(cursor) : null
  const reason = accessReason && accessReasonSql(billingNow, settings)
  const conditions: Condition[] = [
    ...conditionsOf(input),
    ...(from ? [[`(${column}, s.id) ${direction === 'asc' ? '>' : '<'} (?, ?)`, from.at, from.id] as const] : []),
    ...(reason ? [[`${reason.sql} = ?`, ...reason.values, accessReason] as const] : []),
  ]
  const statuses = statusesOf(input)
  const isLive = statuses && !statuses.includes('canceled')
  const page = (condition: string) =>
    `select s.id, ${column} as at from subscriptions s
     where ${[condition, ...(isLive ? ["s.status <> 'canceled'"] : []), ...conditions.map(([sql]) => sql)].join(' and ')}
     order by ${column} ${direction}, s.id ${direction} limit ?`
  const values = [...conditions.flatMap(([, ...given]) => given), limit + 1]
  if (!statuses) return { sql: page('true'), values }
  return {
    sql: `select picked.id from unnest(?::text[]) as wanted (status) cross join lateral (${page('s.status = wanted.status')}) picked
      order by picked.at ${direction}, picked.id ${direction} limit ?`,
    values: [`{${statuses.join(',')}}`, ...values, limit + 1],
  }
}
