import { errorText, isTollgateError, reasonText } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'

/**
 * Explains why a link from an email does not work: it is incomplete, used, voided or expired.
 *
 * @param token from the link's URL.
 * @param error the backend's answer, if it has been asked.
 * @returns null while the link may still work.
 */
export function linkProblem(token: string | null, error: unknown): string | null {
  if (!token) return t.auth.incompleteLink
  if (isTollgateError(error, 'TOKEN_INVALID') || isTollgateError(error, 'TOKEN_EXPIRED')) return errorText(error)
  const isMalformed = isTollgateError(error, 'INVALID_INPUT') && error.data.fieldErrors?.['token'] !== undefined
  return isMalformed ? reasonText('TOKEN_INVALID') : null
}
