import type { SessionEndReason } from '@tollgate/client'
import { hasUnsaved } from '../parts/unsaved.ts'

/** Ends that a new login of the same user repairs. Not another user's login in this browser, and no disabled account. */
const REPAIRABLE: ReadonlySet<SessionEndReason> = new Set([
  'LOGGED_IN_ELSEWHERE',
  'REFRESH_TOKEN_INVALID',
  'REFRESH_TOKEN_MISSING',
  'REFRESH_TOKEN_REUSED',
])

/** Whether the page stays, because the session has ended in the middle of a form. */
export const keepsPage = (because: SessionEndReason | null): because is SessionEndReason =>
  because !== null && REPAIRABLE.has(because) && hasUnsaved()
