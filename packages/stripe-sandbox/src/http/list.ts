import { invalidRequest, resourceMissing } from './errors.ts'
import { integer, string } from './params.ts'

/** The parameters that every list accepts. */
export const PAGE = { limit: integer({ min: 1, max: 100 }), starting_after: string(), ending_before: string() }

/** Filters that nothing in the sandbox matches: it has no accounts of customers, and no transfers. */
export const UNMATCHED = { customer_account: string(), transfer_group: string() }

interface PageParams {
  customer_account?: string
  transfer_group?: string
  limit?: number
  starting_after?: string
  ending_before?: string
}

/**
 * A page of rows, newest first. `rows` are oldest first.
 *
 * @throws {StripeApiError} 400 for an unknown cursor, or for both cursors at once.
 * @see https://docs.stripe.com/api/pagination
 */
export function page<Row extends { readonly id: string }>(
  url: string,
  rows: readonly Row[],
  { limit = 10, starting_after, ending_before, ...unmatched }: PageParams,
  serialize: (row: Row) => unknown,
): unknown {
  if (starting_after !== undefined && ending_before !== undefined) {
    throw invalidRequest('You cannot parameterize both starting_after and ending_before.', { param: 'ending_before' })
  }
  const none = unmatched.customer_account !== undefined || unmatched.transfer_group !== undefined
  const newestFirst = none ? [] : rows.toReversed()
  if (ending_before !== undefined) {
    const before = newestFirst.slice(0, indexOf(newestFirst, ending_before, { url, param: 'ending_before' }))
    return listOf(url, before.slice(-limit), before.length > limit, serialize)
  }
  const from =
    starting_after === undefined
      ? newestFirst
      : newestFirst.slice(indexOf(newestFirst, starting_after, { url, param: 'starting_after' }) + 1)
  return listOf(url, from.slice(0, limit), from.length > limit, serialize)
}

function listOf<Row>(url: string, rows: readonly Row[], has_more: boolean, serialize: (row: Row) => unknown): unknown {
  return { object: 'list', data: rows.map(serialize), has_more, url }
}

function indexOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  id: string,
  { url, param }: { url: string; param: string },
): number {
  const index = rows.findIndex((row) => row.id === id)
  if (index === -1) throw resourceMissing(nounOf(url), id, { param })
  return index
}

/** What Stripe calls an entry of a list, such as `customer`. */
function nounOf(url: string): string {
  const name = url.slice(url.lastIndexOf('/') + 1)
  return name === 'payment_methods' ? 'PaymentMethod' : name.replace(/s$/, '')
}
