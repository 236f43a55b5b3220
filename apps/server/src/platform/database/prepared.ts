import type { EntityManager } from '@mikro-orm/postgresql'
import { SECOND } from '../durations.ts'

/** A statement under whose name PostgreSQL keeps it parsed and planned, in each connection that has run it once. */
export interface PreparedStatement {
  readonly name: string
  /** With `$1`, `$2` … for the values. */
  readonly text: string
}

/**
 * Runs a prepared statement.
 *
 * @returns the rows as `pg` reads them; timestamps are text.
 */
export type RunPrepared = <Row extends object>(
  statement: PreparedStatement,
  values: readonly unknown[],
) => Promise<Row[]>

/** Far longer than any of them takes: the connection must be dead, though nobody has said so. */
const LONGEST = 10 * SECOND

interface Pool {
  connect(): Promise<PooledClient>
}

interface PooledClient {
  query<Row>(query: PreparedStatement & { values: readonly unknown[]; query_timeout: number }): Promise<{ rows: Row[] }>
  release(isLost: boolean): void
}

/** Runs statements in the ORM's own transaction, where none is kept prepared. @throws when `em` is in no transaction. */
export function runWithin(em: EntityManager): RunPrepared {
  if (!em.isInTransaction()) throw new Error('A statement of a transaction was sent outside of one.')
  const transaction = em.getKysely<unknown>()
  return async <Row extends object>({ name, text }: PreparedStatement, values: readonly unknown[]) => {
    const query = { kind: 'RawNode', sqlFragments: [text], parameters: [] } as const
    const compiled = { sql: text, parameters: values, query, queryId: { queryId: name } }
    const { rows } = await transaction.executeQuery<Row>(compiled)
    return rows
  }
}

/**
 * Runs one of the few statements that nearly every request takes, as a transaction of its own, in one round trip and
 * without the ORM, whose share of such a call would be larger than the database's.
 *
 * @returns the rows as `pg` reads them; timestamps are text.
 * @throws when `em` is in a transaction, of which the statement would not be a part; when there is no answer in 10 s.
 */
export async function runPrepared<Row extends object>(
  em: EntityManager,
  statement: PreparedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  if (em.isInTransaction()) throw new Error(`The statement ${statement.name} was sent from within a transaction.`)
  const pool: Pool = await em.getConnection().getNativeClient()
  // Not `pool.query`, which closes the connection whenever a statement fails, be it for an address that is taken.
  const client = await pool.connect()
  let isLost = false
  try {
    const { rows } = await client.query<Row>({ ...statement, values, query_timeout: LONGEST })
    return rows
  } catch (error) {
    isLost = !isOfStatement(error)
    throw error
  } finally {
    client.release(isLost)
  }
}

/** What the server says of a statement, and not of the connection, which it is closing (class 57P), or of nothing at all. */
function isOfStatement(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('severity' in error) || !('code' in error)) return false
  return typeof error.code === 'string' && !error.code.startsWith('57P')
}

/** The same where whoever runs the statement need not know that it is alone in its transaction. */
export const runAlone =
  (em: EntityManager): RunPrepared =>
  (statement, values) =>
    runPrepared(em, statement, values)
