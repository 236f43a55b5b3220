/** A column of a rule's order, with its type in PostgreSQL. */
type KeyColumn = readonly [name: string, type: 'uuid' | 'timestamptz' | 'text' | 'bigint']

/** Which rows of a table may be deleted. */
export interface RetentionRule {
  readonly table: string
  /** The condition for a row to go. Each `?` is one of `values`. */
  readonly where: string
  readonly values: readonly unknown[]
  /** A unique order that an index has, so that a range is found without reading the ranges before it. */
  readonly key: readonly KeyColumn[]
  /** A setting that is `on` in the deleting transaction, for a trigger that refuses all other ones. */
  readonly permit?: string
}

/** The order of rows whose ids are from `newId`: the oldest first. */
export const BY_ID: RetentionRule['key'] = [['id', 'uuid']]
