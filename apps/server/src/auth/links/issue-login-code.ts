import { randomInt } from 'node:crypto'
import { after } from '../../platform/clock.ts'
import type { AuthScope } from '../auth-scope.ts'

/**
 * Creates a new six-digit code and stores its hash. It replaces the user's previous code.
 *
 * The statement that stores the code also checks the account, under a lock. The address may have changed since the mail
 * was queued, and a code sent to the old address must not open the account.
 *
 * @param input.email the address that will get the code.
 * @returns null when the account is gone or disabled, or no longer has that address.
 */
export async function issueLoginCode(
  { em, clock, auth }: AuthScope,
  input: { userId: string; email: string },
): Promise<string | null> {
  const code = randomInt(1_000_000).toString().padStart(6, '0')
  const codeHash = await auth.passwords.hash(code)
  const now = clock.now()
  const stored = await em.execute<unknown[]>(
    `with owner as (
       select id from users where id = ? and email = ? and is_active for update
     )
     insert into login_codes (user_id, code_hash, wrong_tries, created_at, expires_at)
     select id, ?, 0, ?, ? from owner
     on conflict (user_id) do update set code_hash = excluded.code_hash, wrong_tries = 0,
       created_at = excluded.created_at, expires_at = excluded.expires_at
     returning user_id`,
    [input.userId, input.email, codeHash, now, after(now, auth.settings.loginCodeTtl)],
  )
  return stored.length > 0 ? code : null
}
