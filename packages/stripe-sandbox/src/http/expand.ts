import { INCLUDABLE, REFERENCES, fetchObject } from '../resources/references.ts'
import type { Account } from '../state/account.ts'
import { invalidRequest } from './errors.ts'

type Json = Record<string, unknown>

const MAX_DEPTH = 4

/**
 * Replaces ids with the objects they name, along `expand[]` paths such as `payments.data.payment.payment_intent`.
 *
 * @throws {StripeApiError} 400 for a path that can't be expanded, or that has more than four levels (`data` counts).
 * @see https://docs.stripe.com/api/expanding_objects, https://github.com/stripe/stripe-java/issues/2011
 */
export function expand<T>(account: Account, value: T, paths: readonly string[]): T {
  let expanded: unknown = value
  for (const path of paths) {
    const keys = path.split('.')
    if (keys.length > MAX_DEPTH) {
      throw invalidRequest(`You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`, {
        param: 'expand',
      })
    }
    expanded = walk(account, expanded, keys, { path, within: '' })
  }
  return expanded as T
}

/**
 * `within` is the path from the nearest object to this value. It identifies references inside plain hashes, such as
 * `parent.subscription_details.subscription`.
 */
function walk(
  account: Account,
  value: unknown,
  keys: readonly string[],
  context: { path: string; within: string; owner?: Json },
): unknown {
  const [key, ...rest] = keys
  if (key === undefined) return value
  if (Array.isArray(value)) return value.map((entry) => walk(account, entry, keys, context))
  if (!isHash(value)) return value

  const own = typeof value['object'] === 'string'
  const owner = own || !context.owner ? value : context.owner
  const within = own || context.within === '' ? key : `${context.within}.${key}`
  if (value['object'] === 'list') {
    if (key !== 'data') throw cannotExpand(context.path)
    return { ...value, data: walk(account, value['data'], rest, { path: context.path, within: '' }) }
  }
  const next = resolve(account, owner, within, value[key], { rest, path: context.path })
  if (next === undefined) return { ...value }
  return { ...value, [key]: walk(account, next, rest, { path: context.path, within, owner }) }
}

function resolve(
  account: Account,
  owner: Json,
  within: string,
  present: unknown,
  { rest, path }: { rest: readonly string[]; path: string },
): unknown {
  const type = String(owner['object'])
  const include = INCLUDABLE[type]?.[within]
  if (include) return present ?? include(account, String(owner['id']))
  const kind = REFERENCES[type]?.[within]
  if (kind) {
    const fetch = (value: unknown): unknown => (typeof value === 'string' ? fetchObject(account, kind, value) : value)
    return Array.isArray(present) ? present.map(fetch) : fetch(present)
  }
  // Not a reference itself, but it may contain one.
  const leadsOn = isHash(present) && rest.length > 0
  const mayLead =
    present === null || present === undefined
      ? Object.keys(REFERENCES[type] ?? {}).some((reference) => reference.startsWith(`${within}.`))
      : leadsOn
  if (mayLead || Array.isArray(present)) return present
  throw cannotExpand(path)
}

function cannotExpand(path: string): Error {
  return invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' })
}

function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
