import { runPrepared } from '../../platform/database/prepared.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { InvalidCredentials } from '../auth.errors.ts'
import type { LogInInput } from '../auth.schemas.ts'
import { openSessionWithPassword } from './open-session.ts'
import type { OpenedSession } from './opened-session.ts'

const FIND_PASSWORD = { name: 'find-password', text: 'select id, password_hash from users where email = $1' }

/**
 * Opens a session with an email address and a password.
 *
 * An unknown address, an account without a password, and a wrong password take the same work and get the same answer.
 *
 * @throws {InvalidCredentials}
 * @throws {AccountDisabled} only after the correct password.
 * @throws {RateLimited}
 * @throws {Busy} when too many passwords are being hashed.
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
