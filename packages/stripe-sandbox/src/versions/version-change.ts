import type { ApiVersion } from '../api-versions.ts'
import type { Kind } from '../resources/references.ts'
import type { Account } from '../state/account.ts'

export type Json = Readonly<Record<string, unknown>>

/** By type of object, such as `invoice`: what an object of the newer shape is in the older one. */
export type Downgrades = Readonly<Record<string, (object: Json, account: Account) => Json>>

/** Parameters of the older shape as those of the newer one. `routes` matches keys such as `POST /v1/invoices/{}`. */
export interface ParamsUpgrade {
  readonly routes: RegExp
  readonly upgrade: (params: Json) => Json
}

/**
 * One change of Stripe's API. A request or a webhook endpoint of an older version undoes all changes since, newest
 * first.
 */
export interface VersionChange {
  /** The first version that has the newer shape. */
  readonly since: ApiVersion
  /** The objects inside of an object still have the newest shape when the object itself is changed. */
  readonly objects?: Downgrades
  readonly params?: readonly ParamsUpgrade[]
  /** Parameters that a route reads for older versions only. */
  readonly removedParams?: Readonly<Record<string, readonly string[]>>
  /** What `expand` can replace in the older shape, as in `resources/references.ts`. */
  readonly references?: Readonly<Record<string, Readonly<Record<string, Kind>>>>
}

/** The same hash with another name for a key, if it has it. `value` may change what is there. */
export function renamed(
  hash: Json,
  from: string,
  to: string,
  value: (given: unknown) => unknown = (given) => given,
): Json {
  if (!Object.hasOwn(hash, from)) return hash
  const { [from]: given, ...rest } = hash
  return { ...rest, [to]: value(given) }
}

/** The same hash with a change of the hash or of the hashes in the list at a key, if there are any. */
export function inside(hash: Json, key: string, change: (inner: Json) => Json): Json {
  const inner = hash[key]
  if (Array.isArray(inner))
    return { ...hash, [key]: inner.map((each: unknown) => (isHash(each) ? change(each) : each)) }
  return isHash(inner) ? { ...hash, [key]: change(inner) } : hash
}

export function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const hashes = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isHash) : [])

/** The id of a reference, expanded or not; null if there is none. */
export function idIn(reference: unknown): string | null {
  if (typeof reference === 'string') return reference
  return isHash(reference) && typeof reference['id'] === 'string' ? reference['id'] : null
}
