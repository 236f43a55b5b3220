import { AccountNotFound, listMembers } from '../../accounts/index.ts'
import type { Page } from '../../platform/database/page.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ByIdInPages, MemberView } from '../service.schemas.ts'

/**
 * Lists a page of any account's members, the newest first. A closed account may have some, too.
 *
 * @throws {AccountNotFound}
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listAccountMembers(
  { em }: Pick<Scope, 'em'>,
  { id, cursor, limit }: ByIdInPages,
): Promise<Page<MemberView>> {
  const members = await listMembers({ em }, { accountId: id, cursor, limit })
  if (members.items.length > 0) return members
  const [known] = await em.execute('select 1 from accounts where id = ?', [id])
  if (!known) throw new AccountNotFound()
  return members
}
