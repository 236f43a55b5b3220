import { TRPCClientError } from '@trpc/client'
import type { AppRouter, ErrorData, Reason } from './generated/api.ts'

/** An error that the backend answered with: what went wrong stands in `data.reason`. */
export type TollgateError = TRPCClientError<AppRouter> & { data: ErrorData }

/**
 * Tells the backend's own answers from everything else that may be thrown, such as a lost connection.
 *
 * @param reason asks for this one reason only.
 */
export function isTollgateError(error: unknown, reason?: Reason): error is TollgateError {
  if (!(error instanceof TRPCClientError)) return false
  const data: unknown = error.data
  if (typeof data !== 'object' || data === null || !('reason' in data)) return false
  return reason === undefined || data.reason === reason
}
