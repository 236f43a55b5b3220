import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { formatDay } from './dates.ts'
import { formatUnitPrice } from './price.ts'

type Plan = RouterOutputs['billing']['plans']['list'][number]
/** What of a plan decides whether it unlocks a feature, and for how much. */
export type Priced = Pick<Plan, 'code' | 'priceCents' | 'billingPeriod' | 'features'>
type Sold = Pick<Plan, 'billingPeriod' | 'currency' | 'features'>
export type FeatureUse = RouterOutputs['billing']['entitlements']['features'][string]

const number = new Intl.NumberFormat()

/** A feature's name as people read it: `api.calls_per-day` is `Api calls per day`. */
export function featureLabel(name: string): string {
  const label = name.replaceAll(/[._-]+/g, ' ').trim()
  return label === '' ? name : label.charAt(0).toUpperCase() + label.slice(1)
}

/** What a plan allows, one line per feature: `Exports`, `Api calls: 500 a month, then $0.01 each`. */
export function describeFeatures({ features, billingPeriod, currency }: Sold): string[] {
  const words = t.plans.features
  return Object.entries(features).flatMap(([name, value]) => {
    const label = featureLabel(name)
    if (value === true) return [label]
    const { limit, per, overage } = value
    if (limit === null) return [words.value(label, words.unlimited)]
    const price = overage && formatUnitPrice(overage.unitPriceCents, currency)
    if (limit === 0) return price ? [words.value(label, words.each(price))] : []
    const text = words.per[per === 'period' ? billingPeriod : per](number.format(limit))
    return [words.value(label, price ? words.thenEach(text, price) : text)]
  })
}

/** How much of it is used: `120 of 500 used`, `120 used`, `Included`, or `Not included`. */
export function describeUse({ allowed, limit, used }: FeatureUse): string {
  if (limit === 0 && used === 0) return allowed ? t.billing.usage.included : t.billing.usage.notIncluded
  if (limit !== null) return t.billing.usage.usedOf(number.format(used), number.format(limit))
  return used === 0 ? t.billing.usage.included : t.billing.usage.used(number.format(used))
}

/** What holds once nothing of the limit is left, and when it begins again. Null if there is nothing to say. */
export function describeReset({ limit, used, resetsAt }: FeatureUse): string | null {
  if (limit === null || limit === 0 || resetsAt === null) return null
  return used === 0 ? null : t.billing.usage.resets(formatDay(resetsAt))
}

/** The cheapest plan that allows more of a feature than now; null if none does. */
export function planThatUnlocks<AnyPlan extends Priced>(
  name: string,
  { limit }: FeatureUse,
  plans: readonly AnyPlan[],
): AnyPlan | null {
  if (limit === null) return null
  const better = plans.filter(({ features }) => {
    const value = Object.hasOwn(features, name) ? features[name] : undefined
    if (value === undefined) return false
    return value === true || value.limit === null || value.limit > limit
  })
  return better.toSorted((one, other) => priceAMonth(one) - priceAMonth(other))[0] ?? null
}

const priceAMonth = ({ priceCents, billingPeriod }: Priced): number =>
  billingPeriod === 'yearly' ? priceCents / 12 : priceCents
