import { lockUser } from '../../auth/index.ts'
import { newId } from '../../platform/database/ids.ts'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import { Account } from '../account.entity.ts'
import type { AccountsScope, Actor } from '../accounts-scope.ts'
import { TooManyAccounts } from '../accounts.errors.ts'
import type { AccountView, CreateAccountInput } from '../accounts.schemas.ts'
import { Member } from '../member.entity.ts'
import { auditAccount } from '../roles/audit-account.ts'

/** Maximum organizations that one user owns when they create another. */
const MAX_OWNED = 20

/**
 * Creates an organization. The caller is its first owner.
 *
 * @throws {TooManyAccounts} even for two calls at the same time: the user's row is locked.
 * @throws {AccountDisabled}
 */
export async function createOrganization(
  scope: AccountsScope,
  actor: Actor,
  { name }: CreateAccountInput,
): Promise<AccountView> {
  return scope.em.transactional(async (em) => {
    const owner = await lockUser(em, actor.actorId)
    if (!owner?.isActive) throw new AccountDisabled()
    const [owned] = await em.execute<{ count: number }[]>(
      `select count(*)::int as count from members member join accounts account on account.id = member.account_id
       where member.user_id = ? and member.role = 'owner' and account.kind = 'organization' and closed_at is null`,
      [owner.id],
    )
    if (!owned || owned.count >= MAX_OWNED) throw new TooManyAccounts()

    const [id, now] = [newId(), scope.clock.now()]
    await em.insert(Account, { id, kind: 'organization', name, createdAt: now, closedAt: null })
    await em.insert(Member, { account: id, user: owner.id, role: 'owner', joinedAt: now })
    auditAccount({ ...scope, em }, actor, { accountId: id, action: 'account.create', before: null, after: { name } })
    return { id, kind: 'organization', name, role: 'owner', publicData: {}, createdAt: now }
  })
}
