import { setTimeout as sleep } from 'node:timers/promises'
import type { Constructor } from '@mikro-orm/core'
import type { Migration } from '@mikro-orm/migrations'
import { SECOND } from '../durations.ts'
import type { Log } from '../log.ts'

export interface NamedMigration {
  readonly name: string
  readonly class: Constructor<Migration>
}

/**
 * How long a statement that changes a table waits for its lock, in milliseconds. While it waits, so do all that want to
 * write the table.
 */
export const LOCK_TIMEOUT = 3 * SECOND
const AGAIN_AFTER = 10 * SECOND
const TRIES = 30

/**
 * Limits how long a migration waits for locks. `create index concurrently` may wait: it holds up no one, and an end
 * would leave an index that is not valid.
 *
 * @param lockTimeout in milliseconds.
 */
export const withLockTimeout =
  (lockTimeout: number) =>
  ({ name, class: Given }: NamedMigration): NamedMigration => {
    const limit = `set local lock_timeout = ${lockTimeout}`
    const limited = new Proxy(Given, {
      construct(target, [driver, config]) {
        const migration = new target(driver, config)
        const getQueries = migration.getQueries.bind(migration)
        migration.getQueries = () => {
          if (migration.isTransactional()) return [limit, ...getQueries()]
          // Statements that are sent together are one transaction, also through a pooler.
          return getQueries().map((query) =>
            typeof query === 'string' && LOCKS_TABLE.test(query) ? `${limit}; ${query}` : query,
          )
        }
        return migration
      },
    })
    return { name, class: limited }
  }

const LOCKS_TABLE = /^\s*(?:alter|create|drop)\s(?!(?:unique\s+)?index\s+concurrently)/i

interface Migrator {
  getPending(): Promise<readonly { name: string }[]>
  up(): Promise<unknown>
}

class LockNotFree extends Error {
  override readonly name = 'LockNotFree'

  constructor(cause: unknown) {
    super(
      'A migration did not get the lock of a table, because another transaction has held it for minutes. Look for it in pg_stat_activity, end it, and run migrate again.',
      { cause },
    )
  }
}

/**
 * Runs what is pending. If a table is locked, it tries again.
 *
 * @returns the names of what was pending.
 * @throws {LockNotFree} if a table stays locked for minutes.
 */
export async function runMigrations(migrator: Migrator, log: Log, options: Patience = {}): Promise<string[]> {
  const pending = await migrator.getPending()
  await untilNotLocked(() => migrator.up(), log, options)
  return pending.map(({ name }) => name)
}

export interface Patience {
  /** In milliseconds. */
  againAfter?: number
  tries?: number
}

/**
 * Runs a migration again while a table is locked. Those that wait for the table pass meanwhile.
 *
 * @param migration has a `lock_timeout`, and can be repeated when it has failed.
 * @throws {LockNotFree} if a table stays locked for minutes.
 */
export async function untilNotLocked(
  migration: () => Promise<unknown>,
  log: Log,
  { againAfter = AGAIN_AFTER, tries = TRIES }: Patience = {},
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await migration()
      return
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      if (tried === tries) throw new LockNotFree(error)
      log.warn({ tried }, 'a table is locked, so its migration waits and is tried again')
      await sleep(againAfter)
    }
  }
}

/** PostgreSQL's `lock_not_available`. */
const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && error.code === '55P03') || isLockTimeout(error.cause))
