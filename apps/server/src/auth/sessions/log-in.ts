import { runPrepared } from '../../platform/database/prepared.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { InvalidCredentials } from '../auth.errors.ts'
import type { LogInInput } from '../auth.schemas.ts'
import { openSessionWithPassword } from './open-session.ts'
import type { OpenedSession } from './opened-session.ts'

const FIND_PASSWORD = { name: 'find-password', text: 'select id, password_hash from users where email = $1' }

/**
 * Opens a session with e-mail address and password.
 *
 * An unknown address, an account without password and a wrong password cost the same work and get the same answer.
 *
 * @throws {InvalidCredentials} {AccountDisabled} only after the right password. {RateLimited} {Busy}
 */
export async function logIn(scope: AuthRequestScope, input: LogInInput): Promise<OpenedSession> {
  const { em, auth } = scope
  const guess = await auth.limits.countGuess('password', input.email)
  const [found] = await runPrepared<{ id: string; password_hash: string | null }>(em, FIND_PASSWORD, [input.email])
  const passwordHash = found?.password_hash ?? null
  if (!(await auth.passwords.matches(input.password, passwordHash)) || !found || passwordHash === null)
    throw new InvalidCredentials()
  await guess.wasRight()
  const newHash = auth.passwords.isOutdated(passwordHash) ? await auth.passwords.hash(input.password) : null
  return openSessionWithPassword(scope, { userId: found.id, passwordHash, newHash })
}
