import { API_VERSION, findVersion, isTooOld, OLDEST_VERSION, type ApiVersion } from '../api-versions.ts'
import type { Shape } from '../versions/shape.ts'
import { invalidRequest } from './errors.ts'
import type { FormHash } from './form.ts'

/**
 * The version that a request or a webhook endpoint asks for.
 *
 * @param byDefault the version of the account.
 * @throws {StripeApiError} 400 if there is no such version.
 * @throws {StripeApiError} 400 in the sandbox's own words if only the sandbox lacks it.
 */
export function readVersion(given: string | undefined, byDefault: ApiVersion, param?: string): ApiVersion {
  if (given === undefined || given === '') return byDefault
  if (given === API_VERSION) return API_VERSION
  const version = findVersion(given)
  if (version !== undefined) return version
  const message = isTooOld(given)
    ? `This sandbox does not support the API version ${given}. Its oldest is ${OLDEST_VERSION}. Stripe still supports it.`
    : `Invalid Stripe API version: ${given}`
  throw invalidRequest(message, param === undefined ? {} : { param })
}

/** @throws {StripeApiError} 400, in Stripe's words, for a parameter that only older versions have. */
export function refuseRemoved(form: FormHash, removed: readonly string[]): void {
  const param = removed.find((name) => Object.hasOwn(form, name))
  if (param !== undefined)
    throw invalidRequest(`Received unknown parameter: ${param}`, { param, code: 'parameter_unknown' })
}

/** A request's parameters as the routes read them: in the newest shape. */
export function upgradeParams(shape: Shape, route: string, form: FormHash): FormHash {
  return shape.upgrade(route, form) as FormHash
}
