import { invalidRequest } from '../../http/errors.ts'

/** How a clause compares a field with its value. */
export type Operator = ':' | '~' | '>' | '<' | '>=' | '<='

/** A part of a search query, such as `-metadata["order"]:"6735"`. */
export interface Clause {
  readonly negated: boolean
  /** Such as `email` or `payment_method_details.card.last4`. */
  readonly field: string
  /** The key of a field with any keys, such as `order` in `metadata["order"]`. */
  readonly key: string | null
  readonly operator: Operator
  /** Null asks for objects that lack the field. */
  readonly value: string | number | null
}

export interface Query {
  readonly clauses: readonly Clause[]
  /** Whether all clauses must match, or one of them. */
  readonly join: 'AND' | 'OR'
}

const MAX_CLAUSES = 10
const SPACE = /^\s+/
const CLAUSE =
  /^(?<minus>-)?(?<field>[a-z_]\w*(?:\.\w+)*)(?:\[(?<key>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\])?(?<operator>>=|<=|[:~<>])\s*(?<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|true|false|null)(?=\s|$)/i

/**
 * Parses a query of Stripe's search query language.
 *
 * @throws {StripeApiError} 400 if it can't be parsed, mixes AND with OR, or has more than ten clauses.
 * @see https://docs.stripe.com/search#search-query-language
 */
export function parseQuery(text: string): Query {
  const clauses: Clause[] = []
  const joins = new Set<string>()
  let rest = text.trim()
  for (;;) {
    const found = CLAUSE.exec(rest)
    if (!found?.groups) throw unreadable()
    clauses.push(clauseOf(found.groups))
    rest = rest.slice(found[0].length).replace(SPACE, '')
    if (rest === '') break
    // Without a word between them, both clauses must match.
    const [word = '', join = 'AND'] = /^(AND|OR)\s+/i.exec(rest) ?? []
    joins.add(join.toUpperCase())
    rest = rest.slice(word.length)
  }
  if (joins.size > 1)
    throw invalidRequest('A search query can combine its clauses with AND or with OR, not with both.', {
      param: 'query',
    })
  if (clauses.length > MAX_CLAUSES)
    throw invalidRequest(`A search query may have at most ${MAX_CLAUSES} clauses.`, { param: 'query' })
  return { clauses, join: joins.has('OR') ? 'OR' : 'AND' }
}

function clauseOf({ minus, field = '', key, operator, value = '' }: Record<string, string | undefined>): Clause {
  return {
    negated: minus !== undefined,
    field,
    key: key === undefined ? null : unquoted(key),
    operator: operator as Operator,
    value: valueOf(value),
  }
}

function valueOf(text: string): string | number | null {
  if (/^["']/.test(text)) return unquoted(text)
  if (/^null$/i.test(text)) return null
  return /^-?\d/.test(text) ? Number(text) : text.toLowerCase()
}

const unquoted = (text: string): string => text.slice(1, -1).replaceAll(/\\(.)/g, '$1')

const unreadable = (): Error =>
  invalidRequest(
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.',
    { param: 'query' },
  )
