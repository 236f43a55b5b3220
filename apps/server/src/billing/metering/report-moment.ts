import { DAY } from '../../platform/durations.ts'

/** The provider takes no report of longer ago than 35 days. */
const OLDEST = 34 * DAY

interface Use {
  usedAt: Date
  billingNow: Date
  /** Whether the subscription has ended. */
  hasEnded: boolean
  /** The billing period, as it was last converged. */
  periodStart: Date
  periodEnd: Date
  /** Since when the subscription has the price. */
  since: Date
}

/**
 * When units are to count at the provider: when they were used, as long as that is in a period and at a price that are
 * not billed yet. Otherwise they would count nowhere, so they count in the period that runs, at the price of now.
 */
export function reportMoment({ usedAt, billingNow, hasEnded, periodStart, periodEnd, since }: Use): Date {
  if (billingNow.getTime() - usedAt.getTime() > OLDEST) return billingNow
  if (hasEnded) return usedAt
  // A renewal that has not arrived here yet.
  if (billingNow >= periodEnd) return billingNow
  return new Date(Math.max(usedAt.getTime(), periodStart.getTime(), since.getTime()))
}
