import { formatUnitPrice } from '../../platform/money.ts'
import type { FeatureValue, PlanFeatures } from '../feature.schemas.ts'
import type { SoldFor } from '../plans/price-terms.ts'

/** What a change of a plan would take from its subscribers. */
export interface Loss {
  /** The name by which it is allowed. */
  name: string
  text: string
}

/** What a plan allows, and the currency of its prices per unit. All its prices have that if it has one per unit. */
export interface Allowed {
  features: PlanFeatures
  currency: string
}

/** The features that a plan would allow less of. */
export function featureLosses(code: string, before: Allowed, after: Allowed): Loss[] {
  return Object.entries(before.features).flatMap(([feature, value]): Loss[] => {
    const next = after.features[feature]
    if (next === undefined) {
      return isNothing(value) ? [] : [{ name: `remove-feature:${code}:${feature}`, text: `they lose ${feature}` }]
    }
    const losses: Loss[] = []
    if (overageOf(next) > overageOf(value)) {
      losses.push({ name: `charge-overage:${code}:${feature}`, text: `they pay more for ${feature} above its limit` })
    }
    if (isLess(value, next)) {
      const text = `they may use less of ${feature}: ${describeFeature(next, after.currency)} instead of ${describeFeature(value, before.currency)}`
      losses.push({ name: `lower-limit:${code}:${feature}`, text })
    }
    return losses
  })
}

/** How often a limit begins again, at least. A billing period may be a year. */
const RENEWED = { total: 0, period: 1, month: 2, day: 3 } as const

/**
 * Whether subscribers can use less than before, or less without paying for it: the limit is lower, begins again less
 * often, or more can no longer be paid for.
 */
function isLess(before: FeatureValue, after: FeatureValue): boolean {
  const [from, to] = [limitOf(before), limitOf(after)]
  if (to === null) return false
  if (from === null || to < from || (overageOf(before) > 0 && overageOf(after) === 0)) return true
  return before !== true && after !== true && RENEWED[after.per] < RENEWED[before.per] && from > 0
}

/** What may be used without paying for more; null for any amount. */
const limitOf = (value: FeatureValue): number | null => (value === true ? null : value.limit)
const overageOf = (value: FeatureValue): number => (value === true ? 0 : (value.overage?.unitPriceCents ?? 0))
const isNothing = (value: FeatureValue): boolean => limitOf(value) === 0 && overageOf(value) === 0

/** A feature for people. */
export function describeFeature(value: FeatureValue | undefined, currency: string): string {
  if (value === undefined) return 'no'
  if (value === true || value.limit === null) return 'yes'
  const { overage } = value
  const more = overage
    ? `, then ${formatUnitPrice(overage.unitPriceCents, currency)} ${currency.toUpperCase()} each`
    : ''
  return value.per === 'total' ? `${value.limit} in total` : `${value.limit} per ${PERIODS[value.per]}${more}`
}

const PERIODS = { period: 'billing period', month: 'month', day: 'day' } as const

/** The limit of members, if it would be lower. */
export function seatLosses(code: string, before: SoldFor['seats'], after: SoldFor['seats']): Loss[] {
  const [from, to] = [seatLimit(before), seatLimit(after)]
  if (to === null || (from !== null && to >= from)) return []
  return [{ name: `fewer-seats:${code}`, text: `they may have ${to} members at most` }]
}

function seatLimit(seats: SoldFor['seats']): number | null {
  if (!seats) return null
  return seats.perSeatCents === null ? seats.included : seats.max
}
