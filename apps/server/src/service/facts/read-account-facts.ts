import { AccountNotFound } from '../../accounts/index.ts'
import type { Scope } from '../../platform/scope.ts'
import type { AccountFacts } from '../service.schemas.ts'

/**
 * Reads an account as other programs see it, also a closed one.
 *
 * @throws {AccountNotFound}
 */
export async function readAccountFacts({ em }: Pick<Scope, 'em'>, { id }: { id: string }): Promise<AccountFacts> {
  const [row] = await em.execute<(Omit<AccountFacts, 'createdAt'> & { createdAt: string })[]>(
    `select account.id, account.kind, coalesce(account.name, holder.username) as name,
       account.closed_at is null and coalesce(holder.is_active, true) as "isOpen",
       (select count(*)::int from members member where member.account_id = account.id) as members,
       coalesce(account.public_data, '{}') as "publicData",
       account.created_at as "createdAt"
     from accounts account left join users holder on holder.id = account.id
     where account.id = ?`,
    [id],
  )
  if (!row) throw new AccountNotFound()
  return { ...row, createdAt: new Date(row.createdAt) }
}
