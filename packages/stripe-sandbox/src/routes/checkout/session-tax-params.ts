import { sessionTaxes } from '../../checkout/session-taxes.ts'
import { invalidRequest } from '../../http/errors.ts'
import type { ParamValue } from '../../http/params.ts'
import { taxIdsOf } from '../../resources/tax-id.ts'
import type { Account } from '../../state/account.ts'
import type { CheckoutSessionRow } from '../../state/rows/checkout.ts'
import { locatedCustomer } from '../../taxes/located-customer.ts'
import { placeOf } from '../../taxes/place.ts'
import { checkEitherTax } from '../tax-params.ts'
import type { CREATE } from './checkout-params.ts'

type Params = ParamValue<typeof CREATE>

/**
 * What a new session's taxes depend on.
 *
 * @throws {StripeApiError} 400 if taxes need an address that the customer lacks and the page may not save.
 * @throws {StripeApiError} 400 if tax ids are collected for a customer whose name the page may not save.
 * @see https://docs.stripe.com/tax/checkout
 */
export function readSessionTaxes(account: Account, params: Params): Partial<CheckoutSessionRow> {
  const { automatic_tax, customer = null, customer_update, tax_id_collection } = params
  const rates = (params.line_items ?? []).map((line) => line.tax_rates)
  checkEitherTax(automatic_tax, [params.subscription_data?.default_tax_rates, ...rates], 'automatic_tax[enabled]')
  if (tax_id_collection?.enabled && customer !== null && customer_update?.name !== 'auto')
    throw invalidRequest(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
      { param: 'tax_id_collection[enabled]' },
    )
  const row = customer === null ? null : locatedCustomer(account, customer)
  const needsUpdate = params.shipping_address_collection
    ? customer_update?.shipping !== 'auto'
    : customer_update?.address !== 'auto' && row && placeOf(row) === null
  if (automatic_tax?.enabled && row && needsUpdate)
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      { param: 'automatic_tax[enabled]', code: 'customer_tax_location_invalid' },
    )
  return {
    ...(automatic_tax?.enabled && { automatic_tax: sessionTaxes(account, { customer, customer_details: null }) }),
    ...(customer_update && { customer_update }),
    ...(row && {
      customer_details: {
        email: row.email,
        name: row.name,
        address: row.address,
        tax_ids: taxIdsOf(account, row.id),
      },
    }),
    ...(tax_id_collection && {
      tax_id_collection: { enabled: tax_id_collection.enabled, required: tax_id_collection.required ?? 'never' },
    }),
  }
}
