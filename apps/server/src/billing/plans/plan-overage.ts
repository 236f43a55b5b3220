import { InvalidInput } from '../../platform/errors/errors.ts'
import { smallestStep } from '../../platform/money.ts'
import { ProviderUnsupported } from '../billing.errors.ts'
import type { PlanFeatures } from '../feature.schemas.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { PROVIDER_LABELS } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'

/** A feature with a price per unit above its limit. */
export interface PlanOverage {
  feature: string
  limit: number
  /** A decimal, in the smallest unit of the plan's currency. */
  unitPrice: string
}

/** The features of a plan that are billed by use above their limit, by name. */
export function overagesOf({ features }: Pick<Plan, 'features'>): PlanOverage[] {
  return Object.entries(features)
    .flatMap(([feature, value]): PlanOverage[] => {
      if (value === true || !value.overage || value.limit === null) return []
      return [{ feature, limit: value.limit, unitPrice: decimal(value.overage.unitPriceCents) }]
    })
    .toSorted((one, other) => (one.feature < other.feature ? -1 : 1))
}

/** Without an exponent, which small numbers would get otherwise. */
const decimal = (value: number): string => value.toFixed(6).replace(/\.?0+$/, '')

/**
 * Requires that each of a plan's prices can be sold with the overages of its features.
 *
 * @throws {ProviderUnsupported} if a provider can't bill by use.
 * @throws {InvalidInput} if the plan is sold in several currencies: a price per unit is in one.
 * @throws {InvalidInput} for a price that the currency does not have. One with decimals is rounded when it is charged.
 */
export function requireMetering(offers: readonly Offer[], features: PlanFeatures): void {
  const overages = overagesOf({ features })
  const [overage] = overages
  if (!overage) return
  const other = offers.find(({ provider }) => !CAPABILITIES[provider].metered)
  if (other) {
    throw new ProviderUnsupported(
      `${PROVIDER_LABELS[other.provider]} can't bill by use. Leave out the overage of the plan's features.`,
    )
  }
  if (new Set(offers.map(({ currency }) => currency)).size > 1) {
    throw new InvalidInput({ [`features.${overage.feature}.overage`]: 'needs a plan that is sold in one currency' })
  }
  for (const { currency } of offers) {
    const step = smallestStep(currency)
    const wrong = overages.find(({ unitPrice }) => !unitPrice.includes('.') && Number(unitPrice) % step !== 0)
    if (!wrong) continue
    const field = `features.${wrong.feature}.overage.unitPriceCents`
    throw new InvalidInput({ [field]: `must be a multiple of ${step} in ${currency}, or have decimals` })
  }
}
