import { LockMode } from '@mikro-orm/core'
import { queueMail } from '../../mail/index.ts'
import { recordAudit } from '../../platform/audit/audit.ts'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import { requesterOf, type AuthRequestScope } from '../auth-scope.ts'
import { RefreshTokenInvalid, RefreshTokenReused } from '../auth.errors.ts'
import { userView } from '../credentials/user-view.ts'
import { RefreshToken } from '../refresh-token.entity.ts'
import { Session } from '../session.entity.ts'
import { User } from '../user.entity.ts'
import { openedSession, type OpenedSession } from './opened-session.ts'
import type { PresentedToken } from './presented-tokens.ts'

/**
 * Answers refresh tokens that could not be rotated. Within the leeway, this is a second tab or a lost response: it
 * gets the family's newest token again, never a second chain. After that it counts as theft and ends the family.
 *
 * With tokens of several sessions, it counts as theft only if none of them opens a session. A token that is left over
 * in another scope of the cookie is not stolen.
 *
 * @param candidates tokens whose signature is verified, one for each session.
 * @throws {RefreshTokenInvalid}
 * @throws {RefreshTokenReused} when a rotated token comes back after the leeway.
 * @throws {AccountDisabled}
 */
export async function repeatRefresh(
  scope: AuthRequestScope,
  candidates: readonly PresentedToken[],
): Promise<OpenedSession> {
  let failure: Error | undefined
  for (const endsFamily of candidates.length > 1 ? [false, true] : [true]) {
    for (const candidate of candidates) {
      const outcome = await repeatOne(scope, candidate, endsFamily)
      if (!(outcome instanceof Error)) return outcome
      failure ??= outcome
    }
  }
  throw failure ?? new RefreshTokenInvalid()
}

/** @returns the error instead of throwing it. Otherwise the end of the family would be rolled back. */
async function repeatOne(
  scope: AuthRequestScope,
  { token: presented, claims }: PresentedToken,
  endsFamily: boolean,
): Promise<OpenedSession | Error> {
  const { clock, auth } = scope
  return scope.em.transactional(async (em): Promise<OpenedSession | Error> => {
    const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
    const session = await em.findOne(Session, { id: claims.sessionId, user: claims.userId }, options)
    const token = await em.findOne(RefreshToken, { jti: claims.jti, session: claims.sessionId }, { refresh: true })
    const user = await em.findOne(User, { id: claims.userId }, { refresh: true })
    const now = clock.now()

    if (!session || !token || !user || !auth.tokens.hashesOf(presented).includes(token.hash)) {
      return new RefreshTokenInvalid()
    }
    if (!user.isActive) return new AccountDisabled()
    if (session.endedReason === 'replaced') return new RefreshTokenInvalid('LOGGED_IN_ELSEWHERE')
    if (session.endedAt || session.expiresAt <= now || !token.rotatedAt) return new RefreshTokenInvalid()
    if (now.getTime() - token.rotatedAt.getTime() > auth.settings.refreshReuseLeeway) {
      if (endsFamily) await endStolenFamily({ ...scope, em }, session, user, now)
      return new RefreshTokenReused()
    }

    const newest = await em.findOne(RefreshToken, { session: session.id, rotatedAt: null })
    if (!newest || newest.expiresAt <= now) return new RefreshTokenInvalid()
    const { jti, issuedAt, expiresAt, keyId } = newest
    const newestClaims = { ...claims, jti, issuedAt, expiresAt }
    const { token: newestToken } = auth.tokens.signRefresh(newestClaims, keyId)
    return openedSession(auth, { token: newestToken, claims: newestClaims }, userView(user), now)
  })
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
    ...{ to: user.email, userId: user.id },
    template: 'sessions-ended',
    props: {
      ...{ username: user.username, at: now.toISOString() },
      ...{ by: requesterOf(request), ended: requesterOf(session) },
    },
  })
}
