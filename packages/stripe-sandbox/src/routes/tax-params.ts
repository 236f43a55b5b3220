import { invalidRequest } from '../http/errors.ts'
import { boolean, clearable, hash, list, oneOf, required, string, type Param, type ParamValue } from '../http/params.ts'
import { refuseOtherAccount } from '../http/refusals.ts'
import type { Account } from '../state/account.ts'
import type { Address } from '../state/rows/customer.ts'
import { locatedCustomer } from '../taxes/located-customer.ts'
import { placeOf } from '../taxes/place.ts'
import { inParam } from './lookup.ts'

/** Tax rates, by their ids. An empty text removes them all. */
export const TAX_RATES = clearable(list(string(), { max: 10 }))

const LIABLE = hash({ account: string(), type: required(oneOf('account', 'self')) })

/** Who owes the tax: only the account itself. */
const LIABILITY: Param<ParamValue<typeof LIABLE>> = {
  read(value, path) {
    const liable = LIABLE.read(value, path)
    const refusal = refuseOtherAccount(liable, path)
    if (refusal) throw refusal
    return liable
  },
}

const SETTINGS = hash({ enabled: required(boolean()), liability: LIABILITY })

/** An address that has a country. */
export const TAX_ADDRESS = hash({
  city: clearable(string()),
  country: required(string({ max: 2 })),
  line1: clearable(string()),
  line2: clearable(string()),
  postal_code: clearable(string()),
  state: clearable(string()),
})

/** The same with null for what it doesn't name. */
export function fullAddress(given: ParamValue<typeof TAX_ADDRESS>): Address {
  return { city: null, line1: null, line2: null, postal_code: null, state: null, ...given }
}

/** Whether to compute taxes by the customer's location. */
export const AUTOMATIC_TAX = SETTINGS

/**
 * Checks that taxes can be computed by a customer's location.
 *
 * @throws {StripeApiError} 400 `customer_tax_location_invalid` if it is unknown.
 * @see https://docs.stripe.com/error-codes#customer-tax-location-invalid
 */
export function checkTaxLocation(account: Account, customer: string, param = 'automatic_tax[enabled]'): void {
  if (placeOf(locatedCustomer(account, customer)) !== null) return
  throw invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    { param, code: 'customer_tax_location_invalid' },
  )
}

/** @throws {StripeApiError} 400 for tax rates together with automatic tax. */
export function checkEitherTax(
  automatic: ParamValue<typeof SETTINGS> | undefined,
  rates: readonly (readonly string[] | null | undefined)[],
  param: string,
): void {
  if (automatic?.enabled && rates.some((each) => each && each.length > 0))
    throw invalidRequest('You cannot use tax rates when automatic tax is enabled.', { param })
}

/**
 * The tax rates that a request asks for.
 *
 * @param present the tax rates that the object has now, which stay if the request doesn't mention any.
 * @throws {StripeApiError} 400 if a rate doesn't exist, or is archived and not among the present ones.
 */
export function readTaxRates(
  account: Account,
  given: ParamValue<typeof TAX_RATES> | undefined,
  param: string,
  present: readonly string[] = [],
): string[] {
  if (given === undefined) return [...present]
  return (given ?? []).map((id, index) => {
    const { active } = inParam(account.taxRates, id, 'tax rate', `${param}[${index}]`)
    if (!active && !present.includes(id))
      throw invalidRequest(`The tax rate ${id} is archived and cannot be applied.`, { param: `${param}[${index}]` })
    return id
  })
}
