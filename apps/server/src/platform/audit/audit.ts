import type { Scope } from '../scope.ts'
import { AuditEntry } from './audit.entity.ts'

/** Who does something that leaves a trail, and from where. */
export interface AuditActor {
  /** Null when the system itself acts, or an operator at its terminal. */
  readonly actorId: string | null
  readonly requestId: string | null
  readonly ip: string | null
}

/** An operator at the terminal: the machine's own log knows who that is. */
export const OPERATOR: AuditActor = { actorId: null, requestId: null, ip: null }

export interface AuditedChange {
  /** What was done, such as `plan.update`. */
  readonly action: string
  readonly targetType: string
  readonly targetId: string
  /** What was changed, as an admin sees it; null for what was not there before, or is not there any more. */
  readonly before: object | null
  readonly after: object | null
}

/**
 * Writes down a change as part of its own transaction: there is no change without its trail, and no trail without a change.
 *
 * @param em the transaction's own entity manager.
 * @throws when `em` is not in a transaction: there the trail could outlive a change that was rolled back.
 */
export function recordAudit(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  actor: AuditActor,
  change: AuditedChange,
): void {
  if (!em.isInTransaction()) throw new Error(`${change.action} was to be audited outside a transaction.`)
  const { before, after, ...what } = change
  em.create(AuditEntry, {
    ...{ ...actor, ...what, createdAt: clock.now() },
    ...{ before: before && { ...before }, after: after && { ...after } },
  })
}
