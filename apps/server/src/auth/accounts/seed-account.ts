import { randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuthScope } from '../auth-scope.ts'
import { EmailAddress } from '../auth.schemas.ts'
import { Profile } from '../profile.entity.ts'
import { User } from '../user.entity.ts'

export interface SeedAccount {
  email: string
  username: string
  password: string
  isAdmin: boolean
}

/**
 * Puts a ready account there, verified. One that has the address already stays as it is, or is made ready again.
 *
 * @param options.restore makes sure that one can log in with this password and act as said, whatever has become of the
 *   account: for development, where the password is printed. Never for production.
 */
export async function seedAccount(
  { em, auth, clock }: AuthScope,
  { email: given, username, password, isAdmin }: SeedAccount,
  { restore }: { restore: boolean },
): Promise<'added' | 'restored' | 'unchanged'> {
  const email = EmailAddress.parse(given) // as log-ins look for it
  const existing = await em.findOne(User, { email })
  if (existing && (!restore || (await isReady(existing)))) return 'unchanged'

  const passwordHash = await auth.passwords.hash(password)
  const now = clock.now()
  if (existing) {
    const ready = { passwordHash, isActive: true, isVerified: true, isAdmin: existing.isAdmin || isAdmin }
    await em.nativeUpdate(User, { id: existing.id }, { ...ready, updatedAt: now })
    return 'restored'
  }
  await em.transactional(async (em) => {
    const free = await freeUsername(em, username)
    const usernameKey = free.toLowerCase()
    const user = em.create(User, {
      ...{ email, username: free, usernameKey, passwordHash, isVerified: true, isAdmin },
      ...{ createdAt: now, updatedAt: now },
    })
    em.create(Profile, { user, updatedAt: now })
  })
  return 'added'

  async function isReady(user: User): Promise<boolean> {
    if (!user.isActive || !user.isVerified || (isAdmin && !user.isAdmin)) return false
    return auth.passwords.matches(password, user.passwordHash ?? null)
  }
}

/** Somebody else may have the name; the address is what one logs in with. */
async function freeUsername(em: EntityManager, wanted: string): Promise<string> {
  const isTaken = (await em.count(User, { usernameKey: wanted.toLowerCase() })) > 0
  return isTaken ? `${wanted}-${randomBytes(3).toString('hex')}` : wanted
}
