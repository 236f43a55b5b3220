import { recordAudit, type AuditActor } from '../platform/audit/audit.ts'
import type { Scope } from '../platform/scope.ts'
import { JobNotFound } from './admin.errors.ts'

/**
 * Puts a job that was given up back into its queue, with all its retries before it.
 *
 * @throws {JobNotFound} also when somebody else was first.
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
