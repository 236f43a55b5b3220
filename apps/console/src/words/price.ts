import { formatMoney } from '@tollgate/client'

export const PERIODS = { monthly: 'a month', yearly: 'a year' } as const

interface Price {
  priceCents: number
  currency: string
  billingPeriod: keyof typeof PERIODS
  /** Of a subscription, which an operator may charge at any interval. */
  interval?: { unit: string; count: number }
}

/** `$19.00 a month`, `$49.00 every 3 months`, or `Free`. */
export function formatPrice({ priceCents, currency, billingPeriod, interval }: Price): string {
  if (priceCents === 0) return 'Free'
  return `${formatMoney(priceCents, currency)} ${interval ? every(interval) : PERIODS[billingPeriod]}`
}

const every = ({ unit, count }: { unit: string; count: number }): string =>
  count === 1 ? `a ${unit}` : `every ${count} ${unit}s`
