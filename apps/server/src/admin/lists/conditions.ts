import { after } from '../../platform/clock.ts'
import { oldestIdOf } from '../../platform/database/ids.ts'
import { MINUTE } from '../../platform/durations.ts'

/** A condition in SQL with the values of its placeholders. */
export type Condition = readonly [sql: string, ...values: unknown[]]

/** Joins the conditions that apply: `where` in SQL, and the values in order. */
export function allOf(conditions: readonly (Condition | null | undefined | false)[]): {
  where: string
  values: unknown[]
} {
  const applying = conditions.filter((condition): condition is Condition => !!condition)
  return {
    where: applying.map(([sql]) => `(${sql})`).join(' and ') || 'true',
    values: applying.flatMap(([, ...values]) => values),
  }
}

/** How far the time in a row's id may be from its `created_at`. */
const SLACK = 5 * MINUTE

/**
 * The rows of a time range, both moments included, for a list that is sorted by id (UUIDv7). The ids only narrow the
 * range of the index.
 */
export function inRange(table: string, { from, to }: { from?: Date | undefined; to?: Date | undefined }): Condition[] {
  return [
    ...(from
      ? [[`${table}.created_at >= ? and ${table}.id >= ?::uuid`, from, oldestIdOf(after(from, -SLACK))] as const]
      : []),
    ...(to ? [[`${table}.created_at <= ? and ${table}.id < ?::uuid`, to, oldestIdOf(after(to, SLACK))] as const] : []),
  ]
}
