import { callTRPCProcedure as callProcedure } from '@trpc/server'
import express, { type RequestHandler, type Router } from 'express'
import { methodNotAllowed } from '../platform/error-response.ts'
import type { CreateContext } from '../platform/request-context.ts'
import type { AppRouter } from '../router.ts'
import { accountOperations } from './account-operations.ts'
import { billingOperations } from './billing-operations.ts'
import { bindOperation, type BoundOperation } from './bind-operation.ts'
import { inputReader } from './read-input.ts'

export interface RestOptions {
  router: AppRouter
  createContext: CreateContext
  webUrl: string
}

/** The typed API once more, as REST: same guards, rules and limits, since the same procedures do the work. */
export function createRestRoutes({ router, createContext, webUrl }: RestOptions): Router {
  const operations = [...accountOperations, ...billingOperations].map((operation) => bindOperation(router, operation))
  const routes = express.Router()
  const methods = new Map<string, string[]>([[VERIFY_PATH, ['GET', 'HEAD']]])
  routes.get(VERIFY_PATH, sendToVerifyPage(webUrl))
  for (const operation of operations) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1')
    routes[operation.method](path, serve(router, operation, createContext))
    const known = methods.get(path) ?? []
    methods.set(path, [...known, ...(operation.method === 'get' ? ['GET', 'HEAD'] : [operation.method.toUpperCase()])])
  }
  for (const [path, allowed] of methods) routes.all(path, methodNotAllowed(...allowed))
  return routes
}

function serve(router: AppRouter, operation: BoundOperation, createContext: CreateContext): RequestHandler {
  const { procedure: path, type, status = 200, none: None } = operation
  const readInput = inputReader(operation)

  return async (req, res) => {
    const output: unknown = await callProcedure({
      router,
      path,
      type,
      ctx: createContext(req, res),
      getRawInput: () => readInput(req, res), // after the guards, as with tRPC
      signal: undefined,
      batchIndex: 0,
    })
    if (None && output === null) throw new None()
    res.status(status).set('Cache-Control', 'no-store')
    if (status === 204) res.end()
    else res.json(output)
  }
}

const VERIFY_PATH = '/verify'

/** A mail scanner that opens a link must not use it up, so a GET only leads to the page that does. */
function sendToVerifyPage(webUrl: string): RequestHandler {
  return (req, res) => {
    const { token } = req.query
    const page = new URL(`${webUrl}/verify-email`)
    if (typeof token === 'string') page.searchParams.set('token', token)
    res.set('Cache-Control', 'no-store').redirect(303, page.href)
  }
}
