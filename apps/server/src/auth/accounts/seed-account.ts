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
 * Adds a verified account, unless one with this address exists.
 *
 * @param options.restore whether an existing account is reset so that this password works: active, verified, and an
 *   admin if requested. For development, where the password is printed. Never for production.
 */
export async function seedAccount(
  { em, auth, clock }: AuthScope,
  { email: given, username, password, isAdmin }: SeedAccount,
  { restore }: { restore: boolean },
): Promise<'added' | 'restored' | 'unchanged'> {
  const email = EmailAddress.parse(given) // the form in which a login looks for it
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

/** If another account has the username, adds a suffix: users log in with the address. */
async function freeUsername(em: EntityManager, wanted: string): Promise<string> {
  const isTaken = (await em.count(User, { usernameKey: wanted.toLowerCase() })) > 0
  return isTaken ? `${wanted}-${randomBytes(3).toString('hex')}` : wanted
}
