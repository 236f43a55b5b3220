import { TRPCError } from '@trpc/server'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { describeError, type ErrorDescription } from '../errors/describe-error.ts'
import { MethodNotAllowed, RouteNotFound } from '../errors/errors.ts'
import type { Log } from '../log.ts'
import { requestIdOf } from './http.ts'
import { requestErrorOf } from './request-body.ts'

/** Answers a plain HTTP route's error as JSON: `{ error: { code, reason, message, fieldErrors?, retryAfter? } }`. */
export function createErrorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    if (res.headersSent) {
      const isClientGone = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
      const level = isClientGone ? 'info' : 'error'
      log[level]({ err: error, requestId: requestIdOf(res) }, 'answer broken off')
      // The client sees a broken connection, and does not take the part that it has for the whole.
      res.destroy()
      return
    }
    const description = describeError(requestErrorOf(error) ?? error)
    if (description.httpStatus >= 500) {
      // The cause of a procedure's error is what really happened. The error itself does not mention it.
      const fault: unknown = error instanceof TRPCError ? (error.cause ?? error) : error
      const cause = fault instanceof Error ? fault.cause : undefined
      log.error({ err: fault, cause, requestId: requestIdOf(res) }, 'request failed')
    }
    sendError(res, description)
  }
}

export const routeNotFound: RequestHandler = (_req, res) => {
  sendError(res, describeError(new RouteNotFound()))
}

/** For a path that exists, but not for this method. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (_req, res) => {
    res.set('Allow', allowed.join(', '))
    sendError(res, describeError(new MethodNotAllowed()))
  }
}

function sendError(res: Response, { httpStatus, ...error }: ErrorDescription): void {
  if (error.retryAfter !== undefined) res.set('Retry-After', String(error.retryAfter))
  if (httpStatus === 401) res.set('WWW-Authenticate', 'Bearer')
  res.status(httpStatus).set('Cache-Control', 'no-store').json({ error })
}
