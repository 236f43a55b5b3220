import { isDeepStrictEqual } from 'node:util'
import type { PlanView } from '../billing.schemas.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { pricedSeats, seatColumns, type SeatColumns } from './seat-terms.ts'

/** What a price at the provider says. A new value of any of them makes a new price. */
export type PriceTerms = Pick<Plan, 'priceCents' | 'currency' | 'billingPeriod'> & Required<SeatColumns>

/** The terms of one of a plan's prices. */
export function termsOf(
  { priceCents, currency, billingPeriod, perSeatCents }: Offer,
  seats: PlanView['seats'],
): PriceTerms {
  return { priceCents, currency, billingPeriod, ...seatColumns(pricedSeats(seats && { ...seats, perSeatCents })) }
}

/** A plan's prices, and its seats, which they have in common. */
export interface SoldFor {
  offers: readonly [Offer, ...Offer[]]
  seats: PlanView['seats']
}

export function soldFor(plan: Plan): SoldFor {
  return { offers: [plan.firstOffer(), ...plan.furtherPrices], seats: plan.seats() }
}

/** Whether two prices are the same one at a provider. */
export const isSame = (one: SoldAt, other: SoldAt): boolean =>
  one.offer.provider === other.offer.provider &&
  isDeepStrictEqual(termsOf(one.offer, one.seats), termsOf(other.offer, other.seats))

interface SoldAt {
  offer: Offer
  seats: PlanView['seats']
}

interface Offers {
  offers: readonly Offer[]
  seats: PlanView['seats']
}

/** The prices of `next` that are none of `present`. */
export const newIn = (next: Offers, present: Offers): Offer[] =>
  next.offers.filter(
    (offer) => !present.offers.some((other) => isSame({ ...next, offer }, { ...present, offer: other })),
  )
