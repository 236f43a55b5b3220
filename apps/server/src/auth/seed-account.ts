import type { AuthScope } from './auth-scope.ts'
import { Profile } from './profile.entity.ts'
import { User } from './user.entity.ts'

/**
 * Puts a ready account there, verified, unless its address is taken already.
 *
 * @returns whether it was added.
 */
export async function seedAccount(
  { em, auth }: AuthScope,
  account: { email: string; username: string; password: string; isAdmin: boolean },
): Promise<boolean> {
  const { email, username, password, isAdmin } = account
  if (await em.count(User, { $or: [{ email }, { usernameKey: username.toLowerCase() }] })) return false

  const passwordHash = await auth.passwords.hash(password)
  await em.transactional(async (em) => {
    const user = em.create(User, {
      email,
      username,
      usernameKey: username.toLowerCase(),
      passwordHash,
      isVerified: true,
      isAdmin,
    })
    em.create(Profile, { user })
  })
  return true
}
