import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { findDeadLetter } from '../../platform/jobs/dead-letters.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ShownQueues } from '../admin-scope.ts'
import { JobNotFound } from '../admin.errors.ts'
import { shownData } from './shown-data.ts'

/**
 * Deletes a failed job. What it would have done stays undone; the audit entry says what it was.
 *
 * @throws {JobNotFound} also when another admin has just retried or discarded it.
 */
export async function discardJob(
  { em, jobs, clock, queues }: Scope & { queues: ShownQueues },
  actor: AuditActor,
  { id }: { id: string },
): Promise<void> {
  await em.transactional(async (em) => {
    const letter = await findDeadLetter(em, id)
    if (!letter) throw new JobNotFound()
    await jobs.discard(em, id)
    recordAudit({ em, clock }, actor, {
      action: 'job.discard',
      targetType: 'job',
      targetId: id,
      before: { queue: letter.queue, ...shownData(queues, letter) },
      after: null,
    })
  })
}
