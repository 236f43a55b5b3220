import { exclusiveParams, invalidRequest } from '../../http/errors.ts'
import { formatMoney, minimumCharge } from '../../money.ts'
import type { CustomUnitAmount, PriceRow } from '../../state/rows/catalogue.ts'
import { checkAmount } from '../lookup.ts'

export interface CustomAmountTerms {
  enabled: boolean
  maximum?: number
  minimum?: number
  preset?: number
}

/**
 * Reads the bounds of an amount that customers choose.
 *
 * @param name the full name of one of the price's parameters.
 * @throws {StripeApiError} 400 together with another amount or an interval, and for bounds that exclude each other.
 * @see https://docs.stripe.com/payments/checkout/pay-what-you-want
 */
export function readCustomAmount(
  { enabled, maximum, minimum, preset }: CustomAmountTerms,
  terms: { recurring?: object; unit_amount?: number; unit_amount_decimal?: string },
  currency: string,
  name: (param: string) => string,
): CustomUnitAmount {
  const at = (field: string): string => `${name('custom_unit_amount')}[${field}]`
  if (!enabled)
    throw invalidRequest('`custom_unit_amount[enabled]` must be true. Otherwise omit `custom_unit_amount`.', {
      param: at('enabled'),
    })
  for (const other of ['unit_amount', 'unit_amount_decimal', 'recurring'] as const)
    if (terms[other] !== undefined) throw exclusiveParams('custom_unit_amount', other, name('custom_unit_amount'))
  for (const [field, amount] of Object.entries({ maximum, minimum, preset }))
    if (amount !== undefined) checkAmount(amount, currency, at(field))
  const floor = minimumCharge(currency)
  for (const [field, amount] of Object.entries({ maximum, minimum, preset }))
    if (amount !== undefined && amount < floor)
      throw invalidRequest(
        `The \`${field}\` must be at least the minimum charge amount (${formatMoney(floor, currency)}).`,
        {
          param: at(field),
        },
      )
  const [least = floor, most = Infinity] = [minimum, maximum]
  if (least > most) throw invalidRequest('`minimum` must be less than or equal to `maximum`.', { param: at('minimum') })
  if (preset !== undefined && (preset < least || preset > most))
    throw invalidRequest('`preset` must be between `minimum` and `maximum`.', { param: at('preset') })
  return { maximum: maximum ?? null, minimum: minimum ?? null, preset: preset ?? null }
}

/** @throws {StripeApiError} 400 for a price whose amount the customer chooses, which only checkout pages can ask for. */
export function refuseCustomAmount({ custom_unit_amount }: PriceRow, param: string): void {
  if (custom_unit_amount)
    throw invalidRequest(
      'The price specified has `custom_unit_amount` configured. Only Checkout Sessions and Payment Links accept such prices.',
      { param },
    )
}
