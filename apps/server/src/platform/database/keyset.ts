import type { EntityManager } from '@mikro-orm/postgresql'
import { LOWEST_ID } from './ids.ts'

/** A place in rows that are ordered by a moment and by id. */
export interface Place {
  /** As PostgreSQL writes it, in microseconds. */
  readonly at: string
  readonly id: string
}

/** The place before all rows. */
export const START: Place = { at: '-infinity', id: LOWEST_ID }

export interface Listing {
  /** A select without order and limit. Its rows have an `id`. */
  readonly query: string
  readonly values: readonly unknown[]
  /** A column of the query that holds a moment: rows are ordered by it and by id. Without it, by id alone. */
  readonly by?: string
  /** Rows of one page. */
  readonly size: number
  /** Only rows after this place are read. */
  readonly after?: Place
}

/**
 * Reads the rows of a query in pages, each from the place where the page before it ended (keyset pagination).
 *
 * A page is read when it is asked for. A row that changes in between is skipped if it no longer matches the query,
 * and shifts no other row.
 */
export async function* pages<Row extends { id: string }>(
  em: EntityManager,
  { query, values, by, size, after = START }: Listing,
): AsyncGenerator<Row[]> {
  const [moment, isAfter, order] = by
    ? [`${by}::text`, `(${by}, id) > (?::timestamptz, ?::uuid)`, `${by}, id`]
    : [`''`, 'id > ?::uuid', 'id']
  let last = after
  for (;;) {
    const rows: (Row & { page_at: string })[] = await em.execute<(Row & { page_at: string })[]>(
      `select *, ${moment} as page_at from (${query}) listed where ${isAfter} order by ${order} limit ?`,
      [...values, ...(by ? [last.at] : []), last.id, size],
    )
    if (rows.length > 0) yield rows
    const end = rows.at(-1)
    if (!end || rows.length < size) return
    last = { at: end.page_at, id: end.id }
  }
}
