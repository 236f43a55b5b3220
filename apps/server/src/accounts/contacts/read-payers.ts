import type { EntityManager } from '@mikro-orm/postgresql'

/** Someone who gets the mails about an account's billing. */
export interface Payer {
  readonly userId: string
  readonly email: string
  readonly username: string
  /** The organization's name; null for a personal account. */
  readonly organization: string | null
}

/**
 * Who gets the mails about the billing of accounts, by the account's id: the user of a personal account, and of an
 * organization all owners and all members with the role `billing`.
 */
export async function readPayers(
  em: EntityManager,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Payer[]>> {
  if (accountIds.length === 0) return new Map()
  const rows = await em.execute<(Payer & { accountId: string })[]>(
    `select account.id as "accountId", person.id as "userId", person.email, person.username,
       case account.kind when 'organization' then account.name end as organization
     from accounts account join members member on member.account_id = account.id and member.role in ('owner', 'billing')
       join users person on person.id = member.user_id
     where account.id = any(?::uuid[]) and (person.is_active or account.kind = 'personal')
     order by member.joined_at, person.id`,
    [`{${[...new Set(accountIds)].join(',')}}`],
  )
  return Map.groupBy(rows, ({ accountId }) => accountId)
}
