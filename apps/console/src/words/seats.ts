import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { PERIODS } from './price.ts'

type Plan = RouterOutputs['billing']['plans']['list'][number]
type SeatPrice = RouterOutputs['accounts']['invitations']['create']['price']
type Seats = RouterOutputs['accounts']['get']['seats']

const words = t.seats

/** Says how many members a plan is for, and what further ones cost; null if it does not count them. */
export function describePlanSeats({ seats, currency, billingPeriod }: Plan): string | null {
  if (!seats) return null
  const { included, perSeatCents, max } = seats
  if (perSeatCents === null) return words.upTo(words.members(included))
  const price = t.words.price(formatMoney(perSeatCents, currency), PERIODS[billingPeriod])
  return words.includes(words.members(included), price, max === null ? '' : words.limit(max))
}

/** Says how many seats an organization has left; null if its plan does not count members. */
export function describeSeats(seats: Seats): string | null {
  if (!seats) return null
  const { used, included, max } = seats
  const price = included === max ? '' : words.inPrice(words.members(included))
  return max === null ? words.used(words.members(used), price) : words.taken(used, words.seats(max), price)
}

/** Says what it costs when an invited person joins. */
export function describeSeatPrice(price: SeatPrice): string {
  if (!price) return ''
  const { dueNowCents, nextPaymentCents, currency } = price
  const next = formatMoney(nextPaymentCents, currency)
  return dueNowCents > 0 ? words.payNow(formatMoney(dueNowCents, currency), next) : words.payNext(next)
}
