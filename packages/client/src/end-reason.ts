import { isTollgateError } from './errors.ts'
import type { Reason } from './generated/api.ts'

const ENDING = [
  'ACCOUNT_DISABLED',
  'ORIGIN_NOT_ALLOWED',
  'REFRESH_TOKEN_INVALID',
  'REFRESH_TOKEN_MISSING',
  'REFRESH_TOKEN_REUSED',
  'REPLACED',
] as const satisfies readonly Reason[]

/**
 * Why a session ended. `REPLACED`: another user has logged in in this browser. `LOGGED_IN_ELSEWHERE`: a login on another
 * device ended it (`SESSION_POLICY=single`). The others are the backend's reasons.
 */
export type SessionEndReason = (typeof ENDING)[number] | 'LOGGED_IN_ELSEWHERE'

/** @returns null for an error that doesn't end a session, such as a lost connection. Only the backend can end one. */
export function endReasonOf(error: unknown): SessionEndReason | null {
  if (!isTollgateError(error) || (error.data.httpStatus !== 401 && error.data.httpStatus !== 403)) return null
  const { reason, endedBecause } = error.data
  return endedBecause ?? ENDING.find((ending) => ending === reason) ?? 'REFRESH_TOKEN_INVALID'
}
