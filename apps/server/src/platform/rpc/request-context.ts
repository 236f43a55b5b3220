import type { Request, Response } from 'express'
import type { Caller, ServiceCaller } from '../caller.ts'
import { cookiesOf, requestInfoOf, type OriginPolicy } from '../http/http.ts'
import { noteProcedure, noteServiceKey, noteUser } from '../http/request-log.ts'
import type { RateLimits } from '../limits/rate-limits.ts'
import type { Metrics } from '../metrics.ts'
import type { Scope } from '../scope.ts'
import type { Context } from './trpc.ts'

export interface RequestContextOptions {
  origins: OriginPolicy
  limits: RateLimits
  metrics: Metrics
  openScope(requestId: string): Scope
  authenticate(authorization: string | undefined): Promise<Caller>
  authenticateService(authorization: string | undefined): Promise<ServiceCaller>
}

/** Makes the context for a request's procedures, whether the request uses tRPC or REST. */
export type CreateContext = (req: Request, res: Response) => Context

export function createRequestContexts({
  origins,
  limits,
  metrics,
  openScope,
  authenticate,
  authenticateService,
}: RequestContextOptions): CreateContext {
  return (req, res) => {
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
      metrics: {
        procedureCalled(procedure, outcome, milliseconds) {
          noteProcedure(res, procedure)
          metrics.procedureCalled(procedure, outcome, milliseconds)
        },
      },
      authenticate: () => (caller ??= noted(authenticate(request.authorization), res)),
      async authenticateService() {
        const service = await authenticateService(request.authorization)
        noteServiceKey(res, service.keyId)
        return service
      },
    }
  }
}

function noted(caller: Promise<Caller>, res: Response): Promise<Caller> {
  void caller.then(
    ({ user }) => noteUser(res, user.id),
    () => undefined, // the procedure reports it
  )
  return caller
}
