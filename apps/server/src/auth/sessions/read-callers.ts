import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../../platform/clock.ts'
import { inBatchesByTick } from '../../platform/database/batches.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import type { AccessClaims } from '../credentials/tokens.ts'
import { USER_COLUMNS, type UserRow } from '../credentials/user-view.ts'

/** The user and the session of an access token, as they are now. */
export interface CallerRow extends UserRow {
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
 * Creates the function that reads the user and the session of an access token. All that arrive together share one
 * statement.
 *
 * @param em provides the connections only.
 */
export function createCallerReader(em: EntityManager, clock: Clock): (claims: AccessClaims) => Promise<CallerRow> {
  return inBatchesByTick((claims: readonly AccessClaims[]) => {
    const claimed = claims.map(({ sessionId, userId }, place) => ({ place, session_id: sessionId, user_id: userId }))
    return runPrepared<CallerRow>(em, READ_CALLERS, [clock.now(), JSON.stringify(claimed)])
  })
}
