import type { Config } from '../config.ts'
import { createDeps, openScope, type Deps, type FullScope } from '../deps.ts'
import { startSender } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'

/** Runs a verb's work in a scope of its own, and closes everything afterwards. */
export async function inScope<T>(
  { config, log, verb }: { config: Config; log: Log; verb: string },
  work: (scope: FullScope, deps: Deps) => Promise<T>,
): Promise<T> {
  const boss = await startSender(config.DATABASE_URL, log)
  try {
    const deps = await createDeps(config, log, boss)
    try {
      return await work(openScope(deps, { verb }), deps)
    } finally {
      await deps.close()
    }
  } finally {
    await boss.stop({ graceful: false })
  }
}
