import { TollgateMisuse } from '../errors.ts'

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/**
 * The path of a route below an account. An id that is none, such as `..`, would lead to another route.
 *
 * @throws {TollgateMisuse} if an id is not a UUID.
 */
export function accountPath(accountId: string, route: 'entitlements' | 'usage', reservation?: string): string {
  const path = `/v1/accounts/${uuid('accountId', accountId)}/${route}`
  return reservation === undefined ? path : `${path}/${uuid('reservation', reservation)}`
}

function uuid(name: string, value: string): string {
  if (UUID.test(value)) return value
  throw new TollgateMisuse(`${name} must be an id, but is ${JSON.stringify(value)}.`)
}
