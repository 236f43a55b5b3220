import { setTimeout as sleep } from 'node:timers/promises'
import type { Constructor } from '@mikro-orm/core'
import type { Migration } from '@mikro-orm/migrations'
import { SECOND } from '../durations.ts'
import type { Log } from '../log.ts'
import { isLockTimeout } from './lock-wait.ts'

export interface NamedMigration {
  readonly name: string
  readonly class: Constructor<Migration>
}

/**
 * How long a statement that changes a table waits for its lock, in milliseconds. While it waits, later writers of the
 * table wait behind it.
 */
export const LOCK_TIMEOUT = 3 * SECOND
const AGAIN_AFTER = 10 * SECOND
const TRIES = 30

/**
 * Limits how long a migration waits for locks. `create index concurrently` has no limit: it holds up no writer, and a
 * timeout would leave an invalid index.
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
      'A migration could not lock a table, because another transaction has held it for minutes. Find that transaction in pg_stat_activity, end it, and run migrate again.',
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
 * Runs a migration again while a table is locked, or if PostgreSQL cancels it to end a deadlock. Those that wait for the
 * table pass meanwhile.
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
      if (!isOfLocks(error)) throw error
      if (tried === tries) throw new LockNotFree(error)
      log.warn({ tried }, 'a table is locked, so its migration waits and is tried again')
      await sleep(againAfter)
    }
  }
}

const isOfLocks = (error: unknown): boolean =>
  isLockTimeout(error) || (error instanceof Error && isOfLocks(error.cause))
