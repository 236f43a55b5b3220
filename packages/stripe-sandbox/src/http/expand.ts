import { INCLUDABLE } from '../resources/includable.ts'
import { fetchObject } from '../resources/references.ts'
import type { Account } from '../state/account.ts'
import type { Shape } from '../versions/shape.ts'
import { invalidRequest } from './errors.ts'

type Json = Record<string, unknown>

const MAX_DEPTH = 4

/**
 * Replaces ids with the objects they name, along `expand[]` paths such as `payments.data.payment.payment_intent`. Only
 * the first name of a path is checked. What can't be expanded further in is ignored. `shape` is that of `value`.
 *
 * @throws {StripeApiError} 400 for a path that can't be expanded, or that has more than four levels (`data` counts).
 * @see https://docs.stripe.com/api/expanding_objects, https://github.com/stripe/stripe-java/issues/2011
 * @see https://github.com/stripe/stripe-node/issues/2369, https://github.com/gitpod-io/gitpod/issues/13035
 */
export function expand(account: Account, value: unknown, paths: readonly string[], shape: Shape): unknown {
  let expanded = value
  if (isHash(value) && value['object'] === 'search_result' && !paths.includes('total_count')) {
    const { total_count: _count, ...shown } = value
    expanded = shown
  }
  for (const path of paths) {
    const keys = path.split('.')
    if (keys.length > MAX_DEPTH) {
      throw invalidRequest(`You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`, {
        param: 'expand',
        code: 'property_expansion_max_depth',
      })
    }
    expanded = walk(account, expanded, keys, { path, shape, within: '', outermost: true })
  }
  return expanded
}

interface Context {
  readonly path: string
  readonly shape: Shape
  readonly within: string
  readonly owner?: Json
  /** Whether this is the answer itself, or an object of the list that it is. */
  readonly outermost: boolean
}

/**
 * `within` is the path from the nearest object to this value. It identifies references inside plain hashes, such as
 * `parent.subscription_details.subscription`.
 */
function walk(account: Account, value: unknown, keys: readonly string[], context: Context): unknown {
  const [key, ...rest] = keys
  const { path, shape } = context
  if (key === undefined) return value
  if (Array.isArray(value)) return value.map((entry) => walk(account, entry, keys, context))
  if (!isHash(value)) return value

  const own = typeof value['object'] === 'string'
  const owner = own || !context.owner ? value : context.owner
  const within = own || context.within === '' ? key : `${context.within}.${key}`
  if (value['object'] === 'list' || value['object'] === 'search_result') {
    if (key !== 'data' && !Object.hasOwn(value, key)) throw cannotExpand(path)
    return key === 'data' ? { ...value, data: walk(account, value['data'], rest, { ...context, within: '' }) } : value
  }
  const next = resolve({ account, owner, shape, within }, value[key])
  if (next === CANNOT) {
    if (context.outermost) throw cannotExpand(path)
    return value
  }
  if (next === undefined) return { ...value }
  return { ...value, [key]: walk(account, next, rest, { path, shape, within, owner, outermost: false }) }
}

const CANNOT = Symbol('cannot be expanded')

/** The object, or the list of objects, that a field refers to or has; {@link CANNOT} if it neither does nor may. */
function resolve(
  { account, owner, shape, within }: { account: Account; owner: Json; shape: Shape; within: string },
  present: unknown,
): unknown {
  const type = String(owner['object'])
  const include = INCLUDABLE[type]?.[within]
  if (include) return present ?? shape.show(account, include(account, String(owner['id'])))
  const kind = shape.references[type]?.[within]
  if (kind) {
    const fetch = (value: unknown): unknown =>
      typeof value === 'string' ? shape.show(account, fetchObject(account, kind, value)) : value
    return Array.isArray(present) ? present.map(fetch) : fetch(present)
  }
  // Not a reference, but it may contain one, and a field that is null here may be a reference at Stripe.
  if (typeof present === 'object') return present
  const contains = Object.keys(shape.references[type] ?? {}).some((reference) => reference.startsWith(`${within}.`))
  return present === undefined && contains ? undefined : CANNOT
}

function cannotExpand(path: string): Error {
  return invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' })
}

function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
