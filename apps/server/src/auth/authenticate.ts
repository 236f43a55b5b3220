import type { EntityManager } from '@mikro-orm/postgresql'
import type { Caller } from '../platform/caller.ts'
import type { Clock } from '../platform/clock.ts'
import { AccountDisabled, InvalidToken } from '../platform/errors.ts'
import { runPrepared } from '../platform/prepared.ts'
import type { Tokens } from './tokens.ts'
import { USER_COLUMNS, viewOfRow, type UserRow } from './user-row.ts'

const READ_CALLER = {
  name: 'read-caller',
  text: `select ${USER_COLUMNS}, s.ended_at is null and s.expires_at > $1 as live
     from users u left join sessions s on s.id = $2 and s.user_id = u.id
     where u.id = $3`,
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
  const [row] = await runPrepared<UserRow & { live: boolean | null }>(em, READ_CALLER, [now, sessionId, userId])
  if (!row) throw new InvalidToken()
  if (!row.is_active) throw new AccountDisabled()
  if (!row.live) throw new InvalidToken()

  return { sessionId, user: viewOfRow(userId, row) }
}
