import type { AccountsScope } from '../accounts-scope.ts'
import { SeatLimit } from '../accounts.errors.ts'
import { countMembers } from '../roles/count-members.ts'

/**
 * Requires a free seat for one more invitation. Other open invitations count, because they may be accepted.
 *
 * @param locked whose `em` is a transaction that holds the account's lock.
 * @throws {SeatLimit}
 */
export async function requireSeatToInvite(
  locked: AccountsScope,
  { accountId, email }: { accountId: string; email: string },
): Promise<void> {
  const { em, clock, accounts } = locked
  const seats = await accounts.seats.readSeats(locked, accountId)
  if (!seats || seats.max === null) return
  const [open] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from invitations
     where account_id = ? and status = 'open' and expires_at > ? and email <> ?`,
    [accountId, clock.now(), email],
  )
  if ((await countMembers(em, accountId)) + (open?.count ?? 0) >= seats.max) throw new SeatLimit()
}

/**
 * Requires a free seat for a person who joins.
 *
 * @param locked whose `em` is a transaction that holds the account's lock, so the last seat is given once.
 * @throws {SeatLimit}
 */
export async function requireSeatToJoin(locked: AccountsScope, accountId: string): Promise<void> {
  const seats = await locked.accounts.seats.readSeats(locked, accountId)
  if (!seats || seats.max === null) return
  if ((await countMembers(locked.em, accountId)) >= seats.max) throw new SeatLimit()
}
