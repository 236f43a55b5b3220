import {
  callTRPCProcedure as callProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  transformTRPCResponse,
  type AnyTRPCProcedure,
  type AnyTRPCRouter as AnyRouter,
  type TRPCError,
} from '@trpc/server'
import { getHTTPStatusCode } from '@trpc/server/http'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { UnreadableRequest } from '../errors/errors.ts'
import { readTextBody } from '../http/request-body.ts'
import { rpcConfig, type Context } from './trpc.ts'

type CallType = 'query' | 'mutation'

/** The calls of a plain request: queries by GET or mutations by POST. All of them exist. */
export interface PlainCalls {
  readonly type: CallType
  readonly paths: readonly string[]
  /** A batch is answered with a list, even a batch of one. */
  readonly isBatch: boolean
  readonly search: URLSearchParams | undefined
}

/** A call that failed. */
export interface FailedCall {
  readonly path: string
  readonly error: TRPCError
}

export interface AnswerOptions {
  readonly req: Request
  readonly res: Response
  readonly ctx: Context
  /** Gives the answer's headers, which depend on its errors. */
  headersFor(errors: readonly TRPCError[]): Record<string, string>
}

/** @returns undefined for everything else: a mistake, a stream, a form. tRPC's own adapter answers those. */
export type PlainCallsReader = (req: Request) => PlainCalls | undefined

/** Prepares reading which procedures a request calls. */
export function plainCallsReader(router: AnyRouter, maxBatch: number): PlainCallsReader {
  const types = procedureTypes(router)

  return (req) => {
    const type = req.method === 'GET' ? 'query' : req.method === 'POST' && hasJson(req) ? 'mutation' : undefined
    if (!type || req.headers['trpc-accept'] !== undefined) return
    const queryAt = req.url.indexOf('?')
    const search = queryAt === -1 ? undefined : new URLSearchParams(req.url.slice(queryAt + 1))
    const path = queryAt === -1 ? req.url.slice(1) : req.url.slice(1, queryAt)
    const isBatch = search?.get('batch') === '1'
    const paths = isBatch ? path.replaceAll('%2C', ',').split(',') : [path]
    if (paths.length > maxBatch || !paths.every((each) => types.get(each) === type)) return
    return { type, paths, isBatch, search }
  }
}

const hasJson = (req: Request) => /^application\/json\s*(?:;|$)/i.test(req.headers['content-type'] ?? '')

const TYPES: readonly unknown[] = ['query', 'mutation', 'subscription']

/** What tRPC keeps of a router's procedures, by their dotted paths. */
const Procedures = z.record(
  z.string(),
  z.custom<AnyTRPCProcedure>((value) => typeof value === 'function' && TYPES.includes(at(value, '_def', 'type'))),
)

/**
 * Checks at start whether tRPC has what is used here and is not documented: each procedure's type by its path, and how
 * inputs are read and outputs and errors are written.
 */
export function canAnswerPlainCalls(router: AnyRouter, config: unknown = rpcConfig): boolean {
  const procedures = Procedures.safeParse(at(router, '_def', 'procedures')).data ?? {}
  const isFunction = (...path: string[]) => typeof at(config, ...path) === 'function'
  return (
    Object.keys(procedures).length > 0 &&
    isFunction('transformer', 'input', 'deserialize') &&
    isFunction('transformer', 'output', 'serialize') &&
    isFunction('errorFormatter')
  )
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, name) => (inner instanceof Object ? Reflect.get(inner, name) : undefined), value)
}

function procedureTypes({ _def }: AnyRouter): Map<string, string> {
  return new Map(
    Object.entries(Procedures.parse(_def.procedures)).map(([path, procedure]) => [path, procedure._def.type]),
  )
}

/**
 * Runs the calls of a request at once and answers with their results, in tRPC's protocol.
 *
 * tRPC's own adapter makes a fetch `Request`, a `Response`, and two streams for every request, which takes more than a
 * third of the CPU time of an authenticated call.
 *
 * @returns the calls that failed, after the answer is sent.
 * @see https://trpc.io/docs/rpc
 * @see docs/decisions/0015-the-hot-path.md
 */
export async function answerPlainCalls(
  router: AnyRouter,
  calls: PlainCalls,
  options: AnswerOptions,
): Promise<FailedCall[]> {
  const { res, ctx, headersFor } = options
  const { type, paths, isBatch } = calls
  const readInputs = inputsReader(calls, options)
  const failed: FailedCall[] = []
  const answers = await Promise.all(
    paths.map(async (path, batchIndex) => {
      try {
        const getRawInput = async () => (await readInputs())[batchIndex]
        const data: unknown = await callProcedure({
          router,
          path,
          type,
          ctx,
          getRawInput,
          signal: undefined,
          batchIndex,
        })
        return { result: { data } }
      } catch (thrown) {
        const error = getTRPCErrorFromUnknown(thrown)
        failed.push({ path, error })
        return { error: getTRPCErrorShape({ config: rpcConfig, error, type, path, input: undefined, ctx }) }
      }
    }),
  )
  for (const [name, value] of Object.entries(headersFor(failed.map(({ error }) => error)))) res.setHeader(name, value)
  if (failed.length > 0) res.statusCode = getHTTPStatusCode(answers)
  const [only] = isBatch ? [] : answers
  res.end(JSON.stringify(transformTRPCResponse(rpcConfig, only ?? answers)))
  return failed
}

/**
 * Prepares reading the inputs of a request's calls, by their place in the batch.
 *
 * @returns reads them when the first call asks for its input, which is after its guards.
 */
function inputsReader(
  { type, paths, isBatch, search }: PlainCalls,
  { req, res }: AnswerOptions,
): () => Promise<readonly unknown[]> {
  let inputs: Promise<readonly unknown[]> | undefined

  async function read(): Promise<readonly unknown[]> {
    const text = type === 'query' ? search?.get('input') : await readTextBody(req, res)
    return text ? parse(text) : []
  }
  function parse(text: string): readonly unknown[] {
    try {
      const given: unknown = JSON.parse(text)
      const inBatch = isBatch && typeof given === 'object' && given && !Array.isArray(given)
      if (isBatch && !inBatch) throw new UnreadableRequest()
      return paths.map((_path, index) => {
        const sent: unknown = inBatch ? Reflect.get(given, String(index)) : given
        const input: unknown = sent === undefined ? undefined : rpcConfig.transformer.input.deserialize(sent)
        return input
      })
    } catch {
      throw new UnreadableRequest()
    }
  }
  return () => (inputs ??= read())
}
