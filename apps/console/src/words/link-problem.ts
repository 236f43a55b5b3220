import { isTollgateError } from '@tollgate/client'
import { explain, explainReason } from './reasons.ts'

/**
 * What is wrong with a mailed link, in words: it is cut off, used, voided or too old.
 *
 * @param token what the link's address holds.
 * @param error what the backend answered to it, if it was asked.
 * @returns null while the link may still work.
 */
export function linkProblem(token: string | null, error: unknown): string | null {
  if (!token) return 'This link is not complete.'
  if (isTollgateError(error, 'TOKEN_INVALID') || isTollgateError(error, 'TOKEN_EXPIRED')) return explain(error)
  const isNoToken = isTollgateError(error, 'INVALID_INPUT') && error.data.fieldErrors?.['token'] !== undefined
  return isNoToken ? explainReason('TOKEN_INVALID') : null
}
