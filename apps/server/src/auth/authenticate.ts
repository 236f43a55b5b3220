import type { EntityManager } from '@mikro-orm/postgresql'
import type { Caller } from '../platform/caller.ts'
import type { Clock } from '../platform/clock.ts'
import { AccountDisabled, InvalidToken } from '../platform/errors.ts'
import type { Tokens } from './tokens.ts'

interface Row {
  email: string
  username: string
  is_verified: boolean
  is_active: boolean
  is_admin: boolean
  provider: Caller['user']['provider']
  created_at: string
  live: boolean | null
}

/**
 * Finds out who holds an access token: one signature check and one statement, since every request pays for it.
 *
 * The session is read each time, so that an ended one ends its access tokens at the next request; a disabled account
 * is told so whatever became of its sessions.
 *
 * @param authorization the request's `Authorization` header.
 * @throws {InvalidToken} {AccountDisabled}
 */
export async function authenticate(
  em: EntityManager,
  { tokens, clock }: { tokens: Tokens; clock: Clock },
  authorization: string | undefined,
): Promise<Caller> {
  const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1]
  if (!token) throw new InvalidToken()
  const now = clock.now()
  const verified = tokens.verifyAccess(token, now)
  if (!verified.ok) throw new InvalidToken()

  const { userId, sessionId } = verified.claims
  const [row] = await em.execute<Row[]>(
    `select u.email, u.username, u.is_verified, u.is_active, u.is_admin, u.provider, u.created_at,
            s.ended_at is null and s.expires_at > ? as live
     from users u left join sessions s on s.id = ? and s.user_id = u.id
     where u.id = ?`,
    [now, sessionId, userId],
  )
  if (!row) throw new InvalidToken()
  if (!row.is_active) throw new AccountDisabled()
  if (!row.live) throw new InvalidToken()

  const { email, username, provider } = row
  return {
    sessionId,
    user: {
      id: userId,
      email,
      username,
      isVerified: row.is_verified,
      isActive: row.is_active,
      isAdmin: row.is_admin,
      provider,
      createdAt: new Date(row.created_at),
    },
  }
}
