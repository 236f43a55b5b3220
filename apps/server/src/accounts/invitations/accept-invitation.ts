import type { EntityManager } from '@mikro-orm/postgresql'
import { lockUser, proveAddress, type User } from '../../auth/index.ts'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import type { AccountsScope, Actor } from '../accounts-scope.ts'
import { InvitationExpired, InvitationInvalid, OtherAddress } from '../accounts.errors.ts'
import { MembersChanged } from '../accounts.queues.ts'
import type { AccountView } from '../accounts.schemas.ts'
import { Invitation } from '../invitation.entity.ts'
import { Member } from '../member.entity.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { findMember } from '../roles/find-member.ts'
import { lockAccount } from '../roles/lock-account.ts'
import { readAccount } from '../roles/read-account.ts'
import { findValidInvitation, type ValidInvitation } from './find-valid-invitation.ts'
import { mailJoined } from './mail-joined.ts'
import { readInvitationToken } from './read-invitation-token.ts'
import { requireSeatToJoin } from './require-seat.ts'

/**
 * Makes the caller a member of the account that has invited their address. The token proves the address, so this also
 * verifies it. The same call again gives the same answer while the caller is a member, because the first one may be lost.
 *
 * @throws {InvitationInvalid}
 * @throws {InvitationExpired}
 * @throws {OtherAddress}
 * @throws {SeatLimit} even for two persons at the same time: the account's row is locked.
 * @throws {AccountDisabled}
 */
export async function acceptInvitation(
  scope: AccountsScope,
  actor: Actor,
  { token }: { token: string },
): Promise<AccountView> {
  const invitationId = readInvitationToken(scope, token)
  const { actorId: userId } = actor

  return scope.em.transactional(async (em) => {
    const locked = { ...scope, em }
    const user = await lockUser(em, userId)
    if (!user?.isActive) throw new AccountDisabled()
    const accountId = await lockAccountOf(em, invitationId)
    const isMember = (await findMember(em, accountId, userId)) !== null
    if (isMember && (await hasAccepted(em, invitationId, user))) return readAccount(em, { accountId, userId })

    const invitation = await findValidInvitation(em, invitationId)
    if (!invitation) throw new InvitationInvalid()
    if (scope.clock.now() >= invitation.expiresAt) throw new InvitationExpired()
    if (!proveAddress(user, invitation.email)) throw new OtherAddress()

    await em.nativeUpdate(Invitation, { id: invitationId }, { status: 'accepted', endedAt: scope.clock.now() })
    // A member who was invited under another address keeps the role that they have.
    if (!isMember) await join(locked, actor, { accountId, invitationId, user, invitation })
    await em.flush()
    return readAccount(em, { accountId, userId })
  })
}

/** @throws {InvitationInvalid} when there is no such invitation, or its account is closed. */
async function lockAccountOf(em: EntityManager, invitationId: string): Promise<string> {
  const [row] = await em.execute<{ account_id: string }[]>('select account_id from invitations where id = ?', [
    invitationId,
  ])
  const account = row && (await lockAccount(em, row.account_id))
  if (!account) throw new InvitationInvalid()
  return account.id
}

/** Whether this invitation was accepted, and for the user's present address. */
async function hasAccepted(em: EntityManager, id: string, { email }: User): Promise<boolean> {
  return (await em.count(Invitation, { id, email, status: 'accepted' })) > 0
}

async function join(
  locked: AccountsScope,
  actor: Actor,
  joining: { accountId: string; invitationId: string; user: User; invitation: ValidInvitation },
): Promise<void> {
  const { em, clock, jobs } = locked
  const { accountId, user, invitation } = joining
  const { email, role } = invitation
  await requireSeatToJoin(locked, accountId)
  await em.insert(Member, { account: accountId, user: user.id, role, joinedAt: clock.now() })
  await jobs.send(em, MembersChanged, { accountId })
  const after = { userId: user.id, role }
  auditAccount(locked, actor, { accountId, action: 'invitation.accept', before: { email, role }, after })
  await mailJoined(locked, joining)
}
