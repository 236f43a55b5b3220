import { recordAudit } from '../../platform/audit/audit.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Actor } from '../accounts-scope.ts'

/**
 * Records a change of an account, its members, or its invitations. The target is always the account, so that one filter
 * finds everything about it.
 *
 * @param scope whose `em` is the change's transaction.
 */
export function auditAccount(
  scope: Pick<Scope, 'em' | 'clock'>,
  actor: Actor,
  { accountId, ...change }: { accountId: string; action: string; before: object | null; after: object | null },
): void {
  recordAudit(scope, actor, { ...change, targetType: 'account', targetId: accountId })
}
