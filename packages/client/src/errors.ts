import { TRPCClientError } from '@trpc/client'
import type { AppRouter, ErrorData, Reason } from './generated/api.ts'

/** An error from the backend. `data.reason` says what went wrong. */
export type TollgateError = TRPCClientError<AppRouter> & { data: ErrorData }

/**
 * Whether the backend answered with an error. False for any other error, such as a lost connection.
 *
 * @param reason narrows the check to this reason.
 */
export function isTollgateError(error: unknown, reason?: Reason): error is TollgateError {
  if (!(error instanceof TRPCClientError)) return false
  const data: unknown = error.data
  if (typeof data !== 'object' || data === null || !('reason' in data)) return false
  return reason === undefined || data.reason === reason
}
