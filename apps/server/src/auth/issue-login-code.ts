import { randomInt } from 'node:crypto'
import { after } from '../platform/clock.ts'
import type { AuthScope } from './auth-scope.ts'
import { LoginCode } from './login-code.entity.ts'
import { User } from './user.entity.ts'

/**
 * Makes a new six-digit code and stores its hash; the user's last one is void from then on.
 *
 * @returns null when the account has gone or has been disabled.
 */
export async function issueLoginCode({ em, clock, auth }: AuthScope, userId: string): Promise<string | null> {
  if ((await em.count(User, { id: userId, isActive: true })) === 0) return null
  const code = randomInt(1_000_000).toString().padStart(6, '0')
  const codeHash = await auth.passwords.hash(code)
  const now = clock.now()
  await em.upsert(LoginCode, {
    user: userId,
    codeHash,
    wrongTries: 0,
    createdAt: now,
    expiresAt: after(now, auth.settings.loginCodeTtl),
  })
  return code
}
