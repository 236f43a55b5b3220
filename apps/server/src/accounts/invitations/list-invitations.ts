import type { Loaded } from '@mikro-orm/core'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AccountsScope } from '../accounts-scope.ts'
import type { InvitationView, PageOfAccount } from '../accounts.schemas.ts'
import { Invitation } from '../invitation.entity.ts'
import { invitationView } from './invitation-view.ts'

/**
 * Lists a page of an account's open invitations, newest first. Those whose time is over are among them.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listInvitations(
  { em, clock }: AccountsScope,
  { accountId, cursor, limit }: PageOfAccount,
): Promise<Page<InvitationView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const older = from && { $or: [{ createdAt: { $lt: from.at } }, { createdAt: from.at, id: { $lt: from.id } }] }
  const rows = await em.find(
    Invitation,
    { account: accountId, status: 'open', ...older },
    { populate: ['invitedBy'], orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 },
  )
  const now = clock.now()
  const view = (invitation: Loaded<Invitation, 'invitedBy'>) => invitationView(invitation, now)
  return pageOf(rows, limit, view, ({ createdAt, id }) => ({ at: createdAt, id }))
}
