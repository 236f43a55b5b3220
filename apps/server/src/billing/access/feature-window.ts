import type { FeatureLimit } from '../feature.schemas.ts'

/** The time in which what is used counts together. */
export interface FeatureWindow {
  readonly per: FeatureLimit['per']
  readonly startsAt: Date
  /** When the next one begins; null for never. */
  readonly endsAt: Date | null
}

/** A billing period, as the last convergence stored it. */
export interface BillingPeriod {
  readonly startsAt: Date
  readonly endsAt: Date
}

const BEGINNING = new Date(0)

/**
 * The window that is open now. A billing period lasts until a convergence has stored the next one, even if that is late.
 *
 * @param period null without access: then a billing period is the month.
 */
export function windowOf(per: FeatureLimit['per'], billingNow: Date, period: BillingPeriod | null): FeatureWindow {
  const [year, month, day] = [billingNow.getUTCFullYear(), billingNow.getUTCMonth(), billingNow.getUTCDate()]
  switch (per) {
    case 'period':
      return period ? { per, ...period } : windowOf('month', billingNow, null)
    case 'month':
      return { per, startsAt: new Date(Date.UTC(year, month)), endsAt: new Date(Date.UTC(year, month + 1)) }
    case 'day':
      return { per, startsAt: new Date(Date.UTC(year, month, day)), endsAt: new Date(Date.UTC(year, month, day + 1)) }
    case 'total':
      return { per, startsAt: BEGINNING, endsAt: null }
  }
}
