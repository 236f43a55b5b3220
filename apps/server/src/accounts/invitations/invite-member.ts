import type { AccountsScope, Actor } from '../accounts-scope.ts'
import { AlreadyMember, RoleRequired } from '../accounts.errors.ts'
import type { InviteInput, InviteResult } from '../accounts.schemas.ts'
import { Invitation } from '../invitation.entity.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { lockOrganization } from '../roles/lock-organization.ts'
import { mayGive } from '../roles/rights.ts'
import { requireSeatToInvite } from './require-seat.ts'
import { sendInvitation } from './send-invitation.ts'

/**
 * Invites an address to an organization. If it has an open invitation already, that one gets the new role and is sent
 * again.
 *
 * @returns the invitation, and what the account pays for one more member.
 * @throws {RoleRequired} when the caller may not invite, or invites above their own role.
 * @throws {AlreadyMember}
 * @throws {SeatLimit}
 * @throws {PersonalAccount}
 * @throws {AccountNotFound}
 * @throws {RateLimited}
 */
export async function inviteMember(
  scope: AccountsScope,
  actor: Actor,
  { accountId, email, role }: InviteInput,
): Promise<InviteResult> {
  const { limits, seats } = scope.accounts
  await limits.countInvitation(actor.actorId)
  const price = await seats.priceOfOneMore(scope, accountId) // a call to the provider, so not while a row is locked
  const allowsMail = await limits.allowsMail('invitation', email)

  const access = { userId: actor.actorId, accountId, right: 'manage' } as const
  const invitation = await lockOrganization(scope, access, async (locked, organization) => {
    const { em } = locked
    if (!mayGive(organization.caller.role, role)) throw new RoleRequired()
    if ((await memberWith(locked, { accountId, email })) !== null) throw new AlreadyMember()
    const open = await em.findOne(Invitation, { account: accountId, email, status: 'open' }, { refresh: true })
    if (open && !mayGive(organization.caller.role, open.role)) throw new RoleRequired()
    await requireSeatToInvite(locked, { accountId, email })

    const view = await sendInvitation(locked, organization, { id: open?.id ?? null, email, role, allowsMail })
    const before = open && { email, role: open.role }
    auditAccount(locked, actor, { accountId, action: 'invitation.send', before, after: { email, role } })
    return view
  })
  return { invitation, price }
}

async function memberWith(
  { em }: AccountsScope,
  { accountId, email }: { accountId: string; email: string },
): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `select users.id from members member join users on users.id = member.user_id
     where member.account_id = ? and users.email = ?`,
    [accountId, email],
  )
  return row?.id ?? null
}
