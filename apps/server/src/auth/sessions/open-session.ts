import type { EntityManager } from '@mikro-orm/postgresql'
import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { InvalidCredentials } from '../auth.errors.ts'
import type { SessionView, UserView } from '../auth.schemas.ts'
import { USER_COLUMNS, userView, type UserRow } from '../credentials/user-view.ts'
import type { User } from '../user.entity.ts'

/** What a log-in or a refresh gives: the answer's body, and the token for the cookie. */
export interface OpenedSession {
  session: SessionView
  refreshToken: string
  refreshExpiresAt: Date
}

/** Opens a session for an active user whose row the transaction has locked, and under policy `single` ends the others. */
export async function openSession(em: EntityManager, scope: AuthRequestScope, user: User): Promise<OpenedSession> {
  const draft = draftSession(scope, user.id)
  await em.execute(`select from open_session(${draft.values.map(() => '?').join(', ')})`, draft.values)
  return draft.openedFor(userView(user))
}

const OPEN_WITH_PASSWORD = {
  name: 'open-session-with-password',
  text: `select ${USER_COLUMNS} from open_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) u`,
}

/**
 * The same for a user who has shown the password with this hash, in a transaction of its own: a reset or a
 * deactivation that came in between wins.
 *
 * @param newHash replaces the hash, if it was made with a weaker setting than today's.
 * @throws {InvalidCredentials} {AccountDisabled}
 */
export async function openSessionWithPassword(
  scope: AuthRequestScope,
  { userId, passwordHash, newHash }: { userId: string; passwordHash: string; newHash: string | undefined },
): Promise<OpenedSession> {
  const draft = draftSession(scope, userId, passwordHash, newHash)
  const [row] = await runPrepared<UserRow>(scope.em, OPEN_WITH_PASSWORD, draft.values)
  if (!row) throw new InvalidCredentials()
  if (!row.isActive) throw new AccountDisabled()
  return draft.openedFor(userView(row))
}

/** A session that is still to be written. @returns the arguments of the function `open_session`, and the answer. */
function draftSession(
  { clock, request, auth: { tokens, settings } }: AuthRequestScope,
  userId: string,
  passwordHash: string | null = null,
  newHash: string | null = null,
) {
  const now = clock.now()
  const sessionId = newId()
  const claims = {
    jti: newId(),
    userId,
    sessionId,
    issuedAt: now,
    expiresAt: after(now, Math.min(settings.refreshTokenTtl, settings.sessionMaxAge)),
    sessionExpiresAt: after(now, settings.sessionMaxAge),
  }
  const { token, keyId } = tokens.signRefresh(claims)
  return {
    values: [
      ...[userId, passwordHash, newHash, settings.sessionPolicy === 'single', now],
      ...[sessionId, request.ip, request.userAgent, claims.sessionExpiresAt],
      ...[claims.jti, tokens.hashRefresh(token, keyId), keyId, claims.expiresAt],
    ],
    openedFor(user: UserView): OpenedSession {
      const access = tokens.signAccess({ userId, sessionId }, now, settings.accessTokenTtl)
      return {
        session: { accessToken: access.token, tokenType: 'Bearer', expiresAt: access.expiresAt, user },
        refreshToken: token,
        refreshExpiresAt: claims.expiresAt,
      }
    },
  }
}
