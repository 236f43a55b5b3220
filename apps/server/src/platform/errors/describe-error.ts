import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { DomainError, HTTP_STATUS, type ErrorCode } from './errors.ts'

/** An error as a client may see it. */
export interface ErrorDescription {
  code: ErrorCode
  httpStatus: number
  reason: string
  message: string
  fieldErrors?: Record<string, string>
  retryAfter?: number
}

/**
 * Turns whatever was thrown into what a client may know of it.
 *
 * A fault of ours keeps its text to itself: SQL, stacks and library messages stay in the log.
 */
export function describeError(thrown: unknown): ErrorDescription {
  const error = thrown instanceof TRPCError && thrown.cause instanceof DomainError ? thrown.cause : thrown

  if (error instanceof DomainError) {
    return {
      code: error.code,
      httpStatus: HTTP_STATUS[error.code],
      reason: error.reason,
      message: error.message,
      ...(error.fieldErrors ? { fieldErrors: error.fieldErrors } : {}),
      ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    }
  }
  if (error instanceof TRPCError) return describeTransportError(error)
  return general('INTERNAL_SERVER_ERROR')
}

const GENERAL = {
  NOT_FOUND: { reason: 'UNKNOWN_PROCEDURE', message: 'There is no such procedure.' },
  METHOD_NOT_SUPPORTED: { reason: 'METHOD_NOT_ALLOWED', message: 'This method is not allowed here.' },
  PAYLOAD_TOO_LARGE: { reason: 'PAYLOAD_TOO_LARGE', message: 'The request is too large.' },
  BAD_REQUEST: {
    reason: 'INVALID_INPUT',
    message: 'The request could not be read: its address or its JSON is not valid.',
  },
  INTERNAL_SERVER_ERROR: {
    reason: 'INTERNAL_ERROR',
    message: 'Something went wrong on our side. Please try again later.',
  },
}

const isGeneral = (code: string): code is keyof typeof GENERAL => Object.hasOwn(GENERAL, code)

function general(code: keyof typeof GENERAL): ErrorDescription {
  return { code, httpStatus: HTTP_STATUS[code], ...GENERAL[code] }
}

function describeTransportError(error: TRPCError): ErrorDescription {
  if (error.code === 'BAD_REQUEST' && error.message.startsWith('Batch call exceeds')) {
    return {
      ...general('BAD_REQUEST'),
      reason: 'BATCH_TOO_LARGE',
      message: 'Too many calls in one batch; none of them ran.',
    }
  }
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ZodError) {
    return {
      ...general('BAD_REQUEST'),
      message: 'Some of the values given are not acceptable.',
      fieldErrors: fieldErrorsOf(error.cause),
    }
  }
  if (error.code === 'PARSE_ERROR' || error.code === 'UNSUPPORTED_MEDIA_TYPE') return general('BAD_REQUEST')
  return general(isGeneral(error.code) ? error.code : 'INTERNAL_SERVER_ERROR')
}

/** The first complaint about each field, by its dotted path; one about the whole input stands under the empty path. */
function fieldErrorsOf(error: ZodError): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : ['']
    for (const key of unknown) fields[[...issue.path, key].filter((part) => part !== '').join('.')] ??= issue.message
  }
  return fields
}
