import type { EntityManager } from '@mikro-orm/postgresql'
import { LOCK_TIMEOUT, untilNotLocked, type Patience } from '../../platform/database/run-migrations.ts'
import type { Log } from '../../platform/log.ts'
import type { ExtensionConfig } from '../extension.schemas.ts'
import { sqlConnectionOf } from './sql-connection.ts'

/** A migration of the configuration failed. */
class OwnMigrationFailed extends Error {
  override readonly name = 'OwnMigrationFailed'

  constructor(migration: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The migration ${migration} of the configuration failed: ${reason}`, { cause })
  }
}

/** The check of the SQL misses a statement in an unusual notation. */
const ENDED =
  'it has ended its transaction, so a part of it may have been done. Undo that by hand, and remove the statement.'

async function transactionId(em: EntityManager): Promise<string | undefined> {
  const [row] = await em.execute<{ id: string }[]>('select pg_current_xact_id()::text as id')
  return row?.id
}

/**
 * Runs the configuration's migrations that have not run yet, in its order, each in a transaction of its own. They wait
 * for the locks of tables as the server's own do. The caller holds the lock of `migrate`.
 *
 * @returns the names of those that ran.
 * @throws {OwnMigrationFailed} with its name. Those before it have run.
 */
export async function runOwnMigrations(
  em: EntityManager,
  { migrations = [] }: ExtensionConfig,
  log: Log,
  { lockTimeout = LOCK_TIMEOUT, ...patience }: Patience & { lockTimeout?: number } = {},
): Promise<string[]> {
  if (migrations.length === 0) return []
  await em.execute('create schema if not exists app')
  await em.execute(
    'create table if not exists app.migrations (name text primary key, done_at timestamptz not null default now())',
  )
  const rows = await em.execute<{ name: string }[]>('select name from app.migrations')
  const done = new Set(rows.map(({ name }) => name))
  const due = migrations.filter(({ name }) => !done.has(name))
  for (const { name, sql } of due) {
    const run = () =>
      em.transactional(async (transaction) => {
        // A table that is created without a schema must not land between the server's own, now or in a later version.
        await transaction.execute('set local search_path to app, public')
        await transaction.execute(`set local lock_timeout = ${lockTimeout}`)
        const before = await transactionId(transaction)
        await sqlConnectionOf(transaction).query(sql)
        if ((await transactionId(transaction)) !== before) throw new Error(ENDED)
        await transaction.execute('insert into app.migrations (name) values (?)', [name])
      })
    try {
      await untilNotLocked(run, log, patience)
    } catch (error) {
      throw new OwnMigrationFailed(name, error)
    }
  }
  return due.map(({ name }) => name)
}

/** Whether all of the configuration's migrations have run. */
export async function areOwnMigrationsDone(em: EntityManager, { migrations = [] }: ExtensionConfig): Promise<boolean> {
  if (migrations.length === 0) return true
  const [found] = await em.execute<{ exists: boolean }[]>(`select to_regclass('app.migrations') is not null as exists`)
  if (!found?.exists) return false
  const rows = await em.execute<{ name: string }[]>('select name from app.migrations')
  const done = new Set(rows.map(({ name }) => name))
  return migrations.every(({ name }) => done.has(name))
}
