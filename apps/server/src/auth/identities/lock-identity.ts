import type { EntityManager } from '@mikro-orm/postgresql'
import { Identity } from '../identity.entity.ts'
import type { ProviderAccount } from '../providers/provider.ts'

/**
 * Locks a provider's account for the transaction. It is an advisory lock: two callbacks of a new user may come at the
 * same time, when there is no row to lock yet. Always taken before a user's lock.
 */
export async function lockIdentity(
  em: EntityManager,
  account: Pick<ProviderAccount, 'provider' | 'subject'>,
): Promise<void> {
  const key = `identity:${account.provider}:${account.subject}`
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key])
}

/** @returns the id of the user that a provider's account is linked to now; undefined when there is none. */
export async function ownerIdOf(
  em: EntityManager,
  { provider, subject }: Pick<ProviderAccount, 'provider' | 'subject'>,
): Promise<string | undefined> {
  const identity = await em.findOne(Identity, { provider, subject }, { disableIdentityMap: true })
  return identity?.user.id
}
