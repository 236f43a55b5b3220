import type { EntityManager } from '@mikro-orm/postgresql'
import { Plan, PlanNotFound, PlanPrice, planView, withRevision } from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { PlanDetails } from '../plans.schemas.ts'
import { readPlanFigures } from './read-plan-figures.ts'

type Price = PlanDetails['prices'][number]

/**
 * Returns any plan with its prices and who pays them.
 *
 * @throws {PlanNotFound}
 */
export async function getAnyPlan({ em }: Pick<AdminScope, 'em'>, { id }: { id: string }): Promise<PlanDetails> {
  const plan = await em.findOne(Plan, { id })
  if (!plan) throw new PlanNotFound()
  const figuresOf = await readPlanFigures(em, id)
  const rows = await em.find(PlanPrice, { plan: id }, { orderBy: { createdAt: 'desc', id: 'desc' } })
  const known = rows.map((row): Price => ({
    ...{ priceCents: row.priceCents, currency: row.currency, billingPeriod: row.billingPeriod },
    seats:
      row.includedSeats && row.perSeatCents ? { included: row.includedSeats, perSeatCents: row.perSeatCents } : null,
    perSeatCents: row.perSeatCents ?? null,
    provider: row.provider ?? plan.provider,
    isCurrent: row.isOnOffer(),
    providerPriceId: row.providerPriceId ?? null,
    createdAt: row.createdAt,
    subscribers: 0,
  }))
  const offers = plan.offers()
  const placeOf = ({ billingPeriod, currency }: Price) =>
    offers.findIndex((offer) => offer.billingPeriod === billingPeriod && offer.currency === currency)
  const current = known.filter(({ isCurrent }) => isCurrent).toSorted((one, other) => placeOf(one) - placeOf(other))
  const former = known.filter(({ isCurrent }) => !isCurrent)
  const isMissing = current.length < offers.length || current.some(({ providerPriceId }) => !providerPriceId)
  const view = withRevision(planView(plan))
  return {
    ...view,
    ...figuresOf(id),
    offers: view.prices,
    ...{ status: plan.status, createdAt: plan.createdAt, providerProductId: plan.providerProductId ?? null },
    sync: !plan.providerProductId || isMissing ? 'missing' : (await isSyncing(em, id)) ? 'pending' : 'synced',
    prices: withSubscribers([...current, ...former], await readPaidPrices(em, plan)),
  }
}

/** Counts subscribers at the price that they pay. The same terms were perhaps offered twice: then the later price has them. */
function withSubscribers(known: readonly Price[], paid: readonly Price[]): Price[] {
  const termsOf = ({ priceCents, currency, billingPeriod, seats }: Price) =>
    JSON.stringify([priceCents, currency, billingPeriod, seats?.included, seats?.perSeatCents])
  const unknown = paid.filter((price) => !known.some((other) => termsOf(other) === termsOf(price)))
  const counted = known.map((price, index) => {
    const isFirst = known.findIndex((other) => termsOf(other) === termsOf(price)) === index
    const match = paid.find((other) => termsOf(other) === termsOf(price))
    return { ...price, subscribers: isFirst ? (match?.subscribers ?? 0) : 0 }
  })
  return [...counted, ...unknown]
}

interface PaidRow {
  price: string
  currency: string
  billing_period: Price['billingPeriod']
  included_seats: number | null
  per_seat_cents: number | null
  total: string
}

/**
 * What live subscriptions of the plan pay for one of it. Grants pay nothing and are left out. Triggers have counted them.
 */
async function readPaidPrices(em: EntityManager, { id: planId, provider }: Plan): Promise<Price[]> {
  const rows = await em.execute<PaidRow[]>(
    `select unit_price as price, currency, billing_period, included_seats, per_seat_cents, sum(count) as total
     from plan_counts where plan_id = ? and status <> 'canceled' and not is_grant
     group by 1, 2, 3, 4, 5 having sum(count) > 0`,
    [planId],
  )
  return rows.map((row) => ({
    ...{ priceCents: Number(row.price), currency: row.currency, billingPeriod: row.billing_period },
    seats:
      row.included_seats && row.per_seat_cents
        ? { included: row.included_seats, perSeatCents: row.per_seat_cents }
        : null,
    ...{
      perSeatCents: row.per_seat_cents,
      provider,
      isCurrent: false,
      providerPriceId: null,
      createdAt: null,
      subscribers: Number(row.total),
    },
  }))
}

/** Whether a job that copies the plan to the provider waits or runs. */
async function isSyncing(em: EntityManager, planId: string): Promise<boolean> {
  const jobs = await em.execute(
    `select 1 from pgboss.job where name = 'sync-plan' and state in ('created', 'retry', 'active') and data->>'planId' = ? limit 1`,
    [planId],
  )
  return jobs.length > 0
}
