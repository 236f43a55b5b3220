import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuthScope } from '../auth-scope.ts'
import { Identity } from '../identity.entity.ts'
import { voidTokens } from '../links/void-tokens.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import type { User } from '../user.entity.ts'

/**
 * Against an account that was opened in advance with somebody else's address: whoever set the password, opened the
 * sessions and linked other log-ins had not shown that the address is theirs, so all of it goes before the owner
 * comes in.
 *
 * @param user whose row the transaction has locked, and whose address has just been proven.
 */
export async function handOverToOwner(em: EntityManager, { clock }: AuthScope, user: User): Promise<void> {
  user.passwordHash = null
  user.isVerified = true
  await em.flush()
  await voidTokens(em, user.id)
  await em.nativeDelete(Identity, { user: user.id })
  await endSessions(em, user.id, 'address_proven', clock.now())
}
