import { checkShortcuts } from '../check-shortcuts.ts'
import type { Config } from '../config.ts'
import { createDeps } from '../deps.ts'
import { runJobs, startRunner, stopJobs } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'
import { untilStopped } from '../platform/until-stopped.ts'
import { createJobRoutes } from '../worker.ts'

/** `work`: works off jobs until it is told to stop; those that are running are finished first. */
export async function work(config: Config, log: Log): Promise<number> {
  const boss = await startRunner(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  await checkShortcuts(deps)
  await runJobs(boss, createJobRoutes(deps), log)
  // At any LOG_LEVEL: who started this program waits for this line, as it opens no port to ask at.
  log.child({}, { level: 'info' }).info('worker ready')

  await untilStopped(log)
  await stopJobs(boss)
  await deps.close()
  log.info('worker stopped')
  return 0
}
