import type { Config } from '../config.ts'
import { entities } from '../entities.ts'
import { migrations } from '../migrations/index.ts'
import { openDatabase } from '../platform/database/database.ts'
import { installQueues } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'
import { queues } from '../worker.ts'

/**
 * `migrate`: updates tables and queues to this version. If several processes do it at once, they wait for each other.
 */
export async function migrate(config: Pick<Config, 'DATABASE_URL'>, log: Log): Promise<number> {
  const database = await openDatabase({ url: config.DATABASE_URL, entities, migrations, poolSize: 2 })
  try {
    const done = await oneAtATime(database, () => database.migrator.up())
    await installQueues(config.DATABASE_URL, queues, log)
    const names = done.map(({ name }) => name)
    console.log(names.length > 0 ? `Migrated: ${names.join(', ')}.` : 'The database is up to date.')
    return 0
  } finally {
    await database.close()
  }
}

/** The key of the advisory lock: any number that no other lock uses. */
const MIGRATION_LOCK = 7_105_219_463

async function oneAtATime<T>(database: Awaited<ReturnType<typeof openDatabase>>, work: () => Promise<T>): Promise<T> {
  return database.em.fork().transactional(async (em) => {
    await em.execute('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK])
    return work()
  })
}
