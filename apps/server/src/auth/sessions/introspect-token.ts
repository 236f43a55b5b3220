import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../../platform/clock.ts'
import type { UserView } from '../auth.schemas.ts'
import type { Tokens } from '../credentials/tokens.ts'
import { userView } from '../credentials/user-view.ts'
import { createCallerReader } from './read-callers.ts'

/** What is true of an access token now. */
export type Introspection = { active: false } | { active: true; user: UserView; sessionId: string; expiresAt: Date }

/**
 * Creates the function that says whether an access token would be accepted now, and whose it is. It reads the session
 * each time. No reason is given for a token that would be refused.
 *
 * @param em provides the connections only.
 */
export function createIntrospection(
  em: EntityManager,
  { tokens, clock }: { tokens: Tokens; clock: Clock },
): (token: string) => Promise<Introspection> {
  const readCaller = createCallerReader(em, clock)

  return async (token) => {
    const verified = tokens.verifyAccess(token, clock.now())
    if (!verified.ok) return { active: false }
    const { sessionId, expiresAt } = verified.claims
    const row = await readCaller(verified.claims)
    if (!row.known || !row.isActive || !row.isOpen) return { active: false }
    return { active: true, user: userView(row), sessionId, expiresAt }
  }
}
