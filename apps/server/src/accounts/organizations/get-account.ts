import type { AccountsScope } from '../accounts-scope.ts'
import type { AccountDetails } from '../accounts.schemas.ts'
import { countMembers } from '../roles/count-members.ts'
import { readAccount } from '../roles/read-account.ts'

/**
 * Reads an account with its number of members and its seats, for a member of it.
 *
 * @throws {AccountNotFound}
 */
export async function getAccount(
  scope: AccountsScope,
  { accountId, userId }: { accountId: string; userId: string },
): Promise<AccountDetails> {
  const account = await readAccount(scope.em, { accountId, userId })
  const members = await countMembers(scope.em, accountId)
  const seats = await scope.accounts.seats.readSeats(scope, accountId)
  return { ...account, members, seats: seats && { used: members, included: seats.included, max: seats.max } }
}
