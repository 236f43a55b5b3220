import type { EntityManager } from '@mikro-orm/postgresql'
import { intervalOf, timesPerYear, type BillingInterval } from '../../billing/index.ts'
import type { OperatorsPlanView } from '../plans.schemas.ts'

type Figures = Pick<OperatorsPlanView, 'subscribers' | 'mrr'>
type Status = keyof Figures['subscribers']

interface Row {
  plan_id: string
  status: Status
  currency: string
  billing_period: 'monthly' | 'yearly'
  total: string
  cents: string
  /** Set in a row about another interval than a month or a year. The row of its period has counted it already. */
  unit: BillingInterval['unit'] | null
  count: number | null
}

/**
 * Counts the subscriptions of plans, and what they bring per month. MRR counts what the overview counts (decision 0013).
 * All are counted by an index-only scan. Its index knows months and years; the few others have an index of their own.
 *
 * @param planId only this plan's.
 */
export async function readPlanFigures(
  em: EntityManager,
  planId: string | null = null,
): Promise<(id: string) => Figures> {
  const rows = await em.execute<Row[]>(
    `select plan_id, status, currency, billing_period, sum(total) as total, sum(total * price) as cents,
       null as unit, null::int as count
     from (
       select status, plan_id, currency, billing_period, price, count(*) as total from subscriptions
       ${planId ? 'where plan_id = ?' : ''} group by 1, 2, 3, 4, 5
     ) prices group by 1, 2, 3, 4
     union all
     select plan_id, status, currency, billing_period, 0, sum(price), interval_unit, interval_count from subscriptions
     where interval_unit is not null ${planId ? 'and plan_id = ?' : ''} group by 1, 2, 3, 4, 7, 8`,
    planId ? [planId, planId] : [],
  )
  return (id) => {
    const own = rows.filter((row) => row.plan_id === id)
    const subscribers: Figures['subscribers'] = {}
    for (const { status, total } of own) subscribers[status] = (subscribers[status] ?? 0) + Number(total)
    const yearly = new Map<string, number>()
    for (const { status, currency, billing_period: billingPeriod, cents, unit, count } of own) {
      if (status !== 'active' && status !== 'past_due') continue
      const counted = timesPerYear(intervalOf({ billingPeriod }))
      const times =
        unit === null
          ? counted
          : timesPerYear(intervalOf({ billingPeriod, intervalUnit: unit, intervalCount: count })) - counted
      yearly.set(currency, (yearly.get(currency) ?? 0) + Number(cents) * times)
    }
    const mrr = [...yearly].map(([currency, cents]) => ({ currency, cents: Math.round(cents / 12) }))
    return {
      subscribers,
      mrr: mrr.filter(({ cents }) => cents > 0).toSorted((one, other) => one.currency.localeCompare(other.currency)),
    }
  }
}
