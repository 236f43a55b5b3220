import type { EntityManager } from '@mikro-orm/postgresql'
import { timesPerYear, type BillingInterval } from '../../billing/index.ts'
import type { OperatorsPlanView } from '../plans.schemas.ts'

type Figures = Pick<OperatorsPlanView, 'subscribers' | 'mrr'>
type Status = keyof Figures['subscribers']

interface Row {
  plan_id: string
  status: Status
  currency: string
  unit: BillingInterval['unit']
  count: number
  total: string
  cents: string
}

/**
 * Counts the subscriptions of plans, and what they bring per month. MRR counts what the overview counts (decision 0013).
 *
 * @param planId only this plan's.
 */
export async function readPlanFigures(
  em: EntityManager,
  planId: string | null = null,
): Promise<(id: string) => Figures> {
  const rows = await em.execute<Row[]>(
    `select plan_id, status, currency, coalesce(interval_unit, case billing_period when 'yearly' then 'year' else 'month' end) as unit,
       coalesce(interval_count, 1) as count, count(*) as total, sum(price) as cents
     from subscriptions ${planId ? 'where plan_id = ?' : ''} group by 1, 2, 3, 4, 5`,
    planId ? [planId] : [],
  )
  return (id) => {
    const own = rows.filter((row) => row.plan_id === id)
    const subscribers: Figures['subscribers'] = {}
    for (const { status, total } of own) subscribers[status] = (subscribers[status] ?? 0) + Number(total)
    const yearly = new Map<string, number>()
    for (const { status, currency, unit, count, cents } of own) {
      if (status !== 'active' && status !== 'past_due') continue
      yearly.set(currency, (yearly.get(currency) ?? 0) + Number(cents) * timesPerYear({ unit, count }))
    }
    const mrr = [...yearly].map(([currency, cents]) => ({ currency, cents: Math.round(cents / 12) }))
    return {
      subscribers,
      mrr: mrr.filter(({ cents }) => cents > 0).toSorted((one, other) => one.currency.localeCompare(other.currency)),
    }
  }
}
