import { invalidRequest } from '../../http/errors.ts'
import type { Clause, Query } from './parse-query.ts'

type Json = Readonly<Record<string, unknown>>

/** How a field can be searched: a token by its exact value, a string also by a part of it, a number also by a range. */
export type FieldType = 'token' | 'string' | 'number' | 'map'

/** What can be searched for in a kind of object. */
export interface Searchable {
  /** As Stripe's documentation names the kind: `customers`. */
  readonly resource: string
  /** The fields with their types, and where they are in the object if their name doesn't say. */
  readonly fields: Readonly<Record<string, FieldType | readonly [type: FieldType, place: string]>>
}

const MIN_PART = 3

/**
 * Checks that a kind of object has the fields of a query, and that they can be compared in this way.
 *
 * @throws {StripeApiError} 400 if it hasn't, or if they can't.
 */
export function checkQuery({ clauses }: Query, { resource, fields }: Searchable): void {
  for (const { field, key, operator, value } of clauses) {
    const type = typeOf(fields[field])
    const name = key === null ? field : `${field}["${key}"]`
    if (type === undefined || (type === 'map') !== (key !== null))
      throw invalidRequest(
        `Field \`${name}\` is an unsupported search field for resource \`${resource}\`. See http://stripe.com/docs/search#query-fields-for-${resource.replaceAll('_', '-')} for a list of supported fields.`,
        { param: 'query' },
      )
    const ranged = operator !== ':' && operator !== '~'
    if ((ranged && type !== 'number') || (operator === '~' && type !== 'string') || (ranged && value === null))
      throw invalidRequest(`The operator \`${operator}\` cannot be used with the field \`${name}\`.`, {
        param: 'query',
      })
    if (type === 'number' && value !== null && Number.isNaN(Number(value)))
      throw invalidRequest(`The field \`${name}\` can only be compared with a number.`, { param: 'query' })
    if (operator === '~' && String(value).length < MIN_PART)
      throw invalidRequest(`A substring search needs at least ${MIN_PART} characters: \`${name}\`.`, { param: 'query' })
  }
}

/** Whether an object matches a query. Letters match in upper and in lower case. */
export function matches(object: Json, { clauses, join }: Query, { fields }: Searchable): boolean {
  const holds = (clause: Clause): boolean => {
    const found = fields[clause.field]
    const place = typeof found === 'object' ? found[1] : clause.field
    const values = valuesAt(object, place.split('.'))
    const own = clause.key === null ? values : values.flatMap((value) => valuesAt(value, [clause.key ?? '']))
    const matching = clause.value === null ? own.length === 0 : own.some((value) => compare(value, clause))
    return matching !== clause.negated
  }
  return join === 'AND' ? clauses.every(holds) : clauses.some(holds)
}

function typeOf(found: Searchable['fields'][string] | undefined): FieldType | undefined {
  return typeof found === 'object' ? found[0] : found
}

/** The values at a path that are not null. `*` stands for any key. */
function valuesAt(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (value === null || value === undefined) return []
  if (key === undefined) return [value]
  if (typeof value !== 'object') return []
  const inner = key === '*' ? Object.values(value) : Object.hasOwn(value, key) ? [(value as Json)[key]] : []
  return inner.flatMap((each) => valuesAt(each, rest))
}

function compare(found: unknown, { operator, value }: Clause): boolean {
  if (operator === '~') return String(found).toLowerCase().includes(String(value).toLowerCase())
  if (operator === ':')
    return typeof found === 'number'
      ? found === Number(value)
      : String(found).toLowerCase() === String(value).toLowerCase()
  const [own, other] = [Number(found), Number(value)]
  if (operator === '>') return own > other
  if (operator === '<') return own < other
  return operator === '>=' ? own >= other : own <= other
}
