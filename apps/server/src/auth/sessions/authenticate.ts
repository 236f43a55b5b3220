import type { EntityManager } from '@mikro-orm/postgresql'
import type { Caller } from '../../platform/caller.ts'
import type { Clock } from '../../platform/clock.ts'
import { AccountDisabled, InvalidToken } from '../../platform/errors/errors.ts'
import type { Tokens } from '../credentials/tokens.ts'
import { userView } from '../credentials/user-view.ts'
import { bearerToken } from './bearer-token.ts'
import { createCallerReader } from './read-callers.ts'

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
  const readCaller = createCallerReader(em, clock)

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
