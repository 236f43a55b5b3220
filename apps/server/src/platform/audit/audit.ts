import type { Scope } from '../scope.ts'
import { AuditEntry } from './audit.entity.ts'

/** Who makes an audited change, and from where. */
export interface AuditActor {
  /** Null when the system itself acts, or an operator at the terminal. */
  readonly actorId: string | null
  readonly requestId: string | null
  readonly ip: string | null
}

/** An operator at the terminal. The machine's own log says who that is. */
export const OPERATOR: AuditActor = { actorId: null, requestId: null, ip: null }

export interface AuditedChange {
  /** What was done, such as `plan.update`. */
  readonly action: string
  readonly targetType: string
  readonly targetId: string
  /** What was changed, as an admin sees it. Null for something that did not exist before, or no longer exists. */
  readonly before: object | null
  readonly after: object | null
}

const UUID = /^[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}$/i

/** How the log has the id of a target: as it is stored. It may have been given in capitals. */
export const auditedId = (given: string): string => (UUID.test(given) ? given.toLowerCase() : given)

/**
 * Records a change in the change's own transaction, so that neither exists without the other.
 *
 * @param em the transaction's own entity manager.
 * @throws when `em` is not in a transaction, because the record could then outlive a change that is rolled back.
 */
export function recordAudit(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  actor: AuditActor,
  change: AuditedChange,
): void {
  if (!em.isInTransaction()) throw new Error(`${change.action} can't be audited outside a transaction.`)
  const { before, after, targetId, ...what } = change
  em.create(AuditEntry, {
    ...{ ...actor, ...what, targetId: auditedId(targetId), createdAt: clock.now() },
    ...{ before: before && { ...before }, after: after && { ...after } },
  })
}
