import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import { handOverToOwner } from '../accounts/hand-over-to-owner.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { CodeInvalid } from '../auth.errors.ts'
import type { LogInWithCodeInput } from '../auth.schemas.ts'
import { lockUser } from '../links/lock-user.ts'
import { openSession } from '../sessions/open-session.ts'
import type { OpenedSession } from '../sessions/opened-session.ts'

/** Maximum tries for one code. After that, even the correct code fails. */
const TRIES = 5

/**
 * Opens a session with a mailed code. The code works once and verifies the address.
 *
 * @throws {CodeInvalid} when the address is unknown, the code is wrong, expired, or used, or there were too many tries.
 * @throws {AccountDisabled} only after the correct code.
 * @throws {RateLimited}
 * @throws {Busy} when too many codes and passwords are being hashed.
 */
export async function logInWithCode(scope: AuthRequestScope, input: LogInWithCodeInput): Promise<OpenedSession> {
  const { em, auth } = scope
  const guess = await auth.limits.countGuess('code', input.email)
  const code = await takeTry(scope, input.email)
  if (!(await auth.passwords.matches(input.code, code?.code_hash ?? null)) || !code) throw new CodeInvalid()
  await guess.wasRight()

  return em.transactional(async (em) => {
    const user = await lockUser(em, code.user_id)
    if (!user || !(await useUp(em, code))) throw new CodeInvalid()
    if (!user.isActive) throw new AccountDisabled()
    if (!user.isVerified) await handOverToOwner(em, scope, user)
    return openSession(em, scope, user)
  })
}

interface CodeRow {
  user_id: string
  code_hash: string
}

/** Counts a try before the code is checked, so that simultaneous guesses can't exceed the maximum. */
async function takeTry({ em, clock }: AuthRequestScope, email: string): Promise<CodeRow | undefined> {
  const [row] = await em.execute<CodeRow[]>(
    `update login_codes c set wrong_tries = wrong_tries + 1 from users u
     where u.email = ? and c.user_id = u.id and c.wrong_tries < ? and c.expires_at > ?
     returning c.user_id, c.code_hash`,
    [email, TRIES, clock.now()],
  )
  return row
}

/** Uses up a code. @returns false when a simultaneous request has used it. */
async function useUp(em: EntityManager, { user_id, code_hash }: CodeRow): Promise<boolean> {
  const used = await em.execute<unknown[]>(
    'delete from login_codes where user_id = ? and code_hash = ? returning user_id',
    [user_id, code_hash],
  )
  return used.length > 0
}
