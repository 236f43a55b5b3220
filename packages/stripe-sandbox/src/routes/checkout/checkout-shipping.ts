import { invalidRequest } from '../../http/errors.ts'
import type { ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import type { CheckoutSessionRow, Shipping } from '../../state/rows/checkout.ts'
import { readShippingRate, type SHIPPING_OPTION } from '../catalogue/shipping-rates.ts'
import type { SHIPPING_ADDRESS_COLLECTION } from './checkout-params.ts'

/** Where Stripe doesn't ship to. */
const UNSUPPORTED = new Set('AS CX CC CU HM IR KP MH FM NF MP PW SY UM VI'.split(' '))

interface Given {
  shipping_address_collection?: ParamValue<typeof SHIPPING_ADDRESS_COLLECTION> | null
  shipping_options?: readonly ParamValue<typeof SHIPPING_OPTION>[]
}

/**
 * Reads how a session or a payment link ships what it sells.
 *
 * @throws {StripeApiError} 400 for an unknown country, for shipping rates outside of `payment` mode, and for an address in
 *   `setup` mode.
 * @see https://docs.stripe.com/payments/during-payment/charge-shipping
 */
export function readShipping(
  account: Account,
  { shipping_address_collection: address, shipping_options: options = [] }: Given,
  { currency, mode }: { currency: string; mode: CheckoutSessionRow['mode'] },
): Shipping {
  if (address && mode === 'setup')
    throw invalidRequest('You can not pass `shipping_address_collection` in `setup` mode.', {
      param: 'shipping_address_collection',
    })
  if (options.length > 0 && mode !== 'payment')
    throw invalidRequest('`shipping_options` can only be used in `payment` mode.', { param: 'shipping_options' })
  for (const [index, country] of (address?.allowed_countries ?? []).entries())
    if (!/^[A-Z]{2}$/.test(country) || UNSUPPORTED.has(country))
      throw invalidRequest(`Invalid country: ${country}.`, {
        param: `shipping_address_collection[allowed_countries][${index}]`,
      })
  const shipping_rates = options.map((option, index) =>
    readShippingRate(account, option, { currency, param: `shipping_options[${index}]` }),
  )
  return {
    ...(address && { shipping_countries: address.allowed_countries }),
    ...(shipping_rates.length > 0 && { shipping_rates }),
  }
}
