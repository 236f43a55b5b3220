import { setTimeout as sleep } from 'node:timers/promises'
import express, { type Request, type Response, type Router } from 'express'
import type { CallFailure } from '../callbacks/chaos.ts'
import type { Paymob } from '../callbacks/paymob.ts'
import { Refused } from '../payments/refunds.ts'
import { badCredentials, PaymobError } from './errors.ts'
import { Fields } from './fields.ts'
import type { Tokens } from './tokens.ts'

export interface Call {
  readonly fields: Fields
  readonly params: Readonly<Record<string, string>>
  readonly query: Request['query']
}

export interface Route {
  readonly method: 'get' | 'post' | 'put'
  readonly path: string
  /** What the caller must present: the secret key, an auth token, or nothing that the wrapper checks. */
  readonly key: 'secret' | 'token' | 'none'
  readonly status?: number
  readonly handle: (call: Call) => unknown
}

interface Api {
  readonly paymob: Paymob
  readonly tokens: Tokens
  readonly routes: readonly Route[]
  /** Brings the sandbox's clock up to date, and does what has become due. */
  readonly catchUp: () => Promise<void>
}

/** The API's routes, each with its key, its bad day, and the state saved before the answer. */
export function apiRoutes({ paymob, tokens, routes, catchUp }: Api): Router {
  const router = express.Router()
  router.use(express.json())
  for (const route of routes) {
    router[route.method](route.path, async (request, response) => {
      const { chaos } = paymob
      if (chaos.slowMs > 0) await sleep(chaos.slowMs)
      if (chaos.isDown) {
        response.status(503).json({ detail: 'Service Unavailable' })
        return
      }
      const failure = chaos.nextFailure(request.path)
      if (failure?.delayMs !== undefined) await sleep(failure.delayMs)
      if (failure && !failure.afterExecution && fail(failure, response)) return
      await catchUp()
      const answer = carryOut(route, request, { paymob, tokens })
      paymob.state.save()
      if (failure?.afterExecution && fail(failure, response)) return
      response.status(answer.status).json(answer.body)
    })
  }
  return router
}

function carryOut(
  route: Route,
  request: Request,
  { paymob, tokens }: Pick<Api, 'paymob' | 'tokens'>,
): { status: number; body: unknown } {
  try {
    checkKey(route, request, paymob, tokens)
    const params = Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, String(value)]))
    const body = route.handle({ fields: new Fields(request.body), params, query: request.query })
    return { status: route.status ?? 200, body }
  } catch (error) {
    if (error instanceof PaymobError) return { status: error.status, body: error.body }
    if (error instanceof Refused) return { status: 400, body: { message: error.message } }
    throw error
  }
}

function checkKey({ key }: Route, request: Request, paymob: Paymob, tokens: Tokens): void {
  const [scheme, value = ''] = (request.get('authorization') ?? '').split(' ')
  if (key === 'secret' && (scheme !== 'Token' || value !== paymob.account.secretKey)) throw badCredentials()
  if (key === 'token' && (scheme !== 'Bearer' || !tokens.isValid(value))) throw badCredentials()
}

/** @returns false if the failure is only a delay. */
function fail({ status, timeout, reset }: CallFailure, response: Response): boolean {
  if (reset) response.socket?.destroy()
  else if (status !== undefined) response.status(status).json({ detail: 'This failure was requested at /_/fail-next.' })
  else return timeout === true
  return true
}
