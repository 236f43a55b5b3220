import type { EntityManager } from '@mikro-orm/postgresql'
import type { Caller } from '../../platform/caller.ts'
import type { Clock } from '../../platform/clock.ts'
import { inBatchesByTick } from '../../platform/database/batches.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import { AccountDisabled, InvalidToken } from '../../platform/errors/errors.ts'
import type { AccessClaims, Tokens } from '../credentials/tokens.ts'
import { USER_COLUMNS, userView, type UserRow } from '../credentials/user-view.ts'
import { bearerToken } from './bearer-token.ts'

interface CallerRow extends UserRow {
  /** Whether the user exists. */
  known: boolean
  isOpen: boolean | null
}

const READ_CALLERS = {
  name: 'read-callers',
  text: `select u.id is not null as known, ${USER_COLUMNS}, s.ended_at is null and s.expires_at > $1 as "isOpen"
     from jsonb_to_recordset($2) as claimed (place int, session_id uuid, user_id uuid)
       left join users u on u.id = claimed.user_id
       left join sessions s on s.id = claimed.session_id and s.user_id = u.id
     order by claimed.place`,
}

/**
 * Creates the function that finds the caller of a request from its access token. Every request pays for it, so it is
 * one signature check, and one statement for all tokens that arrive together.
 *
 * It reads the session each time, so ending a session ends its access tokens at the next request. A disabled account
 * gets AccountDisabled even if its sessions have ended.
 *
 * @param em provides the connections only.
 * @returns a function that takes a request's `Authorization` header, and throws InvalidToken or AccountDisabled.
 */
export function createAuthenticator(
  em: EntityManager,
  { tokens, clock }: { tokens: Tokens; clock: Clock },
): (authorization: string | undefined) => Promise<Caller> {
  const readCaller = inBatchesByTick((claims: readonly AccessClaims[]) => {
    const claimed = claims.map(({ sessionId, userId }, place) => ({ place, session_id: sessionId, user_id: userId }))
    return runPrepared<CallerRow>(em, READ_CALLERS, [clock.now(), JSON.stringify(claimed)])
  })

  return async (authorization) => {
    const token = bearerToken(authorization)
    if (!token) throw new InvalidToken()
    const verified = tokens.verifyAccess(token, clock.now())
    if (!verified.ok) throw new InvalidToken()

    const { sessionId } = verified.claims
    const row = await readCaller(verified.claims)
    if (!row.known) throw new InvalidToken()
    if (!row.isActive) throw new AccountDisabled()
    if (!row.isOpen) throw new InvalidToken()

    return { sessionId, user: userView(row) }
  }
}
