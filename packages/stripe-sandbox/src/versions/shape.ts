import { API_VERSION, type ApiVersion } from '../api-versions.ts'
import { withEchoes } from '../resources/echoes.ts'
import { REFERENCES, type Kind } from '../resources/references.ts'
import type { Account } from '../state/account.ts'
import { ALL_CHANGES } from './all-changes.ts'
import { isHash, type Json, type VersionChange } from './version-change.ts'

/** How an API version shows objects and reads parameters. */
export interface Shape {
  readonly version: ApiVersion
  readonly isNewest: boolean
  /** What `expand` can replace, by object type and field. */
  readonly references: Readonly<Record<string, Readonly<Record<string, Kind>>>>
  /** A value of the newest shape, such as an object or a list, in this one. */
  show(account: Account, value: unknown): unknown
  /** The parameters of a route in the newest shape. */
  upgrade(route: string, params: Json): Json
  /** The parameters of a route that this version no longer has. */
  removedParams(route: string): readonly string[]
}

const SHAPES = new Map<ApiVersion, Shape>()

/** The shape of a version. The newest one changes nothing. */
export function shapeOf(version: ApiVersion): Shape {
  const known = SHAPES.get(version)
  if (known) return known
  const shape = makeShape(version)
  SHAPES.set(version, shape)
  return shape
}

function makeShape(version: ApiVersion): Shape {
  const undone = ALL_CHANGES.filter(({ since }) => since > version)
  const done = ALL_CHANGES.filter(({ since }) => since <= version)
  const isNewest = version === API_VERSION
  return {
    version,
    isNewest,
    references: isNewest ? REFERENCES : olderReferences(undone),
    show: (account, value) => (isNewest ? value : older(account, withEchoes(account, value), undone)),
    upgrade: (route, params) =>
      undone.reduceRight<Json>(
        (result, { params: upgrades = [] }) =>
          upgrades.reduce((given, { routes, upgrade }) => (routes.test(route) ? upgrade(given) : given), result),
        params,
      ),
    removedParams: (route) => done.flatMap(({ removedParams }) => removedParams?.[route] ?? []),
  }
}

/** Changes each object before those inside of it, which a change may still read in the newest shape. */
function older(account: Account, value: unknown, undone: readonly VersionChange[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => older(account, entry, undone))
  if (!isHash(value)) return value
  const type = value['object']
  // An event keeps the version that it was recorded in.
  if (type === 'event') return value
  const changed = typeof type === 'string' ? downgraded(account, value, type, undone) : value
  return Object.fromEntries(Object.entries(changed).map(([key, inner]) => [key, older(account, inner, undone)]))
}

function downgraded(account: Account, object: Json, type: string, undone: readonly VersionChange[]): Json {
  return undone.reduce((result, { objects }) => objects?.[type]?.(result, account) ?? result, object)
}

function olderReferences(undone: readonly VersionChange[]): Shape['references'] {
  const result: Record<string, Record<string, Kind>> = Object.fromEntries(
    Object.entries(REFERENCES).map(([type, fields]) => [type, { ...fields }]),
  )
  for (const { references = {} } of undone)
    for (const [type, fields] of Object.entries(references)) result[type] = { ...result[type], ...fields }
  return result
}
