import { formatMoney } from '@tollgate/client'

export const PERIODS = { monthly: 'a month', yearly: 'a year' } as const

interface Price {
  priceCents: number
  currency: string
  billingPeriod: keyof typeof PERIODS
  /** Of a subscription, which an operator may charge at any interval. */
  interval?: { unit: string; count: number }
  /** Of a plan. The price of a subscription contains its seats. */
  seats?: { included: number; perSeatCents: number | null } | null
}

/** `$19.00 a month`, `$49.00 every 3 months`, `$20.00 a month, plus $5.00 for each member above 3`, or `Free`. */
export function formatPrice({ priceCents, currency, billingPeriod, interval, seats }: Price): string {
  const period = interval ? every(interval) : PERIODS[billingPeriod]
  const price = priceCents === 0 ? 'Free' : `${formatMoney(priceCents, currency)} ${period}`
  if (!seats || seats.perSeatCents === null) return price
  return `${price}, plus ${formatMoney(seats.perSeatCents, currency)} for each member above ${seats.included}`
}

const every = ({ unit, count }: { unit: string; count: number }): string =>
  count === 1 ? `a ${unit}` : `every ${count} ${unit}s`
