import { callTRPCProcedure as callProcedure, type AnyTRPCRouter as AnyRouter } from '@trpc/server'
import express, { type RequestHandler, type Response, type Router } from 'express'
import type { Brand } from '../platform/brand/brand.ts'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import type { CreateContext } from '../platform/rpc/request-context.ts'
import type { AppRouter, ServiceRouter } from '../router.ts'
import { bindOperation, type BoundOperation } from './bind-operation.ts'
import { createPageLook } from './docs-style.ts'
import { createDocsRoutes } from './docs.routes.ts'
import { createHomeRoutes } from './home.routes.ts'
import { openVerifyPage, VERIFY_PATH } from './open-verify-page.ts'
import { createOpenApiDocument } from './openapi.ts'
import { operations } from './operations.ts'
import { createPayRoutes } from './pay.routes.ts'
import { inputReader } from './read-input.ts'
import { serviceOperations } from './service-operations.ts'

export interface RestOptions {
  router: AppRouter
  /** What other programs may ask for. */
  services: ServiceRouter
  createContext: CreateContext
  apiUrl: string
  webUrl: string
  brand: Brand
}

/**
 * Serves the typed API as REST. The same procedures do the work, so guards, rules, and limits are the same. Its
 * description is at `GET /openapi.json` for programs and `GET /docs` for people.
 */
export function createRestRoutes({ router, services, createContext, apiUrl, webUrl, brand }: RestOptions): Router {
  const look = createPageLook(brand)
  const ofUsers = operations.map((operation) => bindOperation(router, operation))
  const ofServices = serviceOperations.map((operation) => bindOperation(services, operation))
  const bound = [...ofUsers, ...ofServices]
  const routes = express.Router()
  const methods = new Map<string, string[]>([[VERIFY_PATH, ['GET', 'HEAD']]])
  routes.get(VERIFY_PATH, openVerifyPage(webUrl))
  // A request is compared with one route after the other. Those that programs call all the time come first.
  for (const operation of [...ofServices, ...ofUsers]) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1')
    const source = operation.meta.guard === 'service' ? services : router
    routes[operation.method](path, serve(source, operation, createContext))
    const known = methods.get(path) ?? []
    methods.set(path, [...known, ...(operation.method === 'get' ? ['GET', 'HEAD'] : [operation.method.toUpperCase()])])
  }
  // `/sessions/revoke-others` has methods of its own, and would otherwise be refused as a `/sessions/:id`.
  const fixedFirst = [...methods].toSorted(([one], [other]) => Number(one.includes(':')) - Number(other.includes(':')))
  for (const [path, allowed] of fixedFirst) routes.all(path, methodNotAllowed(...allowed))
  routes.use(createPayRoutes({ router, createContext, webUrl, look }))
  routes.use(createHomeRoutes({ apiUrl, webUrl }, look))
  routes.use(createDocsRoutes(() => createOpenApiDocument(bound, { apiUrl, webUrl, brand }), look))
  return routes
}

function serve(router: AnyRouter, operation: BoundOperation, createContext: CreateContext): RequestHandler {
  const { procedure: path, type, status = 200, none: None } = operation
  const readInput = inputReader(operation)

  return async (req, res) => {
    const output: unknown = await callProcedure({
      router,
      path,
      type,
      ctx: createContext(req, res),
      getRawInput: () => readInput(req, res), // after the guards, as with tRPC
      signal: whenLeft(res),
      batchIndex: 0,
    })
    if (None && output === null) throw new None()
    res.status(status).set('Cache-Control', 'no-store')
    if (status === 204) res.end()
    else res.json(output)
  }
}

/** Aborts when the connection is closed, so that nothing waits for a client that has left. */
function whenLeft(res: Response): AbortSignal {
  const left = new AbortController()
  // Not after every answer: to abort makes an exception, which costs as much as reading the request.
  res.once('close', () => {
    if (!res.writableFinished) left.abort()
  })
  return left.signal
}
