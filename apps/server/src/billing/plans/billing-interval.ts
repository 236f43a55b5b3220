import type { BillingInterval, BillingPeriod } from '../providers/payment-provider.ts'

/** The interval of a price as columns. The unit and count are set only for another one than a month or a year. */
export interface IntervalColumns {
  billingPeriod: BillingPeriod
  intervalUnit?: BillingInterval['unit'] | null | undefined
  intervalCount?: number | null | undefined
}

const PER_YEAR = { day: 365, week: 52, month: 12, year: 1 } as const

/** How many times a year a price is charged: 4 for every 3 months, half a time for every 2 years. */
export const timesPerYear = ({ unit, count }: BillingInterval): number => PER_YEAR[unit] / count

export function intervalOf({ billingPeriod, intervalUnit, intervalCount }: IntervalColumns): BillingInterval {
  if (intervalUnit && intervalCount) return { unit: intervalUnit, count: intervalCount }
  return { unit: billingPeriod === 'yearly' ? 'year' : 'month', count: 1 }
}

/** Our own plans are charged monthly or yearly. A longer interval counts as one of the two by its unit. */
export function intervalColumns({ unit, count }: BillingInterval): Required<IntervalColumns> {
  const isOurs = (unit === 'month' || unit === 'year') && count === 1
  return {
    billingPeriod: unit === 'year' ? 'yearly' : 'monthly',
    intervalUnit: isOurs ? null : unit,
    intervalCount: isOurs ? null : count,
  }
}
