import { TRPCError } from '@trpc/server'
import { DomainError, type ErrorCode } from '../../platform/errors/errors.ts'
import type { ExtensionConfig } from '../extension.schemas.ts'

type Reasons = NonNullable<ExtensionConfig['reasons']>

/** An error with a reason of the configuration. */
class OwnError extends DomainError {
  readonly reason: string
  readonly code: ErrorCode

  constructor(reason: string, { code, message }: Reasons[string]) {
    super(message)
    this.reason = reason
    this.code = code
  }
}

/** Creates the function that makes the configuration's errors. An unknown reason is a fault of the configuration. */
export function createOwnErrors(reasons: Reasons): (reason: string) => Error {
  return (reason) => {
    const known = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined
    return known ? new OwnError(reason, known) : new Error(`The configuration has no reason ${reason}.`)
  }
}

/** tRPC uses these codes for a call that has no procedure, or that it can't read. */
const MISLEADING: readonly string[] = ['NOT_FOUND', 'METHOD_NOT_SUPPORTED', 'BAD_REQUEST']

/**
 * Turns a tRPC error that the configuration has thrown into a fault: its code would otherwise tell the caller that
 * there is no such procedure, or that the request is malformed.
 */
export function asFault<Result extends { readonly ok: boolean }>(result: Result): Result {
  if (!('error' in result) || !(result.error instanceof TRPCError)) return result
  const { code, cause, message } = result.error
  const isBadInput = code === 'BAD_REQUEST' && cause !== undefined
  if (isBadInput || cause instanceof DomainError || !MISLEADING.includes(code)) return result
  throw new Error(`The configuration has thrown a TRPCError (${code}: ${message}). Throw kit.error('YOUR_REASON').`)
}
