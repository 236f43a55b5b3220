import type { EntityManager } from '@mikro-orm/postgresql'
import type { ExtensionConfig } from '../extension.schemas.ts'
import { sqlConnectionOf } from './sql-connection.ts'

/**
 * Runs the configuration's migrations that have not run yet, in its order, each in a transaction of its own. The caller
 * holds the lock of `migrate`.
 *
 * @returns the names of those that ran.
 * @throws {Error} with the name of one that failed. Those before it have run.
 */
export async function runOwnMigrations(em: EntityManager, { migrations = [] }: ExtensionConfig): Promise<string[]> {
  if (migrations.length === 0) return []
  await em.execute('create schema if not exists app')
  await em.execute(
    'create table if not exists app.migrations (name text primary key, done_at timestamptz not null default now())',
  )
  const rows = await em.execute<{ name: string }[]>('select name from app.migrations')
  const done = new Set(rows.map(({ name }) => name))
  const due = migrations.filter(({ name }) => !done.has(name))
  for (const { name, sql } of due) {
    try {
      await em.transactional(async (transaction) => {
        await sqlConnectionOf(transaction).query(sql)
        await transaction.execute('insert into app.migrations (name) values (?)', [name])
      })
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      throw new Error(`The migration ${name} of the configuration failed: ${cause}`, { cause: error })
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
