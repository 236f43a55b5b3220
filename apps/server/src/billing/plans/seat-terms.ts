import type { PlanView } from '../billing.schemas.ts'
import type { SeatTerms } from '../providers/payment-provider.ts'

/** The terms of a price that charges per member, as columns. Both are null if it does not. */
export interface SeatColumns {
  includedSeats?: number | null | undefined
  perSeatCents?: number | null | undefined
}

/** @returns null if the price does not charge per member. */
export function seatTermsOf({ includedSeats: included, perSeatCents }: SeatColumns): SeatTerms | null {
  return included && perSeatCents ? { included, perSeatCents } : null
}

export function seatColumns(seats: SeatTerms | null): Required<SeatColumns> {
  return { includedSeats: seats?.included ?? null, perSeatCents: seats?.perSeatCents ?? null }
}

/** What a plan's seats mean for its price. A mere limit is ours alone: the price at the provider is an ordinary one. */
export function pricedSeats(seats: PlanView['seats']): SeatTerms | null {
  return seats && seatTermsOf({ includedSeats: seats.included, perSeatCents: seats.perSeatCents })
}

/** Whether a subscription's quantity is a number of members: it has a price per member, or had one until a moment ago. */
export function hasSeats({
  perSeatCents,
  quantityDue,
}: SeatColumns & { quantityDue?: number | null | undefined }): boolean {
  return Boolean(perSeatCents ?? quantityDue)
}

/** What a number of members costs per billing period. */
export function costOfMembers(priceCents: number, seats: SeatTerms | null, members: number): number {
  return seats ? priceCents + Math.max(0, members - seats.included) * seats.perSeatCents : priceCents
}

/**
 * The quantity with which a price is bought: the members, if it charges per member. Otherwise one after a price per
 * member; and null, which keeps what an operator has decided, after any other.
 */
export function quantityFor(
  { seats }: { seats: SeatTerms | null },
  { leavesSeats, members }: { leavesSeats: boolean; members: number },
): number | null {
  if (seats) return Math.max(1, members)
  return leavesSeats ? 1 : null
}
