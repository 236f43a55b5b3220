import type { Described } from '../src/http/description.ts'
import { DESCRIPTION } from '../src/http/generated/stripe-parameters.ts'
import type { Param } from '../src/http/params.ts'
import { isRefusable } from '../src/http/refusals.ts'
import { harmlessOn } from '../src/http/without-effect.ts'
import { ALL_ROUTES } from '../src/routes/all-routes.ts'

/**
 * How many of the parameters that Stripe knows the sandbox acts on, accepts without an effect, refuses as Stripe does on
 * such an account, and does not support.
 */
export interface Counts {
  readonly routes: number
  readonly known: number
  readonly actedOn: number
  readonly accepted: number
  readonly refused: number
  readonly unsupported: number
}

/** The counts by resource, such as `checkout/sessions`. Parameters inside of others count, too. */
export function countParameters(): Map<string, Counts> {
  const counts = new Map<string, Counts>()
  for (const { method, path, params } of ALL_ROUTES) {
    const key = `${method} /v1${path.replaceAll(/:\w+/g, '{}')}`
    const described = DESCRIPTION.routes[key]
    if (described === undefined) continue
    const resource = path.slice(1).split('/:')[0] ?? ''
    const own = [...count(described, params, { key, name: '', depth: 0 })]
    const of = (verdict: Verdict): number => own.filter((each) => each === verdict).length
    const before = counts.get(resource) ?? { routes: 0, known: 0, actedOn: 0, accepted: 0, refused: 0, unsupported: 0 }
    counts.set(resource, {
      routes: before.routes + 1,
      known: before.known + own.length,
      actedOn: before.actedOn + of('acted on'),
      accepted: before.accepted + of('accepted'),
      refused: before.refused + of('refused'),
      unsupported: before.unsupported + of('unsupported'),
    })
  }
  return counts
}

type Verdict = 'acted on' | 'accepted' | 'refused' | 'unsupported'
const MAX_DEPTH = 6

function* count(
  described: Described,
  params: Param<unknown> | undefined,
  { key, name, depth }: { key: string; name: string; depth: number },
): Generator<Verdict> {
  if (depth > MAX_DEPTH) return
  for (const [field, type] of fieldsIn(described)) {
    const full = name === '' ? field : `${name}.${field}`
    // A route without named fields reads all of Stripe's parameters, as empty lists do.
    const own = params?.fields ? params.fields[field] : params
    if (own === undefined) {
      yield isRefusable(key, full) ? 'refused' : harmlessOn(key, full) ? 'accepted' : 'unsupported'
      continue
    }
    yield 'acted on'
    yield* count(type, own.of ?? own, { key, name: full, depth: depth + 1 })
  }
}

/** The fields of a hash, of the entries of a list, or of any of several types. */
function fieldsIn(described: Described): [string, Described][] {
  if (typeof described === 'number') return fieldsIn(DESCRIPTION.shared[described] ?? 'any')
  if (typeof described === 'string') return []
  if ('hash' in described) return Object.entries(described.hash)
  if ('list' in described) return fieldsIn(described.list)
  return 'or' in described ? described.or.flatMap(fieldsIn) : []
}
