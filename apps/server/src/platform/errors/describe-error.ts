import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import {
  BatchTooLarge,
  DomainError,
  HTTP_STATUS,
  InternalError,
  InvalidInput,
  MethodNotAllowed,
  PayloadTooLarge,
  UnknownProcedure,
  UnreadableRequest,
  UnsupportedMediaType,
  type ErrorCode,
} from './errors.ts'
import { issueWords } from './issue-words.ts'

/** What a client may know of an error. */
export interface ErrorDescription {
  code: ErrorCode
  httpStatus: number
  reason: string
  message: string
  fieldErrors?: Record<string, string>
  retryAfter?: number
  unlockedBy?: { planCode: string }
  endedBecause?: 'LOGGED_IN_ELSEWHERE'
}

/**
 * Describes anything that was thrown as a client may see it.
 *
 * A fault of the server keeps its text to itself: SQL, stacks, and library messages stay in the log.
 */
export function describeError(thrown: unknown): ErrorDescription {
  const error = thrown instanceof TRPCError && thrown.cause instanceof DomainError ? thrown.cause : thrown
  const known = error instanceof TRPCError ? transportError(error) : error
  return describe(known instanceof DomainError ? known : new InternalError())
}

function describe(error: DomainError): ErrorDescription {
  return {
    code: error.code,
    httpStatus: HTTP_STATUS[error.code],
    reason: error.reason,
    message: error.message,
    ...(error.fieldErrors ? { fieldErrors: error.fieldErrors } : {}),
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    ...(error.unlockedBy ? { unlockedBy: error.unlockedBy } : {}),
    ...(error.endedBecause ? { endedBecause: error.endedBecause } : {}),
  }
}

/** What tRPC itself refuses calls for. */
const BY_CODE: Partial<Record<TRPCError['code'], DomainError>> = {
  NOT_FOUND: new UnknownProcedure(),
  METHOD_NOT_SUPPORTED: new MethodNotAllowed(),
  PAYLOAD_TOO_LARGE: new PayloadTooLarge(),
  BAD_REQUEST: new UnreadableRequest(),
  PARSE_ERROR: new UnreadableRequest(),
  UNSUPPORTED_MEDIA_TYPE: new UnsupportedMediaType(),
}

/** @returns undefined for an error that is not the caller's fault. */
function transportError({ code, message, cause }: TRPCError): DomainError | undefined {
  if (code === 'BAD_REQUEST' && message.startsWith('Batch call exceeds')) return new BatchTooLarge()
  if (code === 'BAD_REQUEST' && cause instanceof ZodError) return new InvalidInput(fieldErrorsOf(cause))
  return BY_CODE[code]
}

/** The first issue of each field, by its dotted path. The empty path stands for the whole input. */
function fieldErrorsOf(error: ZodError): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : ['']
    const words = issue.code === 'unrecognized_keys' ? 'is unknown' : issueWords(issue)
    for (const key of unknown) fields[[...issue.path, key].filter((part) => part !== '').join('.')] ??= words
  }
  return fields
}
