import type { Deps } from './deps.ts'
import { keepsStatementsPrepared } from './platform/database/prepared.ts'
import { queues } from './worker.ts'

/**
 * Checks at start whether the shortcuts of the hot path can be used that depend on the database. A warning is logged
 * for each that can't: the plain path behind it is slower, but gives the same results.
 *
 * @see docs/decisions/0015-the-hot-path.md
 */
export async function checkShortcuts({ database, jobs, log }: Pick<Deps, 'database' | 'jobs' | 'log'>): Promise<void> {
  const em = database.em.fork()
  if (!(await keepsStatementsPrepared(em))) log.warn('statements are not kept prepared, which is slower')
  await jobs.checkShortcut(em, queues[0])
}
