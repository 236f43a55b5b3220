import { getAccount } from '../../auth/index.ts'
import { listOwnedSubscriptions } from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { UserDetails } from '../people.schemas.ts'

/**
 * Returns a user with their profile, identities and subscriptions.
 *
 * @throws {UserNotFound}
 */
export async function getUser(scope: AdminScope, { id }: { id: string }): Promise<UserDetails> {
  return { ...(await getAccount(scope, { id })), ...(await listOwnedSubscriptions(scope, { accountId: id })) }
}
