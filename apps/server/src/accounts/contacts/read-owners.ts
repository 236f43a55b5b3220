import type { EntityManager } from '@mikro-orm/postgresql'

/** An account with the person who stands for it. */
export interface AccountOwner {
  readonly account: { readonly id: string; readonly kind: 'personal' | 'organization'; readonly name: string }
  readonly user: { readonly id: string; readonly email: string; readonly username: string }
}

interface Row {
  id: string
  kind: 'personal' | 'organization'
  name: string | null
  user_id: string
  email: string
  username: string
}

/**
 * The owners of accounts, by the account's id: the user of a personal account, and the longest-standing owner of an
 * organization.
 */
export async function readOwners(
  em: EntityManager,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, AccountOwner>> {
  if (accountIds.length === 0) return new Map()
  const rows = await em.execute<Row[]>(
    `select distinct on (account.id) account.id, account.kind, account.name, person.id as user_id, person.email,
       person.username
     from accounts account join members member on member.account_id = account.id and member.role = 'owner'
       join users person on person.id = member.user_id
     where account.id = any(?::uuid[])
     order by account.id, person.is_active desc, member.joined_at, person.id`,
    [`{${accountIds.join(',')}}`],
  )
  return new Map(
    rows.map(({ id, kind, name, user_id, email, username }) => [
      id,
      { account: { id, kind, name: name ?? username }, user: { id: user_id, email, username } },
    ]),
  )
}
