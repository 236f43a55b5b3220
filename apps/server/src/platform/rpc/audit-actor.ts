import type { AuditActor } from '../audit/audit.ts'
import type { CallerContext } from './trpc.ts'

/** The caller, as the audit log names them. */
export function auditActor({ caller, request }: CallerContext): AuditActor & { actorId: string } {
  return { actorId: caller.user.id, requestId: request.id, ip: request.ip }
}
