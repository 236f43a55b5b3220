import { route, type JobRoute } from '../../platform/jobs/job-runner.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ExtensionConfig } from '../extension.schemas.ts'
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
        const context = { ...ownContext(scope, deps), jobId: id, retryCount, signal }
        // A job that ignores its signal must not keep its worker from other jobs.
        await Promise.race([run(context, data), abortOf(signal)])
      },
      cron,
    )
  })
}

/** @returns never resolves: it rejects when the signal is aborted. */
function abortOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
