import { minorUnitDigits } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import type { Period } from './buckets.ts'

const dayFormat = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', day: 'numeric', month: 'short' })
const longFormat = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', dateStyle: 'medium' })
const monthFormat = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', month: 'short', year: 'numeric' })

/** A day of the overview, which is a day in UTC: Nov 24, 2026. */
export const formatUtcDay = (day: string): string => longFormat.format(new Date(day))

/** What stands below a bar: Nov 24, or Nov 2026. */
export function labelOf(day: string, period: Period): string {
  return (period === 'month' ? monthFormat : dayFormat).format(new Date(day))
}

/** The same in full, for a table. */
export function fullLabelOf(day: string, period: Period): string {
  if (period === 'month') return monthFormat.format(new Date(day))
  return period === 'week' ? t.overview.weekOf(formatUtcDay(day)) : formatUtcDay(day)
}

/** An amount for the side of a chart: $1.2K. */
export function formatShortMoney(cents: number, currency: string): string {
  const amount = cents / 10 ** minorUnitDigits(currency)
  return new Intl.NumberFormat(undefined, {
    ...{ style: 'currency', currency, notation: 'compact', maximumFractionDigits: 1 },
  }).format(amount)
}

const percentFormat = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })
export const formatPercent = (share: number): string => percentFormat.format(share)
