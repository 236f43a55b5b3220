import type { EntityManager } from '@mikro-orm/postgresql'

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

interface Connection {
  query<Row>(query: (PreparedStatement & { values: readonly unknown[] }) | string): Promise<{ rows: Row[] }>
}

interface Pool extends Connection {
  connect(): Promise<Connection & { release(isLost: boolean): void }>
}

const runOn =
  (connection: Connection): RunPrepared =>
  async <Row extends object>(statement: PreparedStatement, values: readonly unknown[]) => {
    const { rows } = await connection.query<Row>({ ...statement, values })
    return rows
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
 * @throws when `em` is in a transaction, of which the statement would not be a part.
 */
export async function runPrepared<Row extends object>(
  em: EntityManager,
  statement: PreparedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  return runOn(await poolOf(em, statement.name))<Row>(statement, values)
}

/** The same where whoever runs the statement need not know that it is alone in its transaction. */
export const runAlone =
  (em: EntityManager): RunPrepared =>
  (statement, values) =>
    runPrepared(em, statement, values)

/**
 * Runs several such statements as one transaction; they are undone when the work fails.
 *
 * @throws when `em` is in a transaction, of which the statements would not be a part.
 */
export async function inPreparedTransaction<T>(em: EntityManager, work: (run: RunPrepared) => Promise<T>): Promise<T> {
  const pool = await poolOf(em, 'of a transaction')
  const connection = await pool.connect()
  let isLost = false
  try {
    await connection.query('begin')
    const result = await work(runOn(connection))
    await connection.query('commit')
    return result
  } catch (error) {
    await connection.query('rollback').catch(() => (isLost = true))
    throw error
  } finally {
    connection.release(isLost)
  }
}

async function poolOf(em: EntityManager, statement: string): Promise<Pool> {
  if (em.isInTransaction()) throw new Error(`The statement ${statement} was sent from within a transaction.`)
  return em.getConnection().getNativeClient()
}
