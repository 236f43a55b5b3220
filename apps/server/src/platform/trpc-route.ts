import type { AnyRouter } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import type { Handler } from 'express'
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

/** Serves a router below `/trpc`. */
export function createTrpcRoute({ router, maxBatch, log, createContext }: TrpcRouteOptions): Handler {
  return createExpressMiddleware({
    router,
    createContext: ({ req, res }) => createContext(req, res),
    maxBatchSize: maxBatch,
    maxBodySize: LARGEST_BODY,
    responseMeta({ errors }) {
      const retryAfter = errors.map((error) => describeError(error).retryAfter).find((seconds) => seconds !== undefined)
      return {
        headers: {
          'cache-control': 'no-store',
          ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
        },
      }
    },
    onError({ error, path, req }) {
      if (describeError(error).httpStatus < 500) return
      // The cause is what really happened; for a caller's sake the outer error says nothing of it.
      const requestId = req.res ? requestIdOf(req.res) : undefined
      log.error({ err: error.cause ?? error, cause: error.cause?.cause, path, requestId }, 'procedure failed')
    },
  })
}
