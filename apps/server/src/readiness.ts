import { areOwnMigrationsDone, type Extension } from './extension/index.ts'
import { migrations } from './migrations/index.ts'
import type { Database } from './platform/database/database.ts'
import { TransactionPooling } from './platform/database/session-pooling.ts'

/** What is asked of pg-boss. */
interface Queues {
  isInstalled(): Promise<boolean>
  getQueues(): Promise<readonly { name: string }[]>
}

/**
 * Checks whether a process can serve: the database answers and keeps sessions, and has the tables and queues of this
 * version and of the configuration.
 *
 * @returns a sentence about what is wrong; null if nothing is.
 */
export async function findProblem(
  { em }: Database,
  boss: Queues,
  {
    queues,
    extension,
    checkSessions,
  }: { queues: readonly { name: string }[]; extension: Extension; checkSessions: () => Promise<void> },
): Promise<string | null> {
  try {
    await checkSessions()
    const rows = await em.fork().execute<{ name: string }[]>('select name from migrations')
    const done = new Set(rows.map(({ name }) => name))
    if (!migrations.every(({ name }) => done.has(name)) || !(await boss.isInstalled())) return NOT_MIGRATED
    if (!(await areOwnMigrationsDone(em.fork(), extension.config))) return NOT_MIGRATED
    const made = new Set((await boss.getQueues()).map(({ name }) => name))
    return queues.every(({ name }) => made.has(name)) ? null : NOT_MIGRATED
  } catch (error) {
    return error instanceof TransactionPooling ? error.message : 'The database does not answer, or refuses.'
  }
}

const NOT_MIGRATED = 'The database has not been migrated to this version. Run migrate.'
