import { formatMoney } from '@tollgate/client'

export const PERIODS = { monthly: 'a month', yearly: 'a year' } as const

interface Price {
  priceCents: number
  currency: string
  billingPeriod: keyof typeof PERIODS
}

/** `$19.00 a month`, or `Free`. */
export function formatPrice({ priceCents, currency, billingPeriod }: Price): string {
  if (priceCents === 0) return 'Free'
  return `${formatMoney(priceCents, currency)} ${PERIODS[billingPeriod]}`
}
