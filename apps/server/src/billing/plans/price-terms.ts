import { isDeepStrictEqual } from 'node:util'
import type { UpdatePlanInput } from '../billing.schemas.ts'
import type { Plan } from '../plan.entity.ts'
import { pricedSeats, seatColumns, type SeatColumns } from './seat-terms.ts'

/** What a price at the provider says. A new value of any of them makes a new price. */
export type PriceTerms = Pick<Plan, 'priceCents' | 'currency' | 'billingPeriod'> & Required<SeatColumns>

export function termsAfter(plan: Plan, input: UpdatePlanInput): PriceTerms {
  const { priceCents = plan.priceCents, currency = plan.currency, billingPeriod = plan.billingPeriod } = input
  const { seats = plan.seats() } = input
  return { priceCents, currency, billingPeriod, ...seatColumns(pricedSeats(seats)) }
}

export const isSame = (one: PriceTerms, other: PriceTerms): boolean => isDeepStrictEqual(one, other)
