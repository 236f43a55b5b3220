import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { PERIODS } from './price.ts'

type Plan = RouterOutputs['billing']['plans']['list'][number]
type SeatPrice = RouterOutputs['accounts']['invitations']['create']['price']
type Seats = RouterOutputs['accounts']['get']['seats']

/** Says how many members a plan is for, and what further ones cost; null if it does not count them. */
export function describePlanSeats({ seats, currency, billingPeriod }: Plan): string | null {
  if (!seats) return null
  const { included, perSeatCents, max } = seats
  if (perSeatCents === null) return `For up to ${count(included, 'member')}`
  const price = `${formatMoney(perSeatCents, currency)} ${PERIODS[billingPeriod]}`
  const limit = max === null ? '' : `, up to ${max}`
  return `Includes ${count(included, 'member')}. Each further member costs ${price}${limit}.`
}

/** Says how many seats an organization has left; null if its plan does not count members. */
export function describeSeats(seats: Seats): string | null {
  if (!seats) return null
  const { used, included, max } = seats
  const price = included === max ? '' : ` The plan's price includes ${count(included, 'member')}.`
  return max === null ? `${count(used, 'member')}.${price}` : `${used} of ${count(max, 'seat')} taken.${price}`
}

/** Says what it costs when an invited person joins. */
export function describeSeatPrice(price: SeatPrice): string {
  if (!price) return ''
  const { dueNowCents, nextPaymentCents, currency } = price
  const next = formatMoney(nextPaymentCents, currency)
  return dueNowCents > 0
    ? `When they join, you pay ${formatMoney(dueNowCents, currency)}, and ${next} with the next payment.`
    : `When they join, your next payment becomes ${next}.`
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
