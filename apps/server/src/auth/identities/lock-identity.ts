import type { EntityManager } from '@mikro-orm/postgresql'
import { Identity } from '../identity.entity.ts'
import type { ProviderAccount } from '../providers/provider.ts'

/**
 * Lets one transaction at a time decide what becomes of a provider's account: it may have no row yet to lock, and two
 * callbacks of a new user may come at the same moment. Taken before any user's lock.
 */
export async function lockIdentity(em: EntityManager, account: ProviderAccount): Promise<void> {
  const key = `identity:${account.provider}:${account.subject}`
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key])
}

/** The id of the user whom a provider's account logs in, as it is at this moment. */
export async function ownerIdOf(
  em: EntityManager,
  { provider, subject }: ProviderAccount,
): Promise<string | undefined> {
  const identity = await em.findOne(Identity, { provider, subject }, { disableIdentityMap: true })
  return identity?.user.id
}
