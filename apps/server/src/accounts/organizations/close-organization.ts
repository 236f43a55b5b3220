import type { Scope } from '../../platform/scope.ts'
import { Account } from '../account.entity.ts'
import type { Actor } from '../accounts-scope.ts'
import { OrganizationClosed } from '../accounts.queues.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { withdrawInvitations } from '../roles/withdraw-invitations.ts'

/**
 * Closes an organization: from now on, its members get no access to it. A job in the same transaction ends its billing. Its rows stay,
 * because its payments belong to it.
 *
 * @param scope whose `em` is a transaction that holds the account's lock.
 */
export async function closeOrganization(
  scope: Scope,
  actor: Actor,
  { id: accountId, name }: { id: string; name: string },
): Promise<void> {
  const { em, clock, jobs } = scope
  const now = clock.now()
  await em.nativeUpdate(Account, { id: accountId }, { closedAt: now })
  await withdrawInvitations(em, { accountId, now })
  await jobs.send(em, OrganizationClosed, { accountId })
  auditAccount(scope, actor, { accountId, action: 'account.delete', before: { name }, after: null })
}
