import { LockMode } from '@mikro-orm/core'
import { queueMail } from '../../mail/index.ts'
import { recordAudit } from '../../platform/audit/audit.ts'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { RefreshTokenInvalid, RefreshTokenReused } from '../auth.errors.ts'
import type { RefreshClaims } from '../credentials/tokens.ts'
import { userView } from '../credentials/user-view.ts'
import { RefreshToken } from '../refresh-token.entity.ts'
import { Session } from '../session.entity.ts'
import { User } from '../user.entity.ts'
import { openedSession, type OpenedSession } from './opened-session.ts'

/**
 * Answers a refresh token that could not be rotated. Within the leeway, this is a second tab or a lost response: it
 * gets the family's newest token again, never a second chain. After that it counts as theft and ends the family.
 *
 * The transaction returns the error, and we throw it afterwards. Otherwise the end of the family would be rolled back.
 *
 * @param claims the claims of the presented token, whose signature is verified.
 * @throws {RefreshTokenInvalid}
 * @throws {RefreshTokenReused} when a rotated token comes back after the leeway.
 * @throws {AccountDisabled}
 */
export async function repeatRefresh(
  scope: AuthRequestScope,
  presented: string,
  claims: RefreshClaims,
): Promise<OpenedSession> {
  const { clock, auth } = scope
  const outcome = await scope.em.transactional(async (em): Promise<OpenedSession | Error> => {
    const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
    const session = await em.findOne(Session, { id: claims.sessionId, user: claims.userId }, options)
    const token = await em.findOne(RefreshToken, { jti: claims.jti, session: claims.sessionId }, { refresh: true })
    const user = await em.findOne(User, { id: claims.userId }, { refresh: true })
    const now = clock.now()

    if (!session || !token || !user || !auth.tokens.hashesOf(presented).includes(token.hash)) {
      return new RefreshTokenInvalid()
    }
    if (!user.isActive) return new AccountDisabled()
    if (session.endedAt || session.expiresAt <= now || !token.rotatedAt) return new RefreshTokenInvalid()
    if (now.getTime() - token.rotatedAt.getTime() > auth.settings.refreshReuseLeeway) {
      await endStolenFamily({ ...scope, em }, session, user, now)
      return new RefreshTokenReused()
    }

    const newest = await em.findOne(RefreshToken, { session: session.id, rotatedAt: null })
    if (!newest || newest.expiresAt <= now) return new RefreshTokenInvalid()
    const { jti, issuedAt, expiresAt, keyId } = newest
    const newestClaims = { ...claims, jti, issuedAt, expiresAt }
    const { token: newestToken } = auth.tokens.signRefresh(newestClaims, keyId)
    return openedSession(auth, { token: newestToken, claims: newestClaims }, userView(user), now)
  })
  if (outcome instanceof Error) throw outcome
  return outcome
}

async function endStolenFamily(scope: AuthRequestScope, session: Session, user: User, now: Date): Promise<void> {
  const { em, request } = scope
  session.endedAt = now
  session.endedReason = 'reused'
  recordAudit(
    scope,
    { actorId: null, requestId: request.id, ip: request.ip },
    {
      ...{ action: 'session.refresh_token_reused', targetType: 'session', targetId: session.id },
      ...{ before: { endedAt: null }, after: { endedAt: now.toISOString() } },
    },
  )
  await em.flush()
  await queueMail(em, scope, {
    fact: `sessions-ended:${session.id}`,
    to: user.email,
    template: 'sessions-ended',
    props: { username: user.username, at: now.toISOString() },
  })
}
