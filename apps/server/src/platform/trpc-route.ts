import { TRPCError, type AnyRouter } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { Handler, Response } from 'express'
import superjson from 'superjson'
import { describeError } from './describe-error.ts'
import { LARGEST_BODY, requestIdOf } from './http.ts'
import type { Log } from './log.ts'
import type { CreateContext } from './request-context.ts'

export interface TrpcRouteOptions {
  router: AnyRouter
  maxBatch: number
  log: Log
  createContext: CreateContext
}

const METHODS = ['GET', 'HEAD', 'POST']

/** Whatever becomes of a call, the answer is JSON and not to be kept; tRPC says so only once it has read the request. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }

/** Serves a router below `/trpc`. */
export function createTrpcRoute({ router, maxBatch, log, createContext }: TrpcRouteOptions): Handler {
  const answer = createExpressMiddleware({
    router,
    createContext: ({ req, res }) => createContext(req, res),
    maxBatchSize: maxBatch,
    maxBodySize: LARGEST_BODY,
    responseMeta({ errors }) {
      const retryAfter = errors.map((error) => describeError(error).retryAfter).find((seconds) => seconds !== undefined)
      return { headers: { ...HEADERS, ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }) } }
    },
    onError({ error, path, req }) {
      if (describeError(error).httpStatus < 500) return
      // The cause is what really happened; for a caller's sake the outer error says nothing of it.
      const requestId = req.res ? requestIdOf(req.res) : undefined
      log.error({ err: error.cause ?? error, cause: error.cause?.cause, path, requestId }, 'procedure failed')
    },
  })
  return (req, res, next) => {
    res.set(HEADERS)
    // tRPC makes a fetch `Request` of it first, which throws for TRACE, and reads the body of the others.
    if (!METHODS.includes(req.method)) return refuseMethod(res)
    return answer(req, res, next)
  }
}

function refuseMethod(res: Response): void {
  const { message, ...data } = describeError(new TRPCError({ code: 'METHOD_NOT_SUPPORTED' }))
  const error = superjson.serialize({ message, code: TRPC_ERROR_CODES_BY_KEY.METHOD_NOT_SUPPORTED, data })
  res.status(data.httpStatus).set('Allow', METHODS.join(', ')).json({ error })
}
