import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { Scope } from '../../platform/scope.ts'
import { JobNotFound } from '../admin.errors.ts'

/**
 * Puts a failed job back into its queue, with a fresh set of retries.
 *
 * @throws {JobNotFound} also when another admin has just retried it.
 */
export async function retryJob({ em, jobs, clock }: Scope, actor: AuditActor, { id }: { id: string }): Promise<void> {
  await em.transactional(async (em) => {
    if (!(await jobs.redrive(em, id))) throw new JobNotFound()
    recordAudit({ em, clock }, actor, {
      action: 'job.retry',
      targetType: 'job',
      targetId: id,
      before: null,
      after: null,
    })
  })
}
