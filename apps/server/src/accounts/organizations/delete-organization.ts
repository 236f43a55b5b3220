import type { AccountsScope, Actor } from '../accounts-scope.ts'
import { lockOrganization } from '../roles/lock-organization.ts'
import { closeOrganization } from './close-organization.ts'

/**
 * Deletes an organization, for an owner.
 *
 * @throws {PersonalAccount}
 * @throws {AccountNotFound}
 * @throws {RoleRequired}
 */
export async function deleteOrganization(
  scope: AccountsScope,
  actor: Actor,
  { accountId }: { accountId: string },
): Promise<void> {
  const access = { userId: actor.actorId, accountId, right: 'own' } as const
  await lockOrganization(scope, access, async (locked, organization) => closeOrganization(locked, actor, organization))
}
