import { route, type JobRoute } from '../../platform/jobs/job-runner.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ExtensionConfig } from '../extension.schemas.ts'
import { abortOf } from '../kit/abort-of.ts'
import { ownContext, type OwnDeps } from '../kit/call-context.ts'

/** The rows of the worker's table for the configuration's jobs. */
export function ownJobRoutes(
  { jobs = {} }: ExtensionConfig,
  deps: OwnDeps,
  openScope: (about: Record<string, string>) => Scope,
): JobRoute[] {
  return Object.entries(jobs).flatMap(([name, { run, cron }]) => {
    const queue = deps.queues.get(name)
    if (!queue) return []
    return route(
      queue,
      async (data, { id, retryCount, signal = new AbortController().signal }) => {
        const scope = openScope({ queue: queue.name, jobId: id })
        const context = { ...ownContext(scope, deps, 'job'), jobId: id, retryCount, signal }
        // A job that ignores its signal must not keep its worker from other jobs.
        await Promise.race([run(context, data), abortOf(signal)])
      },
      cron,
    )
  })
}
