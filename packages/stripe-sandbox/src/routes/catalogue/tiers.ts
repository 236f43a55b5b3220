import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { decimalAmount } from '../../http/more-params.ts'
import { either, hash, integer, list, oneOf, required, type ParamValue } from '../../http/params.ts'
import type { PriceRow, PriceTier } from '../../state/rows/catalogue.ts'
import { checkAmount } from '../lookup.ts'

const MAX_AMOUNT = 99_999_999

const TIER = hash({
  up_to: required(either(['inf'], integer({ min: 1 }))),
  flat_amount: integer({ min: 0, max: MAX_AMOUNT }),
  flat_amount_decimal: decimalAmount({ max: MAX_AMOUNT }),
  unit_amount: integer({ min: 0, max: MAX_AMOUNT }),
  unit_amount_decimal: decimalAmount({ max: MAX_AMOUNT }),
})

type TierParams = ParamValue<typeof TIER>

export const TIERS = list(TIER)

/** The parameters of a tiered price. As in Stripe's API, prices that are described inline don't have them. */
export const TIER_PARAMS = {
  billing_scheme: oneOf('per_unit', 'tiered'),
  tiers: TIERS,
  tiers_mode: oneOf('graduated', 'volume'),
}

/** The terms of a new price that depend on whether it is tiered. */
export interface TierTerms {
  billing_scheme?: 'per_unit' | 'tiered'
  recurring?: object
  tiers?: TierParams[]
  tiers_mode?: 'graduated' | 'volume'
  unit_amount?: number
  unit_amount_decimal?: string
}

/**
 * Reads the tiers of a new price. Simplified: only recurring prices can have them.
 *
 * @param name the full name of one of the terms' parameters.
 * @returns nulls if the price is not tiered.
 * @throws {StripeApiError} 400 for tiers that don't cover every quantity, or that lack an amount.
 * @see https://docs.stripe.com/api/prices/create#create_price-tiers
 */
export function readTiers(
  terms: TierTerms,
  currency: string,
  name: (param: string) => string = (param) => param,
): Pick<PriceRow, 'tiers' | 'tiers_mode'> {
  const { billing_scheme = 'per_unit', recurring, tiers, tiers_mode } = terms
  if (billing_scheme === 'per_unit') {
    const param = tiers ? 'tiers' : tiers_mode && 'tiers_mode'
    if (param) throw invalidRequest(`\`${param}\` requires \`billing_scheme=tiered\`.`, { param })
    return { tiers: null, tiers_mode: null }
  }
  for (const param of ['unit_amount', 'unit_amount_decimal'] as const)
    if (terms[param] !== undefined) throw exclusiveParams(param, 'tiers', name(param))
  if (!tiers || tiers.length === 0) throw missingParam(name('tiers'))
  if (!tiers_mode) throw missingParam('tiers_mode')
  if (!recurring)
    throw invalidRequest('This sandbox accepts tiers only for recurring prices.', {
      param: 'recurring',
      code: 'parameter_missing',
    })
  checkBounds(tiers, name('tiers'))
  return {
    tiers: tiers.map((tier, index) => readTier(tier, currency, `${name('tiers')}[${index}]`)),
    tiers_mode,
  }
}

/** Checks that each tier ends after the one before it, and that only the last one has no end. */
function checkBounds(tiers: readonly TierParams[], name: string): void {
  for (const [index, { up_to }] of tiers.entries()) {
    const param = `${name}[${index}][up_to]`
    const isLast = index === tiers.length - 1
    if (isLast && up_to !== 'inf') throw invalidRequest('The `up_to` of the last tier must be `inf`.', { param })
    if (!isLast && up_to === 'inf') throw invalidRequest('Only the last tier can have an `up_to` of `inf`.', { param })
    const before = tiers[index - 1]?.up_to
    if (typeof up_to === 'number' && typeof before === 'number' && up_to <= before)
      throw invalidRequest('The `up_to` of each tier must be greater than that of the tier before it.', { param })
  }
}

function readTier(tier: TierParams, currency: string, param: string): PriceTier {
  for (const key of ['unit_amount', 'flat_amount'] as const)
    if (tier[key] !== undefined && tier[`${key}_decimal`] !== undefined)
      throw exclusiveParams(key, `${key}_decimal`, `${param}[${key}]`)
  const unit = tier.unit_amount_decimal ?? (tier.unit_amount === undefined ? null : String(tier.unit_amount))
  const flat = tier.flat_amount ?? (tier.flat_amount_decimal === undefined ? null : Number(tier.flat_amount_decimal))
  if (unit === null && flat === null)
    throw invalidRequest('An entry in the tiers array is missing an amount.', { param })
  if (flat !== null && !Number.isInteger(flat))
    throw invalidRequest(`Invalid integer: ${flat}`, {
      param: `${param}[flat_amount_decimal]`,
      code: 'parameter_invalid_integer',
    })
  if (tier.unit_amount !== undefined) checkAmount(tier.unit_amount, currency, `${param}[unit_amount]`)
  if (flat !== null)
    checkAmount(flat, currency, `${param}[${tier.flat_amount === undefined ? 'flat_amount_decimal' : 'flat_amount'}]`)
  return { up_to: tier.up_to === 'inf' ? null : tier.up_to, unit_amount_decimal: unit, flat_amount: flat }
}
