import type { Loaded } from '@mikro-orm/core'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AccountsScope } from '../accounts-scope.ts'
import type { MemberView, PageOfAccount } from '../accounts.schemas.ts'
import { Member } from '../member.entity.ts'

/**
 * Lists a page of an account's members, the newest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listMembers(
  { em }: Pick<AccountsScope, 'em'>,
  { accountId, cursor, limit }: PageOfAccount,
): Promise<Page<MemberView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const earlier = from && { $or: [{ joinedAt: { $lt: from.at } }, { joinedAt: from.at, user: { $lt: from.id } }] }
  const rows = await em.find(
    Member,
    { account: accountId, ...earlier },
    { populate: ['user'], orderBy: { joinedAt: 'desc', user: 'desc' }, limit: limit + 1 },
  )
  return pageOf(rows, limit, memberView, ({ joinedAt, user }) => ({ at: joinedAt, id: user.id }))
}

function memberView({ user, role, joinedAt }: Loaded<Member, 'user'>): MemberView {
  const { id, username, email } = user.$
  return { user: { id, username, email }, role, joinedAt }
}
