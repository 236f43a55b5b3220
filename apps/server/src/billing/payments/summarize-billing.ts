import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { SubscriptionView } from '../billing.schemas.ts'
import { intervalOf, timesPerYear } from '../plans/billing-interval.ts'
import type { BillingInterval, BillingPeriod } from '../providers/payment-provider.ts'

interface Money {
  currency: string
  cents: number
}

interface BillingSummary {
  subscriptions: {
    byStatus: Record<SubscriptionView['status'], number>
    /** Live subscriptions, with or without access. */
    byPlan: { planCode: string; count: number }[]
  }
  revenue: {
    mrr: Money[]
    last30d: Money[]
    /** `day` is `YYYY-MM-DD` in UTC. Lists all 30 days for every currency that had revenue. */
    byDay: ({ day: string } & Money)[]
  }
}

const DAYS = 30

/**
 * Computes the figures of all subscriptions and payments.
 *
 * @see docs/decisions/0013-billing-figures.md for what each figure counts.
 */
export async function summarizeBilling(scope: Pick<BillingScope, 'em' | 'billing'>): Promise<BillingSummary> {
  const all = await groupSubscriptions(scope)
  const { groups } = all
  const days = lastDays(await scope.billing.time.now())
  const payments = await sumPayments(scope, days)
  const last30d = sumBy(
    payments,
    ({ currency }) => currency,
    ({ cents }) => cents,
  )
  return {
    subscriptions: {
      byStatus: {
        ...NO_SUBSCRIPTIONS,
        ...Object.fromEntries(
          sumBy(
            groups,
            ({ status }) => status,
            ({ count }) => count,
          ),
        ),
      },
      byPlan: [
        ...sumBy(
          groups.filter(({ status }) => status !== 'canceled'),
          ({ planCode }) => planCode,
          ({ count }) => count,
        ),
      ]
        .map(([planCode, count]) => ({ planCode, count }))
        .toSorted((one, other) => other.count - one.count || one.planCode.localeCompare(other.planCode)),
    },
    revenue: {
      mrr: monthlyRevenue(all),
      last30d: [...last30d].map(([currency, cents]) => ({ currency, cents })),
      byDay: [...last30d.keys()].flatMap((currency) =>
        days.map((day) => ({
          ...{ day, currency },
          cents: payments.find((sum) => sum.day === day && sum.currency === currency)?.cents ?? 0,
        })),
      ),
    },
  }
}

const NO_SUBSCRIPTIONS: BillingSummary['subscriptions']['byStatus'] = {
  pending: 0,
  trialing: 0,
  active: 0,
  past_due: 0,
  unpaid: 0,
  paused: 0,
  canceled: 0,
}

interface SubscriptionGroup {
  status: SubscriptionView['status']
  planCode: string
  currency: string
  interval: BillingInterval
  count: number
  cents: number
}

/** A part of the groups that is charged at another interval than its group says. */
interface OddGroup extends Pick<SubscriptionGroup, 'status' | 'currency' | 'cents'> {
  counted: BillingInterval
  interval: BillingInterval
}

/** What discounts and included taxes take of the prices. */
type Deduction = Pick<SubscriptionGroup, 'status' | 'currency' | 'cents' | 'interval'>

interface Groups {
  groups: SubscriptionGroup[]
  odd: OddGroup[]
  deducted: Deduction[]
}

/**
 * Groups with an index-only scan, and joins the plans' codes afterwards: few rows, even for many subscriptions. That index
 * knows months, years and full prices only. Those with another interval, and those with discounts or included taxes, are
 * read from indexes of their own, in the same statement.
 */
async function groupSubscriptions({ em }: Pick<BillingScope, 'em'>): Promise<Groups> {
  const rows = await em.execute<GroupRow[]>(
    `select s.*, p.code from (
       select status, plan_id, currency, billing_period, null as interval_unit, null::int as interval_count,
         count(*) as count, sum(price) as cents, false as is_deducted
       from subscriptions group by status, plan_id, currency, billing_period
       union all
       select status, null, currency, billing_period, interval_unit, interval_count, count(*), sum(price), false
       from subscriptions where interval_unit is not null
       group by status, currency, billing_period, interval_unit, interval_count
       union all
       select status, null, currency, billing_period, interval_unit, interval_count, count(*),
         sum(coalesce(discount, 0) + coalesce(included_tax, 0)), true
       from subscriptions where discount > 0 or included_tax > 0
       group by status, currency, billing_period, interval_unit, interval_count
     ) s left join plans p on p.id = s.plan_id`,
  )
  const sums = rows.map((row) => ({
    status: SubscriptionView.shape.status.parse(row.status),
    planCode: row.code,
    currency: row.currency,
    counted: intervalOf({ billingPeriod: row.billing_period }),
    interval: intervalOf({
      billingPeriod: row.billing_period,
      intervalUnit: row.interval_unit,
      intervalCount: row.interval_count,
    }),
    count: Number(row.count),
    cents: Number(row.cents),
    isDeducted: row.is_deducted,
  }))
  return {
    groups: sums.flatMap(({ planCode, ...sum }) => (planCode === null ? [] : [{ ...sum, planCode }])),
    odd: sums.filter(({ planCode, isDeducted }) => planCode === null && !isDeducted),
    deducted: sums.filter(({ isDeducted }) => isDeducted),
  }
}

interface GroupRow {
  status: string
  code: string | null
  currency: string
  billing_period: BillingPeriod
  interval_unit: BillingInterval['unit'] | null
  interval_count: number | null
  count: string
  cents: string
  is_deducted: boolean
}

/** The revenue per month of all paying subscriptions, by their intervals. Each currency is rounded once. */
function monthlyRevenue({ groups, odd, deducted }: Groups): Money[] {
  const yearly = sumBy(
    [
      ...groups.map(({ interval, ...group }) => ({ ...group, perYear: group.cents * timesPerYear(interval) })),
      ...odd.map(({ interval, counted, ...group }) => ({
        ...group,
        perYear: group.cents * (timesPerYear(interval) - timesPerYear(counted)),
      })),
      ...deducted.map(({ interval, ...group }) => ({ ...group, perYear: -group.cents * timesPerYear(interval) })),
    ].filter(({ status, cents }) => (status === 'active' || status === 'past_due') && cents > 0),
    ({ currency }) => currency,
    ({ perYear }) => perYear,
  )
  // A currency of which discounts leave nothing has no revenue.
  return [...yearly].flatMap(([currency, cents]) => (cents > 0 ? [{ currency, cents: Math.round(cents / 12) }] : []))
}

/** Sums what was paid and not refunded, per day and currency, since the first of these days. */
async function sumPayments(
  { em }: Pick<BillingScope, 'em'>,
  [since]: readonly [string, ...string[]],
): Promise<({ day: string } & Money)[]> {
  const rows = await em.execute<{ day: string; currency: string; cents: string }[]>(
    `select to_char(day, 'YYYY-MM-DD') as day, currency, cents from (
       select date_trunc('day', created_at at time zone 'UTC') as day, currency, sum(amount - refunded) as cents
       from payments where created_at >= ? and status in ('succeeded', 'partially_refunded')
       group by 1, 2
     ) sums order by currency, day`,
    [new Date(`${since}T00:00:00Z`)],
  )
  return rows.map(({ day, currency, cents }) => ({ day, currency, cents: Number(cents) }))
}

/** The last 30 days in UTC, today included, oldest first. */
function lastDays(billingNow: Date): [string, ...string[]] {
  const daysAgo = (count: number) =>
    after(billingNow, -count * DAY)
      .toISOString()
      .slice(0, 10)
  return [daysAgo(DAYS - 1), ...Array.from({ length: DAYS - 1 }, (_, i) => daysAgo(DAYS - 2 - i))]
}

function sumBy<T>(items: readonly T[], key: (item: T) => string, amount: (item: T) => number): Map<string, number> {
  const sums = new Map<string, number>()
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0) + amount(item))
  return new Map([...sums].toSorted(([one], [other]) => one.localeCompare(other)))
}
