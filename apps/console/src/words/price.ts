import { formatMoney, minorUnitDigits } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'

export const PERIODS = { monthly: t.words.aMonth, yearly: t.words.aYear } as const

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
  const period = interval ? t.words.every(interval.unit, interval.count) : PERIODS[billingPeriod]
  const price = priceCents === 0 ? t.words.free : t.words.price(formatMoney(priceCents, currency), period)
  if (!seats || seats.perSeatCents === null) return price
  return t.words.plusSeats(price, formatMoney(seats.perSeatCents, currency), seats.included)
}

/** A price divided by the months that it pays for, to compare prices of different periods. */
export const monthlyPrice = ({
  priceCents,
  billingPeriod,
}: {
  priceCents: number
  billingPeriod: keyof typeof PERIODS
}): number => (billingPeriod === 'yearly' ? priceCents / 12 : priceCents)

/** What one unit of a feature costs, which may be a part of a cent: `$0.0025`. */
export function formatUnitPrice(unitPriceCents: number, currency: string): string {
  const digits = minorUnitDigits(currency)
  return new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits + 6,
  }).format(unitPriceCents / 10 ** digits)
}
