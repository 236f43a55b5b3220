import type { EntityManager } from '@mikro-orm/postgresql'
import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { InvalidCredentials } from '../auth.errors.ts'
import type { RefreshClaims } from '../credentials/tokens.ts'
import { USER_COLUMNS, userView, type UserRow } from '../credentials/user-view.ts'
import type { User } from '../user.entity.ts'
import { openedSession, type OpenedSession } from './opened-session.ts'

/**
 * The arguments of `open_session`, by name. This function in the database does all of a login's writes in one round
 * trip: it locks the user's row, may replace the password hash, may end the other sessions, and inserts a session with
 * its first refresh token. It returns the user's row; for a disabled user it writes nothing.
 *
 * Its SQL is in migrations/0010-session-without-last-use.ts: changing what a login writes takes a new migration.
 */
const ARGUMENTS = [
  'of_user',
  'with_hash', // or null; if it is no longer the user's hash, nothing is written and no row returned
  'new_hash', // replaces the user's hash, unless null
  'ends_others', // whether the user's other sessions end, as `replaced`
  'opened_at',
  'new_session', // the session's id
  'from_ip',
  'from_user_agent',
  'session_ends_at', // the session's absolute end
  'new_jti', // the refresh token's id
  'token_hash',
  'token_key', // the id of the secret that signed the refresh token
  'token_ends_at',
] as const
type Arguments = Readonly<Record<(typeof ARGUMENTS)[number], string | boolean | Date | null>>

/** @param placeholder the placeholder of the nth argument, counted from 1. */
const callOf = (placeholder: (nth: number) => string) =>
  `open_session(${ARGUMENTS.map((name, index) => `${name} => ${placeholder(index + 1)}`).join(', ')})`
const valuesOf = (given: Arguments) => ARGUMENTS.map((name) => given[name])

const OPEN_IN_TRANSACTION = `select from ${callOf(() => '?')}`
const OPEN_WITH_PASSWORD = {
  name: 'open-session-with-password',
  text: `select ${USER_COLUMNS} from ${callOf((nth) => `$${nth}`)} u`,
}

/**
 * Opens a session for an active user whose row the transaction has locked. Policy `single` ends their other sessions.
 */
export async function openSession(em: EntityManager, scope: AuthRequestScope, user: User): Promise<OpenedSession> {
  const { refresh, given, now } = newSession(scope, { userId: user.id, passwordHash: null, newHash: null })
  await em.execute(OPEN_IN_TRANSACTION, valuesOf(given))
  return openedSession(scope.auth, refresh, userView(user), now)
}

/**
 * Opens a session in its own transaction for a user whose password matched this hash. If the password was reset or the
 * account disabled in between, no session is opened.
 *
 * @param newHash replaces the hash if that was made with weaker parameters than today's; otherwise null.
 * @throws {InvalidCredentials} when the hash is no longer the user's.
 * @throws {AccountDisabled}
 */
export async function openSessionWithPassword(
  scope: AuthRequestScope,
  login: { userId: string; passwordHash: string; newHash: string | null },
): Promise<OpenedSession> {
  const { refresh, given, now } = newSession(scope, login)
  const [row] = await runPrepared<UserRow>(scope.em, OPEN_WITH_PASSWORD, valuesOf(given))
  if (!row) throw new InvalidCredentials()
  if (!row.isActive) throw new AccountDisabled()
  return openedSession(scope.auth, refresh, userView(row), now)
}

/** Creates a session's ids and its first refresh token, and says what to write. */
function newSession(
  { clock, request, auth: { tokens, settings } }: AuthRequestScope,
  { userId, passwordHash, newHash }: { userId: string; passwordHash: string | null; newHash: string | null },
) {
  const now = clock.now()
  const claims: RefreshClaims = {
    jti: newId(),
    userId,
    sessionId: newId(),
    issuedAt: now,
    expiresAt: after(now, Math.min(settings.refreshTokenTtl, settings.sessionMaxAge)),
    sessionExpiresAt: after(now, settings.sessionMaxAge),
  }
  const { token, keyId } = tokens.signRefresh(claims)
  const given: Arguments = {
    of_user: userId,
    with_hash: passwordHash,
    new_hash: newHash,
    ends_others: settings.sessionPolicy === 'single',
    opened_at: now,
    new_session: claims.sessionId,
    from_ip: request.ip,
    from_user_agent: request.userAgent,
    session_ends_at: claims.sessionExpiresAt,
    new_jti: claims.jti,
    token_hash: tokens.hashRefresh(token, keyId),
    token_key: keyId,
    token_ends_at: claims.expiresAt,
  }
  return { refresh: { token, claims }, given, now }
}
