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
  unit: BillingInterval['unit'] | null
  count: number | null
  total: string
  cents: string
}

/**
 * Counts the subscriptions of plans, and what they bring per month. MRR counts what the overview counts (decision 0013).
 * It adds up what triggers have counted (decision 0026), so it is exact, and as quick for a million subscriptions as for one.
 *
 * @param planId only this plan's.
 */
export async function readPlanFigures(
  em: EntityManager,
  planId: string | null = null,
): Promise<(id: string) => Figures> {
  const rows = await em.execute<Row[]>(
    `select plan_id, status, currency, billing_period, interval_unit as unit, interval_count as count,
       sum(count) as total, sum(amount) as cents
     from plan_counts ${planId ? 'where plan_id = ?' : ''} group by 1, 2, 3, 4, 5, 6 having sum(count) > 0`,
    planId ? [planId] : [],
  )
  return (id) => {
    const own = rows.filter((row) => row.plan_id === id)
    const subscribers: Figures['subscribers'] = {}
    for (const { status, total } of own) subscribers[status] = (subscribers[status] ?? 0) + Number(total)
    const yearly = new Map<string, number>()
    for (const { status, currency, billing_period: billingPeriod, cents, unit, count } of own) {
      if (status !== 'active' && status !== 'past_due') continue
      const times = timesPerYear(intervalOf({ billingPeriod, intervalUnit: unit, intervalCount: count }))
      yearly.set(currency, (yearly.get(currency) ?? 0) + Number(cents) * times)
    }
    const mrr = [...yearly].map(([currency, cents]) => ({ currency, cents: Math.round(cents / 12) }))
    return {
      subscribers,
      mrr: mrr.filter(({ cents }) => cents > 0).toSorted((one, other) => one.currency.localeCompare(other.currency)),
    }
  }
}
