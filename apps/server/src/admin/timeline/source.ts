import type { TimelineKind } from '../timeline.schemas.ts'
import type { Place } from './place.ts'

/** SQL with the values of its placeholders. */
export interface Sql {
  readonly sql: string
  readonly values: readonly unknown[]
}

/** Rows that become entries of a timeline. An index has them in the order of `at` and `key`. */
export interface Source {
  /** Names the source in the rows. Its entry's kind may depend on the row. */
  readonly name: string
  readonly kinds: readonly TimelineKind[]
  /** The order among rows of the same moment: a larger rank is newer. */
  readonly rank: number
  readonly from: string
  readonly where: Sql
  /** The column of the moment. */
  readonly at: string
  /** The column of the row's id. */
  readonly key: string
  /** A `jsonb` of what the entry says. It is computed for the rows of the page only. */
  readonly facts: string
}

/** The rows of a source that come after a place, as many as a page needs. */
export function rowsOf(source: Source, place: Place | undefined, count: number): Sql {
  const { name, rank, from, where, at, key, facts } = source
  const after = afterPlace(source, place)
  return {
    sql: `(select '${name}' as source, ${rank} as rank, ${key} as key, ${at} as at, ${facts} as facts
       from ${from} where ${where.sql} and ${after.sql} order by ${at} desc, ${key} desc limit ${count})`,
    values: [...where.values, ...after.values],
  }
}

/** The condition for what comes after a place. An index can follow it. */
export function afterPlace({ rank, at, key }: Pick<Source, 'rank' | 'at' | 'key'>, place: Place | undefined): Sql {
  if (!place) return { sql: `${at} is not null`, values: [] }
  if (rank < place.rank) return { sql: `${at} <= ?::timestamptz`, values: [place.moment] }
  if (rank > place.rank) return { sql: `${at} < ?::timestamptz`, values: [place.moment] }
  return { sql: `(${at}, ${key}) < (?::timestamptz, ?::uuid)`, values: [place.moment, place.key] }
}
