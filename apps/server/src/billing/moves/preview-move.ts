import type { BillingScope } from '../billing-scope.ts'
import { PlanNotFound } from '../billing.errors.ts'
import type { MoveKind, MovePreview, PreviewMoveInput } from '../plan-move.schemas.ts'
import { Plan, type Offer } from '../plan.entity.ts'
import { intervalOf, timesPerYear } from '../plans/billing-interval.ts'
import { chooseOffer } from '../plans/choose-offer.ts'
import { planView } from '../plans/plan-view.ts'
import { priceRef } from '../plans/price-ref.ts'
import { seatTermsOf } from '../plans/seat-terms.ts'
import { movableSql } from './movable.ts'

/** Maximum number of kinds in a preview. Totals have them all. */
const KINDS = 50

interface Row {
  reason: string | null
  status: MoveKind['status']
  currency: string
  held_unit: MoveKind['interval']['unit']
  held_count: number
  held: string
  included_seats: number | null
  per_seat_cents: number | null
  count: string
  before: string
  after: string
  due: string
  credit: string
  first_end: string
  last_end: string
}

/**
 * What a move of a plan's subscribers would do, by what our rows say. It changes nothing.
 *
 * @throws {PlanNotFound} if there is no such plan, or the target is not on sale.
 * @throws {InvalidInput} if the target is not sold for this period or in this currency.
 * @throws {ProviderUnsupported} if the target's provider is not configured.
 */
export async function previewMove(scope: BillingScope, input: PreviewMoveInput): Promise<MovePreview> {
  const { em, billing } = scope
  const { planId, toPlanCode, at, toBillingPeriod, toCurrency, ...filters } = input
  const { from, to, offer } = await findPlans(scope, input)
  const { sql, values } = await movableSql(scope, { from, to, offer, at, ...filters })
  const rows = await em.execute<Row[]>(
    `select reason, status, currency, held_unit, held_count, held, included_seats, per_seat_cents, count(*) as count,
       sum(old_cost) as before, sum(new_cost) as after, sum(greatest(balance, 0)) as due,
       sum(greatest(-balance, 0)) as credit, min(current_period_end) as first_end, max(current_period_end) as last_end
     from (${sql}) each group by 1, 2, 3, 4, 5, 6, 7, 8 order by count(*) desc, 6, 2, 3, 4, 5, 7, 8`,
    values,
  )
  const movable = rows.filter(({ reason }) => reason === null)
  const billingNow = await billing.time.now()
  const ends = movable.flatMap(({ first_end, last_end }) => [new Date(first_end), new Date(last_end)])
  const [firstAt = null, lastAt = firstAt] = at === 'now' ? [billingNow] : [minOf(ends), maxOf(ends)]
  return {
    ...{ from: planView(from), to: planView(to), at },
    price: offer,
    priceRef: priceRef(
      to.id,
      offer,
      seatTermsOf({ includedSeats: to.includedSeats, perSeatCents: offer.perSeatCents }),
    ),
    subscribers: countOf(rows),
    movable: countOf(movable),
    refusals: refusalsOf(rows),
    kinds: movable.slice(0, KINDS).map(kindOf),
    hasMoreKinds: movable.length > KINDS,
    totals: totalsOf(movable.map(kindOf), timesPerYear(intervalOf(offer))),
    isEstimate: at === 'now' && movable.some(({ status }) => status !== 'trialing'),
    ...(movable.length > 0 ? { firstAt, lastAt } : { firstAt: null, lastAt: null }),
  }
}

/**
 * @throws {PlanNotFound} if there is no such plan, or the target is not on sale.
 * @throws {InvalidInput} if the target is not sold for this period or in this currency.
 */
export async function findPlans(
  { em }: Pick<BillingScope, 'em'>,
  { planId, toPlanCode, toBillingPeriod, toCurrency }: MoveTarget,
): Promise<{ from: Plan; to: Plan; offer: Offer }> {
  const from = await em.findOne(Plan, { id: planId })
  const to = await em.findOne(Plan, { code: toPlanCode, status: 'active' })
  if (!from || !to) throw new PlanNotFound()
  const { offer } = chooseOffer(to, { billingPeriod: toBillingPeriod, currency: toCurrency }, null)
  return { from, to, offer }
}

type MoveTarget = Pick<PreviewMoveInput, 'planId' | 'toPlanCode' | 'toBillingPeriod' | 'toCurrency'>

const countOf = (rows: readonly Row[]): number => rows.reduce((sum, { count }) => sum + Number(count), 0)
const minOf = (moments: readonly Date[]) => moments.toSorted((one, other) => one.getTime() - other.getTime())[0]
const maxOf = (moments: readonly Date[]) => moments.toSorted((one, other) => one.getTime() - other.getTime()).at(-1)

function refusalsOf(rows: readonly Row[]): MovePreview['refusals'] {
  const reasons = new Set(rows.flatMap(({ reason }) => reason ?? []))
  return [...reasons]
    .map((reason) => ({ reason, count: countOf(rows.filter((row) => row.reason === reason)) }))
    .toSorted((one, other) => other.count - one.count || one.reason.localeCompare(other.reason))
}

const kindOf = (row: Row): MoveKind => ({
  ...{ status: row.status, currency: row.currency, interval: { unit: row.held_unit, count: row.held_count } },
  unitPriceCents: Number(row.held),
  seats:
    row.included_seats && row.per_seat_cents
      ? { included: row.included_seats, perSeatCents: row.per_seat_cents }
      : null,
  ...{ count: Number(row.count), beforeCents: Number(row.before), afterCents: Number(row.after) },
  ...{ dueNowCents: Number(row.due), creditCents: Number(row.credit) },
})

/** MRR counts what is paid for, so a trial counts for nothing before and after (decision 0013). */
function totalsOf(kinds: readonly MoveKind[], timesAfter: number): MovePreview['totals'] {
  const sum = (of: readonly MoveKind[], each: (kind: MoveKind) => number) =>
    of.reduce((total, kind) => total + each(kind), 0)
  return [...new Set(kinds.map(({ currency }) => currency))].toSorted().map((currency) => {
    const own = kinds.filter((kind) => kind.currency === currency)
    const paid = own.filter(({ status }) => status !== 'trialing')
    return {
      currency,
      dueNowCents: sum(own, ({ dueNowCents }) => dueNowCents),
      creditCents: sum(own, ({ creditCents }) => creditCents),
      mrrBeforeCents: Math.round(sum(paid, (kind) => kind.beforeCents * timesPerYear(kind.interval)) / 12),
      mrrAfterCents: Math.round(sum(paid, (kind) => kind.afterCents * timesAfter) / 12),
    }
  })
}
