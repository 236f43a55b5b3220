import { decimalAmount, hashOf } from '../../http/more-params.ts'
import { clearable, hash, integer, metadata, oneOf, required, string } from '../../http/params.ts'
import { TIERS } from './tiers.ts'

const MAX_AMOUNT = 99_999_999

const INTERVAL = {
  interval: required(oneOf('day', 'month', 'week', 'year')),
  interval_count: integer({ min: 1 }),
}

/** How often a price that is described inline is charged. */
export const RECURRING = hash(INTERVAL)

/** How often a price is charged, and for what. */
export const PRICE_RECURRING = hash({
  ...INTERVAL,
  meter: string(),
  trial_period_days: integer({ min: 1, max: 730 }),
  usage_type: oneOf('licensed', 'metered'),
})

export const TAX_BEHAVIOR = oneOf('exclusive', 'inclusive', 'unspecified')

/** What a price costs per unit, and whether that includes taxes. */
export const UNIT_AMOUNT = {
  tax_behavior: TAX_BEHAVIOR,
  unit_amount: integer({ min: 0, max: MAX_AMOUNT }),
  unit_amount_decimal: decimalAmount({ max: MAX_AMOUNT }),
}

/** What a price costs in other currencies. In an update, an empty text removes one. */
export const CURRENCY_OPTIONS = hashOf(hash({ ...UNIT_AMOUNT, tiers: TIERS }))
export const CHANGED_CURRENCY_OPTIONS = clearable(hashOf(clearable(hash({ ...UNIT_AMOUNT, tiers: TIERS }))))

/** A price's own terms, in `/prices` and wherever a price is described inline. */
export const PRICE_DATA = { currency: required(string()), recurring: RECURRING, ...UNIT_AMOUNT, metadata: metadata() }

/** How a quantity is divided into packages. */
export const TRANSFORM_QUANTITY = hash({
  divide_by: required(integer({ min: 1 })),
  round: required(oneOf('down', 'up')),
})
