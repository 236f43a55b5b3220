import type { Address, CustomerRow } from '../state/rows/customer.ts'
import { isUsState } from './rates.ts'
import { stateOfZip } from './zip-codes.ts'

/** Where a customer is, as far as taxes need it. */
export interface Place {
  readonly country: string
  /** Null where taxes are the same in the entire country. */
  readonly state: string | null
  readonly source: 'billing_address' | 'ip_address' | 'shipping_destination'
}

/**
 * Where the addresses of documentation are (https://www.rfc-editor.org/rfc/rfc5737). The sandbox locates no others.
 */
const IP_PLACES: readonly (readonly [prefix: string, country: string, state: string | null])[] = [
  ['192.0.2.', 'DE', null],
  ['198.51.100.', 'US', 'NY'],
]

/**
 * Where a customer is: by the address that they get shipments at, by their address, or else by their IP address. Null if Stripe couldn't tell either: in the
 * United States and Canada, it needs the postal code or the state.
 *
 * @see https://docs.stripe.com/tax/customer-locations
 */
export function placeOf({
  address,
  shipping,
  tax_ip_address,
}: Pick<CustomerRow, 'address' | 'tax_ip_address'> & { shipping?: Located | null }): Place | null {
  if (shipping?.country) return placeOfAddress(shipping, shipping.country.toUpperCase(), 'shipping_destination')
  if (address?.country) return placeOfAddress(address, address.country.toUpperCase(), 'billing_address')
  const known = IP_PLACES.find(([prefix]) => tax_ip_address?.startsWith(prefix))
  return known ? { country: known[1], state: known[2], source: 'ip_address' } : null
}

type Located = Pick<Address, 'country' | 'postal_code' | 'state'>

function placeOfAddress({ postal_code, state }: Located, country: string, source: Place['source']): Place | null {
  const given = state?.toUpperCase() ?? null
  if (country === 'US') {
    const known = postal_code ? stateOfZip(postal_code) : given && isUsState(given) ? given : null
    return known === null ? null : { country, state: known, source }
  }
  if (country === 'CA') return given ? { country, state: given, source } : null
  return /^[A-Z]{2}$/.test(country) ? { country, state: null, source } : null
}
