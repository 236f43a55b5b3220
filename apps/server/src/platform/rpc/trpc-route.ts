import type { TRPCError, AnyRouter } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { Handler, Response } from 'express'
import superjson from 'superjson'
import { describeError } from '../errors/describe-error.ts'
import { MethodNotAllowed, UnsupportedMediaType, type DomainError } from '../errors/errors.ts'
import { LARGEST_BODY, requestIdOf } from '../http/http.ts'
import { isJsonOrEmpty } from '../http/request-body.ts'
import type { Log } from '../log.ts'
import { holdBack } from './hold-back.ts'
import { answerPlainCalls, canAnswerPlainCalls, plainCallsReader, type PlainCallsReader } from './plain-calls.ts'
import type { CreateContext } from './request-context.ts'

export interface TrpcRouteOptions {
  router: AnyRouter
  maxBatch: number
  log: Log
  createContext: CreateContext
  /** False to have tRPC's own adapter answer everything. */
  usesPlainCalls: boolean
}

const METHODS = ['GET', 'HEAD', 'POST']

/** Every answer is JSON and must not be cached. tRPC sets these headers only after it has read the request. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }

/**
 * Serves a router below `/trpc`.
 *
 * tRPC's own adapter answers what is not a plain call. It answers everything, and a warning is logged, when an update
 * of tRPC has changed the private parts that answering plain calls relies on.
 */
export function createTrpcRoute(options: TrpcRouteOptions): Handler {
  const { router, maxBatch, log, createContext } = options
  const plainCallsOf = chooseReader(options)
  const answerOthers = createExpressMiddleware({
    router,
    createContext: ({ req, res }) => createContext(req, res),
    maxBatchSize: maxBatch,
    maxBodySize: LARGEST_BODY,
    responseMeta: ({ errors }) => ({ headers: headersFor(errors) }),
    onError: ({ error, path, req: { res } }) => logFault(log, { error, path, res }),
  })
  return async (req, res, next) => {
    res.set(HEADERS)
    // For other methods, tRPC makes a fetch `Request` first, which throws for TRACE, or reads the body.
    if (!METHODS.includes(req.method)) return refuseMethod(res)
    if (req.method === 'GET' && req.headers.accept === 'text/event-stream') return refuseSubscription(res)
    // tRPC would take a form or a file for an input without any fields.
    if (req.method === 'POST' && !isJsonOrEmpty(req)) return refuseMediaType(res)
    // tRPC answers only batches in pieces, and refuses a single call that asks for it. Answer that one in full.
    const accepted = req.headers['trpc-accept']
    if (accepted === 'application/jsonl' && req.query['batch'] === '1') holdBack(res)
    else if (accepted !== 'application/json') delete req.headers['trpc-accept']
    const calls = plainCallsOf(req)
    if (!calls) return answerOthers(req, res, next)
    const failed = await answerPlainCalls(router, calls, { req, res, ctx: createContext(req, res), headersFor })
    for (const { error, path } of failed) logFault(log, { error, path, res })
  }
}

function chooseReader({ router, maxBatch, log, usesPlainCalls }: TrpcRouteOptions): PlainCallsReader {
  const leaveAll: PlainCallsReader = () => undefined
  if (!usesPlainCalls) return leaveAll
  if (canAnswerPlainCalls(router)) return plainCallsReader(router, maxBatch)
  log.warn("tRPC's own adapter answers all calls, which is slower: tRPC has changed")
  return leaveAll
}

function headersFor(errors: readonly TRPCError[]): Record<string, string> {
  const retryAfter = errors.map((error) => describeError(error).retryAfter).find((seconds) => seconds !== undefined)
  return retryAfter === undefined ? HEADERS : { ...HEADERS, 'retry-after': String(retryAfter) }
}

interface Failure {
  error: TRPCError
  path: string | undefined
  res: Response | undefined
}

function logFault(log: Log, { error, path, res }: Failure): void {
  if (describeError(error).httpStatus < 500) return
  // The cause is what really happened. The outer error is for the caller and does not mention it.
  const requestId = res ? requestIdOf(res) : undefined
  log.error({ err: error.cause ?? error, cause: error.cause?.cause, path, requestId }, 'procedure failed')
}

function refuseMethod(res: Response): void {
  res.status(405).set('Allow', METHODS.join(', '))
  res.json({ error: shapeOf(new MethodNotAllowed()) })
}

function refuseMediaType(res: Response): void {
  res.status(415).json({ error: shapeOf(new UnsupportedMediaType()) })
}

/** Answers with an event, because an `EventSource` reads nothing else. tRPC's `httpSubscriptionLink` knows this one. */
function refuseSubscription(res: Response): void {
  const error = shapeOf(new MethodNotAllowed('This API has no subscriptions. Call it with query or mutate.'))
  res.set('content-type', 'text/event-stream')
  // Other clients reconnect on their own. Make them wait for a day.
  res.send(`retry: 86400000\nevent: serialized-error\ndata: ${JSON.stringify(error)}\n\n`)
}

function shapeOf(refusal: DomainError) {
  const { message, ...data } = describeError(refusal)
  return superjson.serialize({ message, code: TRPC_ERROR_CODES_BY_KEY[data.code], data })
}
