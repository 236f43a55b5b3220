import { invalidRequest } from '../http/errors.ts'
import {
  anything,
  boolean,
  clearable,
  hash,
  list,
  required,
  string,
  type Param,
  type ParamValue,
} from '../http/params.ts'
import type { Account } from '../state/account.ts'
import { inParam } from './lookup.ts'

/** Tax rates, by their ids. An empty text removes them all. */
export const TAX_RATES = clearable(list(string(), { max: 10 }))

const SETTINGS = hash({ enabled: required(boolean()), liability: anything() })

/** Taxes that Stripe computes by address. The sandbox accepts only that they are off. */
export const AUTOMATIC_TAX: Param<ParamValue<typeof SETTINGS>> = {
  read(value, path) {
    const settings = SETTINGS.read(value, path)
    if (settings.enabled)
      throw invalidRequest('This sandbox does not compute taxes by address. Use tax rates instead.', {
        param: `${path}[enabled]`,
      })
    return settings
  },
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
