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
