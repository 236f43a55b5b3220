import type { Request, RequestHandler, Response } from 'express'
import type { Log } from '../log.ts'
import { requestIdOf } from './http.ts'

/** Routes that monitoring asks every few seconds. They are logged at level debug. */
const PROBES = new Set<unknown>(['/healthz', '/readyz', '/metrics'])

/**
 * Logs one line per request, when it is answered or the client has gone.
 *
 * A line has only what the server itself knows: never the address as it was sent, because its query string may hold a
 * token.
 */
export function logRequests(log: Log): RequestHandler {
  // The fields are fixed and hold no secret. Looking for secrets in them would take longer than writing them.
  const lines = log.child({}, { redact: [] })
  return (req, res, next) => {
    const startedAt = performance.now()
    res.once('close', () => {
      const route = routeOf(req)
      const line = {
        method: req.method,
        route,
        procedure: noteOf(res, PROCEDURE),
        userId: noteOf(res, USER_ID),
        serviceKeyId: noteOf(res, SERVICE_KEY_ID),
        status: res.statusCode,
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
        requestId: requestIdOf(res),
        aborted: res.writableFinished ? undefined : true,
      }
      if (PROBES.has(route)) lines.debug(line, 'request')
      else lines.info(line, 'request')
    })
    next()
  }
}

/** Adds a procedure to the request's log line; the procedures of a batch are separated by commas. */
export function noteProcedure({ locals }: Response, procedure: string): void {
  const before: unknown = locals[PROCEDURE]
  locals[PROCEDURE] = typeof before === 'string' ? `${before},${procedure}` : procedure
}

/** Adds the user who is calling to the request's log line. */
export function noteUser({ locals }: Response, userId: string): void {
  locals[USER_ID] = userId
}

/** Adds the service key's id to the request's log line. */
export function noteServiceKey({ locals }: Response, keyId: string): void {
  locals[SERVICE_KEY_ID] = keyId
}

const PROCEDURE = 'procedure'
const USER_ID = 'userId'
const SERVICE_KEY_ID = 'serviceKeyId'
const noteOf = (res: Response, name: string): unknown => res.locals[name]

/** The route as it was declared; undefined if there is none. */
function routeOf(req: Request): string | undefined {
  if (req.originalUrl.startsWith('/trpc/')) return '/trpc'
  const declared: unknown = req.route
  const path: unknown = declared instanceof Object ? Reflect.get(declared, 'path') : undefined
  return typeof path === 'string' ? path : undefined
}
