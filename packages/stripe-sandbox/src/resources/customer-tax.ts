import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import { locatedCustomer } from '../taxes/located-customer.ts'
import { placeOf } from '../taxes/place.ts'
import { standardRates } from '../taxes/rates.ts'
import { isRegisteredIn } from '../taxes/tax-settings.ts'
import type { Wire } from '../wire.ts'

/** Whether taxes can be computed for a customer, and from which location. Shown only if it is expanded. */
export function serializeCustomerTax(account: Account, id: string): Wire<Stripe.Customer.Tax> {
  const customer = locatedCustomer(account, id)
  const place = placeOf(customer)
  return {
    automatic_tax: automaticTax(account, place),
    ip_address: customer.tax_ip_address ?? null,
    location: place,
    provider: 'stripe',
  }
}

function automaticTax(account: Account, place: ReturnType<typeof placeOf>): Stripe.Customer.Tax.AutomaticTax {
  if (account.settings.taxCalculation === 'failing') return 'failed'
  if (place === null) return 'unrecognized_location'
  return standardRates(place) !== null && isRegisteredIn(account, place) ? 'supported' : 'not_collecting'
}
