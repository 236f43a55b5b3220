import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuthScope } from '../auth-scope.ts'
import { Identity } from '../identity.entity.ts'
import { voidTokens } from '../links/void-tokens.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import type { User } from '../user.entity.ts'

/**
 * Hands an unverified account to the person who has just proven its address. This prevents pre-hijacking: an attacker
 * opens an account with a victim's address and waits. Only the new owner has proven the address, so the password, the
 * sessions, the links and codes, and the linked identities go first.
 *
 * @param user whose row the transaction has locked.
 */
export async function handOverToOwner(em: EntityManager, { clock }: AuthScope, user: User): Promise<void> {
  user.passwordHash = null
  user.isVerified = true
  await em.flush()
  await voidTokens(em, user.id)
  await em.nativeDelete(Identity, { user: user.id })
  await endSessions(em, user.id, 'address_proven', clock.now())
}
