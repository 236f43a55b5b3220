import type { EntityManager } from '@mikro-orm/postgresql'
import { CompiledQuery, type Kysely } from 'kysely'
import type { Pool } from 'pg'
import { SECOND } from '../durations.ts'

/** A statement that PostgreSQL keeps parsed and planned under its name, in each connection that has run it once. */
export interface PreparedStatement {
  readonly name: string
  /** With `$1`, `$2` … for the values. */
  readonly text: string
}

/** Runs prepared statements, either in the caller's transaction or in transactions of their own. */
export interface RunPrepared {
  /** @returns the rows as `pg` reads them; timestamps are text. */
  <Row extends object>(statement: PreparedStatement, values: readonly unknown[]): Promise<Row[]>
  /** Runs several statements, all or nothing. */
  together<T>(work: (run: RunPrepared) => Promise<T>): Promise<T>
}

/** Far longer than any of these statements takes: a connection without an answer by then is dead. */
const LONGEST = 10 * SECOND

/**
 * Runs statements in the ORM's transaction. They are not kept prepared there.
 *
 * @throws when `em` is not in a transaction.
 */
export function runWithin(em: EntityManager): RunPrepared {
  if (!em.isInTransaction()) throw new Error('A statement of a transaction was sent outside a transaction.')
  const transaction = em.getKysely<unknown>()
  const run: RunPrepared = Object.assign(
    <Row extends object>({ text }: PreparedStatement, values: readonly unknown[]) =>
      execute<Row>(transaction, text, values),
    { together: <T>(work: (run: RunPrepared) => Promise<T>) => work(run) },
  )
  return run
}

/** Runs statements in the transaction of `em`, or each in one of its own if there is none. */
export function runHere(em: EntityManager): RunPrepared {
  return em.isInTransaction() ? runWithin(em) : runAlone(em)
}

/** Runs each statement in a transaction of its own, as {@link runPrepared} does. */
export function runAlone(em: EntityManager): RunPrepared {
  const run = <Row extends object>(statement: PreparedStatement, values: readonly unknown[]) =>
    runPrepared<Row>(em, statement, values)
  return Object.assign(run, {
    together: <T>(work: (run: RunPrepared) => Promise<T>) =>
      em.fork().transactional((transaction) => work(runWithin(transaction))),
  })
}

/**
 * Runs a statement that nearly every request needs: in one round trip, in a transaction of its own, and without the
 * ORM, which would take longer than the database.
 *
 * Without the ORM's pool (see {@link keepsStatementsPrepared}) the ORM runs the statement, which is then not prepared.
 *
 * @returns the rows as `pg` reads them; timestamps are text.
 * @throws when `em` is in a transaction, because the statement would not be part of it.
 * @throws when there is no answer within 10 s.
 */
export async function runPrepared<Row extends object>(
  em: EntityManager,
  statement: PreparedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  if (em.isInTransaction()) throw new Error(`The statement ${statement.name} was sent from within a transaction.`)
  const pool = await poolOf(em)
  if (!pool) return execute(em.getKysely<unknown>(), statement.text, values)
  // Not `pool.query`, which closes the connection whenever a statement fails, for example on a duplicate address.
  const client = await pool.connect()
  let isLost = false
  try {
    const query = { ...statement, values: [...values], query_timeout: LONGEST }
    const { rows } = await client.query<Row>(query)
    return rows
  } catch (error) {
    isLost = !isOfStatement(error)
    throw error
  } finally {
    client.release(isLost)
  }
}

/** Whether statements can be kept prepared, for which the ORM has to hand out the pool of `pg` that it uses. */
export async function keepsStatementsPrepared(em: EntityManager): Promise<boolean> {
  return (await poolOf(em)) !== undefined
}

/** The ORM has no pool to hand out when it was given a ready-made Kysely instance. */
export async function poolOf(em: EntityManager): Promise<Pool | undefined> {
  try {
    const pool = await em.getConnection().getNativeClient()
    return typeof pool.connect === 'function' ? pool : undefined
  } catch {
    return undefined
  }
}

async function execute<Row>(
  kysely: Pick<Kysely<unknown>, 'executeQuery'>,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await kysely.executeQuery<Row>(CompiledQuery.raw(text, [...values]))
  return rows
}

/** Whether the server rejected the statement. Otherwise the connection is gone or being closed (class 57P). */
function isOfStatement(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('severity' in error) || !('code' in error)) return false
  return typeof error.code === 'string' && !error.code.startsWith('57P')
}
