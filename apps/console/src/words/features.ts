import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { formatUnitPrice, monthlyPrice } from './price.ts'

type Plan = RouterOutputs['billing']['plans']['list'][number]
/** What of a plan decides whether it unlocks a feature, and for how much. */
export type Priced = Pick<Plan, 'code' | 'priceCents' | 'currency' | 'billingPeriod' | 'features'>
type Sold = Pick<Plan, 'billingPeriod' | 'currency' | 'features'>
/** When a plan bills use above its limits: a running trial only once it has ended, and a grant never. */
export type OverageStart = 'now' | 'after-trial' | 'never'
export type FeatureUse = RouterOutputs['billing']['entitlements']['features'][string]

const number = new Intl.NumberFormat()

const ABBREVIATIONS = /\b(?:ai|api|csv|gb|ip|json|kb|mb|mfa|pdf|saml|sdk|sla|sms|sql|sso|tb|url|xml)\b/g

/** A feature's name as people read it: `api.calls_per-day` is `API calls per day`. */
export function featureLabel(name: string): string {
  const words = name.replaceAll(/[._-]+/g, ' ').trim()
  const label = words.replaceAll(ABBREVIATIONS, (word) => word.toUpperCase())
  return label === '' ? name : label.charAt(0).toUpperCase() + label.slice(1)
}

/**
 * What a plan allows, one line per feature: `Exports`, `API calls: 500 a month, then $0.01 each`.
 *
 * @param how.billed when use above a limit is billed. Until then, use stops there.
 */
export function describeFeatures(
  { features, billingPeriod, currency }: Sold,
  { billed = 'now' }: { billed?: OverageStart } = {},
): string[] {
  const words = t.plans.features
  return Object.entries(features).flatMap(([name, value]) => {
    const label = featureLabel(name)
    if (value === true) return [label]
    const { limit, per, overage } = value
    if (limit === null) return [words.value(label, words.unlimited)]
    const price = billed !== 'never' && overage && formatUnitPrice(overage.unitPriceCents, currency)
    const when = billed === 'after-trial' ? words.afterTrial : (each: string) => each
    if (limit === 0) return price ? [words.value(label, when(words.each(price)))] : []
    const text = words.per[per === 'period' ? billingPeriod : per](number.format(limit))
    return [words.value(label, price ? when(words.thenEach(text, price)) : text)]
  })
}

/** What the customer has. */
interface Held<AnyPlan> {
  /** Whether the present plan bills use of a feature above its limit now. A grant does not. */
  readonly isBilled?: ((feature: string) => boolean) | undefined
  /** Whether a plan would bill use above its limits at once. A plan that begins with a trial would not. */
  readonly wouldBill?: ((plan: AnyPlan) => boolean) | undefined
  /** The currency that they pay in. */
  readonly currency?: string | undefined
}

/**
 * The cheapest plan that allows more of a feature than now. Prices of two currencies can't be compared, so plans in the
 * customer's currency come first. A plan that bills what is above its limit allows more than one that stops there.
 *
 * @returns null if no plan allows more.
 */
export function planThatUnlocks<AnyPlan extends Priced>(
  name: string,
  { limit }: FeatureUse,
  plans: readonly AnyPlan[],
  { isBilled = () => false, wouldBill = () => true, currency = plans[0]?.currency }: Held<AnyPlan> = {},
): AnyPlan | null {
  if (limit === null) return null
  const bills = (plan: AnyPlan) => !isBilled(name) && hasOverage(plan, name) && wouldBill(plan)
  const better = plans.filter((plan) => isIncluded(plan, name, limit + 1) || bills(plan))
  const inCurrency = better.filter((plan) => plan.currency === currency)
  const comparable = inCurrency.length > 0 ? inCurrency : better.filter((plan) => plan.currency === better[0]?.currency)
  return comparable.toSorted((one, other) => monthlyPrice(one) - monthlyPrice(other))[0] ?? null
}

/** Whether a plan's price has this much of a feature in it. */
export function isIncluded(plan: Priced, name: string, amount: number): boolean {
  const value = valueOf(plan, name)
  if (value === undefined || value === true) return value ?? false
  return value.limit === null || value.limit >= amount
}

/** Whether a plan bills use of a feature above its limit. */
export const hasOverage = (plan: Priced, name: string): boolean => {
  const value = valueOf(plan, name)
  return typeof value === 'object' && value.overage !== undefined
}

/** Whether a plan costs nothing, however much it is used and however many members the account has. */
export const isAlwaysFree = (plan: Priced & Pick<Plan, 'seats'>): boolean =>
  plan.priceCents === 0 &&
  plan.seats?.perSeatCents == null &&
  !Object.keys(plan.features).some((name) => hasOverage(plan, name))

const valueOf = ({ features }: Priced, name: string) => (Object.hasOwn(features, name) ? features[name] : undefined)
