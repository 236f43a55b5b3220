import { z } from 'zod'
import { LARGEST_BODY } from '../../src/platform/http/http.ts'
import type { FuzzRequest } from './requests.ts'
import type { Answer } from './wire.ts'

/** Bytes of path and headers that are read, and some for the headers that every request has. */
const LARGEST_HEAD = 15_000

const Reason = z.string().regex(/^[A-Z][A-Z_]+$/)
const Details = {
  code: z.string().regex(/^[A-Z][A-Z_]+$/),
  reason: Reason,
  fieldErrors: z.record(z.string(), z.string()).optional(),
  retryAfter: z.number().optional(),
}
/** A raw route's error, and REST's. */
const RestError = z.strictObject({ error: z.strictObject({ ...Details, message: z.string().min(1) }) })
const CallError = z.object({
  error: z.object({
    json: z.strictObject({
      message: z.string().min(1),
      code: z.int(),
      data: z.strictObject({ ...Details, httpStatus: z.int().min(400) }),
    }),
  }),
})
const CallResult = z.strictObject({
  result: z.strictObject({ data: z.object({ json: z.unknown(), meta: z.unknown().optional() }) }),
})

/** What no answer may hold, whatever was asked. */
const INNER = /node_modules|file:\/\/\/(?!etc)|\/apps\/server|\.[cm]?[jt]s:\d+|\bat (?:async )?[\w.<>]+ \(/
/** What no error may hold: SQL, and what libraries and the engine say to programmers. */
const LIBRARY =
  /\b(?:select|insert into|delete from|update) [^']*\b(?:from|values|where|set)\b|\b(?:relation|column) "|violates|syntax error|invalid byte sequence|invalid input syntax|SQLSTATE|ECONN|EPIPE|ENOENT|TypeError|RangeError|SyntaxError|ReferenceError|Unexpected (?:token|end|non-)|in JSON at|is not a function|is not iterable|Cannot (?:read|convert|set|mix)|call stack|undefined \(|prototype pollution|superjson|mikro|kysely|pg-boss|pgboss|\btrpc\b|zod|express|argon2|jsonwebtoken|stripe-node|openid-client|\[object/i

/** Routes that answer people, browsers or Prometheus, not in JSON. */
const NOT_JSON = new Set(['GET /docs', 'GET /metrics'])

/** What is wrong with an answer; nothing for a good one. */
export function complaintsAbout(asked: FuzzRequest, answer: Answer, refusals: readonly string[]): string[] {
  const { status, headers, body, failure } = answer
  if (status === 0) return mayBeCutOff(asked) ? [] : [`no answer: ${failure}`]
  const complaints: string[] = []
  if (status >= 500 && !(status === 502 && refusals.length > 0)) complaints.push('a fault of ours')
  if (INNER.test(body) || INNER.test(JSON.stringify(headers))) complaints.push('tells of its insides')
  if (headers['x-powered-by']) complaints.push('tells what it is made with')
  const fromParser = status === 400 || status === 408 || status === 431
  if (!headers['x-request-id'] && !fromParser) complaints.push('has no request id')
  if (asked.method === 'HEAD' || status === 204 || (status >= 300 && status < 400)) {
    if (headers['location'] && !/^https?:\/\/[^\s<>"]*$/.test(headers['location'])) complaints.push('leads astray')
    return complaints
  }
  if (status >= 400 || !NOT_JSON.has(asked.target)) complaints.push(...complaintsAboutJson(asked, answer))
  return complaints
}

function complaintsAboutJson(asked: FuzzRequest, { status, headers, body }: Answer): string[] {
  const type = headers['content-type'] ?? ''
  if (!type.startsWith('application/json')) return [`is ${type || 'of no type'}`]
  if (!isJson(body)) return ['is not JSON']

  const answers: unknown[] = [JSON.parse(body)].flat()
  const complaints: string[] = []
  const isCall = asked.target.includes('.') && headers['vary']?.includes('trpc-accept')
  for (const one of answers) {
    const isError = typeof one === 'object' && one !== null && 'error' in one
    if (isError && LIBRARY.test(JSON.stringify(one))) complaints.push('says what a library said')
    if (isCall && !isError && !CallResult.safeParse(one).success) complaints.push('is no result of a call')
    if (isError && !RestError.safeParse(one).success && !CallError.safeParse(one).success)
      complaints.push('is no error of ours')
    if (isError && answers.length === 1) {
      const call = CallError.safeParse(one).data
      if (call && call.error.json.data.httpStatus !== status)
        complaints.push(`says ${call.error.json.data.httpStatus} in itself`)
    }
    if (status >= 400 && answers.length === 1 && !isError) complaints.push('is an error without one')
  }
  return complaints
}

/** Who sends more than is read may find the connection closed before he has read the answer. */
const mayBeCutOff = ({ path, headers, body = '' }: FuzzRequest): boolean =>
  body.length > LARGEST_BODY || path.length + JSON.stringify(headers).length > LARGEST_HEAD

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Why an answer was a refusal, or one of several in it; `ok` for none. */
export function reasonIn({ status, headers, body }: Answer): string {
  const reason = /^(?:\[|\{"error").*?"reason":"([A-Z_]+)"/s.exec(body)?.[1]
  return reason ?? (status < 400 ? 'ok' : String(headers['x-request-id'] ? status : 'unreadable'))
}
