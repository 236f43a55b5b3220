import { byCurrency, currencyCode } from '../../http/currency-params.ts'
import { decimalAmount } from '../../http/more-params.ts'
import { boolean, clearable, hash, integer, metadata, oneOf, required, string } from '../../http/params.ts'
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

/** The amount that a customer chooses on the checkout page. */
export const CUSTOM_UNIT_AMOUNT = hash({
  enabled: required(boolean()),
  maximum: integer({ min: 1, max: MAX_AMOUNT }),
  minimum: integer({ min: 1, max: MAX_AMOUNT }),
  preset: integer({ min: 1, max: MAX_AMOUNT }),
})

const OPTION = hash({ ...UNIT_AMOUNT, custom_unit_amount: CUSTOM_UNIT_AMOUNT, tiers: TIERS })

/** What a price costs in other currencies. In an update, an empty text removes one. */
export const CURRENCY_OPTIONS = byCurrency(OPTION)
export const CHANGED_CURRENCY_OPTIONS = clearable(byCurrency(clearable(OPTION)))

/** A price's own terms, in `/prices` and wherever a price is described inline. */
export const PRICE_DATA = {
  currency: required(currencyCode()),
  recurring: RECURRING,
  ...UNIT_AMOUNT,
  metadata: metadata(),
}

/** How a quantity is divided into packages. */
export const TRANSFORM_QUANTITY = hash({
  divide_by: required(integer({ min: 1 })),
  round: required(oneOf('down', 'up')),
})
