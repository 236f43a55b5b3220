import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { findDeadLetter, findOldestDeadLetters } from '../../platform/jobs/dead-letters.ts'
import { hurryJob } from '../../platform/jobs/list-jobs.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ShownQueues } from '../admin-scope.ts'
import { JobNotFound } from '../admin.errors.ts'

/**
 * Puts a failed job back into its queue, with a fresh set of retries. A job that waits for its next attempt runs now.
 *
 * @throws {JobNotFound} also when another admin has just retried it.
 * @throws {InvalidInput} for a job of a queue that no longer exists.
 */
export async function retryJob(
  { em, jobs, clock, queues }: Scope & { queues: ShownQueues },
  actor: AuditActor,
  { id }: { id: string },
): Promise<void> {
  await em.transactional(async (em) => {
    const names = queues.map(({ name }) => name)
    const failed = await findDeadLetter(em, id)
    if (failed && !names.includes(failed.queue)) {
      throw new InvalidInput({ id: `is a job of ${failed.queue}, which no worker runs any more: discard it` })
    }
    const isFailed = (await jobs.redrive(em, [id])) > 0
    if (!isFailed && !(await hurryJob(em, names, id))) throw new JobNotFound()
    recordAudit({ em, clock }, actor, {
      action: 'job.retry',
      targetType: 'job',
      targetId: id,
      before: null,
      after: null,
    })
  })
}

/** Maximum jobs that one call puts back, so that its transaction stays short. */
const MAXIMUM_RETRIED = 500

/**
 * Puts failed jobs back into their queues, the oldest first. One audit entry names the call.
 *
 * @param input.queue only jobs that failed in this queue. Without it, those of all queues that still exist.
 * @returns how many, and whether there may be more.
 * @throws {InvalidInput} for a queue that no longer exists.
 */
export async function retryFailedJobs(
  { em, jobs, clock, queues }: Scope & { queues: ShownQueues },
  actor: AuditActor,
  { queue }: { queue?: string | undefined },
): Promise<{ retried: number; hasMore: boolean }> {
  const names = queues.map(({ name }) => name)
  if (queue !== undefined && !names.includes(queue)) {
    throw new InvalidInput({ queue: `is ${queue}, which no worker runs: discard its jobs` })
  }
  return em.transactional(async (em) => {
    const chosen = queue === undefined ? names : [queue]
    const ids = await findOldestDeadLetters(em, { queues: chosen, limit: MAXIMUM_RETRIED })
    const retried = await jobs.redrive(em, ids)
    const hasMore = retried === MAXIMUM_RETRIED
    if (retried > 0)
      recordAudit({ em, clock }, actor, {
        action: 'job.retry_failed',
        targetType: 'queue',
        targetId: queue ?? 'all',
        before: null,
        after: { retried, hasMore },
      })
    return { retried, hasMore }
  })
}
