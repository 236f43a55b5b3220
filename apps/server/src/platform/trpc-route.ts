import type { AnyRouter } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import type { Handler, Request, Response } from 'express'
import type { Caller } from './caller.ts'
import { describeError } from './describe-error.ts'
import { cookiesOf, requestIdOf, requestInfoOf, type OriginPolicy } from './http.ts'
import type { Log } from './log.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Scope } from './scope.ts'
import type { Context } from './trpc.ts'

const LARGEST_BODY = 100_000

export interface TrpcRouteOptions {
  router: AnyRouter
  maxBatch: number
  origins: OriginPolicy
  limits: RateLimits
  log: Log
  openScope(requestId: string): Scope
  authenticate(scope: Scope, authorization: string | undefined): Promise<Caller>
}

/** Serves a router below `/trpc`. */
export function createTrpcRoute({
  router,
  maxBatch,
  origins,
  limits,
  log,
  openScope,
  authenticate,
}: TrpcRouteOptions): Handler {
  function createContext({ req, res }: { req: Request; res: Response }): Context {
    const request = requestInfoOf(req, res, origins)
    const scope = openScope(request.id)
    let caller: Promise<Caller> | undefined
    return {
      em: scope.em,
      jobs: scope.jobs,
      clock: scope.clock,
      log: scope.log,
      request,
      cookies: cookiesOf(req, res),
      limits,
      authenticate: () => (caller ??= authenticate(scope, request.authorization)),
    }
  }

  return createExpressMiddleware({
    router,
    createContext,
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
