import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountNotFound } from '../../accounts/index.ts'
import { UserNotFound } from '../../auth/index.ts'
import { DEFAULT_PROVIDER } from '../../billing/index.ts'

/** Whom a timeline is about: a person with their personal account, or an organization. */
export interface Subject {
  /** The account's id. A person's is their own. */
  readonly id: string
  /** Null for an organization. */
  readonly email: string | null
  /** The customer's id at the payment provider; null if there is none. */
  readonly providerCustomerId: string | null
}

/**
 * Finds whom a timeline is about. A personal account has its user's id, so both mean the same person.
 *
 * @throws {UserNotFound}
 * @throws {AccountNotFound}
 */
export async function readSubject(
  em: EntityManager,
  { userId, accountId = userId }: { userId?: string | undefined; accountId?: string | undefined },
): Promise<Subject> {
  const [row] = await em.execute<(Subject & { kind: string })[]>(
    `select account.id, account.kind, person.email, customer.provider_customer_id as "providerCustomerId"
     from accounts account left join users person on person.id = account.id
       left join customers customer on customer.account_id = account.id and customer.provider = ?
     where account.id = ?`,
    [DEFAULT_PROVIDER, accountId],
  )
  if (!row || (userId !== undefined && row.kind !== 'personal')) {
    throw userId === undefined ? new AccountNotFound() : new UserNotFound()
  }
  return row
}
