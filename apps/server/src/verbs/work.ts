import { checkShortcuts } from '../check-shortcuts.ts'
import type { Config } from '../config.ts'
import { createDeps, openScope } from '../deps.ts'
import { followEarlierAccess, startDeliveries } from '../events/index.ts'
import { removeOldSchedules } from '../extension/index.ts'
import { runJobs, startRunner, stopJobs } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'
import { untilStopped } from '../platform/until-stopped.ts'
import { createJobRoutes } from '../worker.ts'

/** `work`: runs jobs and delivers events until it is stopped. It finishes what is running first. */
export async function work(config: Config, log: Log): Promise<number> {
  const boss = await startRunner(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  await deps.checkSessions()
  await checkShortcuts(deps)
  const stopping = new AbortController()
  await removeOldSchedules(boss, deps.extension.config)
  await runJobs(boss, createJobRoutes(deps, stopping.signal), log)
  const deliveries = startDeliveries({ events: deps.events, openScope: () => openScope(deps, { loop: 'deliveries' }) })
  await followEarlierAccess(openScope(deps, { loop: 'earlier-access' }))
  // At any LOG_LEVEL: the starter of this process waits for this line, because a worker opens no port.
  log.child({}, { level: 'info' }).info('worker ready')

  await untilStopped(log)
  stopping.abort()
  await Promise.all([stopJobs(boss), deliveries.stop()])
  await deps.close()
  log.info('worker stopped')
  return 0
}
