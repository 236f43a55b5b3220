import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { entities } from '../entities.ts'
import { checkOwnProcedures, loadExtension, ownQueuesOf, runOwnMigrations } from '../extension/index.ts'
import { migrations } from '../migrations/index.ts'
import { openDatabase } from '../platform/database/database.ts'
import { rebuildInvalidIndexes } from '../platform/database/invalid-indexes.ts'
import { runMigrations } from '../platform/database/run-migrations.ts'
import { installQueues } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'
import { queuesOf } from '../worker.ts'

/**
 * `migrate`: updates tables and queues to this version, and rebuilds invalid indexes. If several processes do it at once,
 * they wait for each other.
 */
export async function migrate(config: Pick<Config, 'DATABASE_URL' | 'CONFIG_FILE'>, log: Log): Promise<number> {
  const extension = loadExtension(config.CONFIG_FILE)
  checkOwnProcedures(extension)
  const database = await openDatabase({ url: config.DATABASE_URL, entities, migrations, poolSize: 2 })
  try {
    const names = await oneAtATime(database, async () => {
      const done = await runMigrations(database.migrator, log)
      const own = await runOwnMigrations(database.em.fork(), extension.config, log)
      // Last, because most migrations that were interrupted build their indexes again by themselves.
      await rebuildInvalidIndexes(database.em.fork(), log)
      return [...done, ...own]
    })
    await installQueues(config.DATABASE_URL, queuesOf({ queues: ownQueuesOf(extension.config) }), log)
    console.log(names.length > 0 ? `Migrated: ${names.join(', ')}.` : 'The database is up to date.')
    return 0
  } finally {
    await database.close()
  }
}

/** The key of the advisory lock: any number that no other lock uses. */
const MIGRATION_LOCK = 7_105_219_463
const AGAIN_AFTER = 200

/**
 * Holds an advisory lock in a transaction that does nothing else. It asks again and again instead of waiting in one
 * statement: that statement's snapshot would hold up `create index concurrently`, which waits for all older ones.
 */
async function oneAtATime<T>(database: Awaited<ReturnType<typeof openDatabase>>, work: () => Promise<T>): Promise<T> {
  return database.em.fork().transactional(async (em) => {
    // Some databases end idle transactions after a few minutes. Then another process would migrate at the same time.
    await em.execute('set local idle_in_transaction_session_timeout = 0')
    for (;;) {
      const [row] = await em.execute<{ mine: boolean }[]>('select pg_try_advisory_xact_lock(?) as mine', [
        MIGRATION_LOCK,
      ])
      if (row?.mine) return work()
      await sleep(AGAIN_AFTER)
    }
  })
}
