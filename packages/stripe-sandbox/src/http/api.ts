import { setTimeout as sleep } from 'node:timers/promises'
import express, { type Request, type Response, type Router } from 'express'
import { API_VERSION } from '../api-versions.ts'
import { newId } from '../ids.ts'
import { withEchoes } from '../resources/echoes.ts'
import type { Account } from '../state/account.ts'
import type { KeyRing } from '../state/key-ring.ts'
import { shapeOf } from '../versions/shape.ts'
import { failureAnswer, type Chaos } from '../webhooks/chaos.ts'
import { authenticate, refuseConnected } from './auth.ts'
import { divideParams } from './described-params.ts'
import { invalidRequest, StripeApiError, type StripeErrorBody } from './errors.ts'
import { expand } from './expand.ts'
import { decodeForm } from './form.ts'
import { IdempotencyKeys, type Answer } from './idempotency.ts'
import { keepEchoes } from './keep-echoes.ts'
import { list, string } from './params.ts'
import { admitBrowser, admitExpansion, publicAnswer, publishableKeyOf, refuseServer } from './publishable-key.ts'
import type { Route } from './route.ts'
import { readVersion, refuseRemoved, upgradeParams } from './stripe-version.ts'
import { transact } from './transact.ts'

interface ApiOptions {
  readonly account: Account
  readonly chaos: Chaos
  readonly keys: KeyRing
  readonly routes: readonly Route[]
  /** The part of the API: the beginning of its paths. */
  readonly version?: 'v1' | 'v2'
}

const EXPAND = list(string())

/** Serves the API below `/v1` or `/v2`: checks the key, handles idempotency and errors, runs the handler, expands its answer. */
export function createApi({ account, chaos, keys: secretKeys, routes, version = 'v1' }: ApiOptions): Router {
  const keys = new IdempotencyKeys(account)
  const router = express.Router({ caseSensitive: true })
  router.use(express.text({ type: () => true, limit: '2mb' }))

  const serve = (run: (request: Request) => unknown) => async (request: Request, response: Response) => {
    const requestId = newId('req', 14)
    response.set({
      'request-id': requestId,
      'stripe-version': request.get('stripe-version') ?? account.settings.apiVersion,
    })
    const publishableKey = publishableKeyOf(request)
    // Pages of other sites may read what a publishable key shows, as at Stripe.
    if (publishableKey !== undefined) response.set('access-control-allow-origin', '*')
    const key = request.method === 'POST' ? request.get('idempotency-key') : undefined
    if (key) response.set('idempotency-key', key)

    const failure = chaos.nextFailure()
    const opening = attempt(
      () => {
        if (publishableKey === undefined)
          refuseConnected(request.get('stripe-account'), authenticate(request.get('authorization'), secretKeys))
        const kept = key ? keys.begin(key, fingerprintParts(request)) : undefined
        if (kept) response.set('idempotent-replayed', 'true')
        return kept
      },
      { account, requestId },
    )
    if (opening) {
      send(response, opening)
      return
    }
    if (failure?.delayMs) await sleep(failure.delayMs)
    const keptFailure = failure?.kept ? failureAnswer(failure.status) : null
    if (failure && !failure.afterExecution && chaos.fail(failure, response)) {
      if (key && keptFailure) keys.finish(key, fingerprintParts(request), keptFailure, requestId)
      else if (key) keys.release(key)
      return
    }
    const executed = attempt(() => ({ status: 200, body: JSON.stringify(execute(request, requestId, run)) }), {
      account,
      requestId,
    })
    // A repeated request gets the kept answer, so that one has no hidden fields either.
    const answer = publishableKey === undefined ? executed : publicAnswer(executed)
    if (key) keys.finish(key, fingerprintParts(request), keptFailure ?? answer, requestId)
    if (failure?.afterExecution && chaos.fail(failure, response)) return
    send(response, answer)
  }

  const execute = (request: Request, requestId: string, run: (request: Request) => unknown): unknown => {
    account.request = { id: requestId, idempotency_key: request.get('idempotency-key') ?? null }
    try {
      return run(request)
    } finally {
      account.request = { id: null, idempotency_key: null }
    }
  }

  for (const { method, path, params, run, until } of routes) {
    const key = `${method} /${version}${path.replaceAll(/:\w+/g, '{}')}`
    const removedByNow = shapeOf(API_VERSION).removedParams(key)
    const handler = serve((request) => {
      const shape = shapeOf(readVersion(request.get('stripe-version'), account.settings.apiVersion))
      if (until !== undefined && shape.version >= until) throw unrecognizedUrl(request)
      const { expand: paths, ...sent } = decodeForm(request.method === 'POST' ? textOf(request) : queryOf(request))
      const variables = variablesOf(request)
      const publishableKey = publishableKeyOf(request)
      if (publishableKey === undefined) refuseServer(key)
      const given =
        publishableKey === undefined
          ? sent
          : admitBrowser(account, { publishableKey, call: key, id: variables['id'] ?? '' }, sent)
      refuseRemoved(given, shape.isNewest ? removedByNow : shape.removedParams(key))
      const form = shape.isNewest ? given : upgradeParams(shape, key, given)
      const expandPaths = paths === undefined ? [] : EXPAND.read(paths, 'expand')
      if (publishableKey !== undefined) admitExpansion(expandPaths)
      return transact(account, () => {
        const { read, accepted } = divideParams(key, params, form)
        const answer = run(account, read, variables, shape.version)
        keepEchoes(account, key, answer, accepted)
        if (!shape.isNewest) return expand(account, shape.show(account, answer), expandPaths, shape)
        return withEchoes(account, expand(account, answer, expandPaths, shape))
      })
    })
    if (method === 'GET') router.get(path, handler)
    else if (method === 'POST') router.post(path, handler)
    else router.delete(path, handler)
  }
  router.use(
    serve((request) => {
      throw unrecognizedUrl(request)
    }),
  )
  return router
}

const unrecognizedUrl = ({ method, originalUrl }: Request): StripeApiError =>
  new StripeApiError(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${originalUrl.split('?')[0]}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  })

function attempt<T extends Answer | undefined>(
  work: () => T,
  { account, requestId }: { account: Account; requestId: string },
): T | Answer {
  try {
    return work()
  } catch (error) {
    if (error instanceof StripeApiError) return errorAnswer(error.status, error.body, account, requestId)
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return errorAnswer(
      500,
      { type: 'api_error', message: 'An unknown error occurred in the sandbox. See its output.' },
      account,
      requestId,
    )
  }
}

function send(response: Response, { status, body }: Answer): void {
  response.status(status).type('application/json').send(body)
}

function errorAnswer(status: number, body: StripeErrorBody, account: Account, requestId: string): Answer {
  const error = {
    ...body,
    message: liveModeHint(body, account) ?? body.message,
    ...(body.code && { doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}` }),
    request_log_url: `${account.publicUrl}/_/?request=${requestId}`,
  }
  return { status, body: JSON.stringify({ error }) }
}

/** What Stripe says about an id that its live mode has. A sandbox has no live mode, so the settings name such ids. */
function liveModeHint({ code, message }: StripeErrorBody, { settings }: Account): string | null {
  if (code !== 'resource_missing' || !settings.liveModeIds.some((id) => message.includes(`'${id}'`))) return null
  return `${message}; a similar object exists in live mode, but a test mode key was used to make this request.`
}

function fingerprintParts(request: Request): { method: string; path: string; body: string } {
  return { method: request.method, path: request.originalUrl, body: textOf(request) }
}

function textOf(request: Request): string {
  return typeof request.body === 'string' ? request.body : ''
}

function queryOf(request: Request): string {
  const { originalUrl } = request
  const mark = originalUrl.indexOf('?')
  return [mark === -1 ? '' : originalUrl.slice(mark + 1), textOf(request)].filter(Boolean).join('&')
}

function variablesOf(request: Request): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.params)) {
    if (typeof value !== 'string') throw invalidRequest('Invalid path')
    variables[name] = value
  }
  return variables
}
