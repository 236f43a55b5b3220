import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { describeError, type ErrorDescription } from './describe-error.ts'
import { DomainError } from './errors.ts'
import { requestIdOf } from './http.ts'
import type { Log } from './log.ts'

/** Answers a raw route's error as JSON: `{ error: { code, reason, message, fieldErrors?, retryAfter? } }`. */
export function createErrorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error)
    const description = isTooLarge(error) ? tooLarge : isUnreadable(error) ? unreadable : describeError(error)
    if (description.httpStatus >= 500) log.error({ err: error, requestId: requestIdOf(res) }, 'request failed')
    sendError(res, description)
  }
}

class RouteNotFound extends DomainError {
  readonly reason = 'NOT_FOUND'
  readonly code = 'NOT_FOUND'
}

export const routeNotFound: RequestHandler = (_req, res) => {
  sendError(res, describeError(new RouteNotFound('There is nothing at this address.')))
}

class MethodNotAllowed extends DomainError {
  readonly reason = 'METHOD_NOT_ALLOWED'
  readonly code = 'METHOD_NOT_SUPPORTED'
}

/** For a path that is there, but not for this method. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (_req, res) => {
    res.set('Allow', allowed.join(', '))
    sendError(res, describeError(new MethodNotAllowed('This method is not allowed here.')))
  }
}

function sendError(res: Response, { httpStatus, ...error }: ErrorDescription): void {
  if (error.retryAfter !== undefined) res.set('Retry-After', String(error.retryAfter))
  res.status(httpStatus).set('Cache-Control', 'no-store').json({ error })
}

const tooLarge: ErrorDescription = {
  code: 'PAYLOAD_TOO_LARGE',
  httpStatus: 413,
  reason: 'PAYLOAD_TOO_LARGE',
  message: 'The request is too large.',
}
const unreadable: ErrorDescription = {
  code: 'BAD_REQUEST',
  httpStatus: 400,
  reason: 'INVALID_INPUT',
  message: 'The request could not be read.',
}

/** Errors of Express's own body readers and router carry the status they stand for. */
const statusOf = (error: unknown): unknown =>
  typeof error === 'object' && error && 'status' in error ? error.status : 0
const isTooLarge = (error: unknown): boolean => statusOf(error) === 413
const isUnreadable = (error: unknown): boolean => {
  const status = statusOf(error)
  return !(error instanceof DomainError) && typeof status === 'number' && status >= 400 && status < 500
}
