import { z } from 'zod'
import { LARGEST_BODY } from '../../src/platform/http/http.ts'
import type { FuzzRequest } from './requests.ts'
import type { Answer } from './wire.ts'

/** How many bytes of path and headers the server reads, minus the headers that every request has. */
const LARGEST_HEAD = 15_000

const Reason = z.string().regex(/^[A-Z][A-Z_]+$/)
const Details = {
  code: z.string().regex(/^[A-Z][A-Z_]+$/),
  reason: Reason,
  fieldErrors: z.record(z.string(), z.string()).optional(),
  retryAfter: z.number().optional(),
  unlockedBy: z.strictObject({ planCode: z.string() }).optional(),
}
/** An error of REST or of another plain HTTP route. */
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

/** Internals that no answer may contain. */
const INNER = /node_modules|file:\/\/\/(?!etc)|\/apps\/server|\.[cm]?[jt]s:\d+|\bat (?:async )?[\w.<>]+ \(/
/** What no error may contain: SQL, and messages of libraries and the engine. */
const LIBRARY =
  /\b(?:select|insert into|delete from|update) [^']*\b(?:from|values|where|set)\b|\b(?:relation|column) "|violates|syntax error|invalid byte sequence|invalid input syntax|SQLSTATE|ECONN|EPIPE|ENOENT|TypeError|RangeError|SyntaxError|ReferenceError|Unexpected (?:token|end|non-)|in JSON at|is not a function|is not iterable|Cannot (?:read|convert|set|mix)|call stack|undefined \(|prototype pollution|superjson|mikro|kysely|pg-boss|pgboss|\btrpc\b|zod|express|argon2|jsonwebtoken|stripe-node|openid-client|\[object/i

/** Routes that do not answer in JSON. */
const NOT_JSON = new Set(['GET /docs', 'GET /metrics'])
/** Pages that people open. Their errors are pages, too. */
const PAGES = new Set(['GET /billing/pay', 'POST /billing/pay', 'GET /billing/pay/return'])

/** @returns what is wrong with an answer; empty for a good one. */
export function complaintsAbout(asked: FuzzRequest, answer: Answer, refusals: readonly string[]): string[] {
  const { status, headers, body, failure } = answer
  if (status === 0) return mayBeCutOff(asked) ? [] : [`no answer: ${failure}`]
  const complaints: string[] = []
  if (status >= 500 && !(status === 502 && refusals.length > 0)) complaints.push('a server error')
  if (INNER.test(body) || INNER.test(JSON.stringify(headers))) complaints.push('reveals internals')
  if (headers['x-powered-by']) complaints.push('reveals its framework')
  const fromParser = status === 400 || status === 408 || status === 431
  if (!headers['x-request-id'] && !fromParser) complaints.push('has no request id')
  if (asked.method === 'HEAD' || status === 204 || (status >= 300 && status < 400)) {
    if (headers['location'] && !/^https?:\/\/[^\s<>"]*$/.test(headers['location']))
      complaints.push('redirects to an invalid address')
    return complaints
  }
  if (status === 200 && asked.target.includes('/admin/export/')) {
    if (headers['content-type'] !== 'text/csv; charset=utf-8') complaints.push('is not CSV')
    return complaints
  }
  if (PAGES.has(asked.target)) return complaints
  if (status >= 400 || !NOT_JSON.has(asked.target)) complaints.push(...complaintsAboutJson(asked, answer))
  return complaints
}

function complaintsAboutJson(asked: FuzzRequest, { status, headers, body }: Answer): string[] {
  const type = headers['content-type'] ?? ''
  if (type.startsWith('text/event-stream') && asked.headers['accept'] === 'text/event-stream') {
    return isJson(/^data: (.*)$/m.exec(body)?.[1] ?? '') ? [] : ['is an event without JSON']
  }
  if (!type.startsWith('application/json')) return [`has the type ${type || 'none'}`]
  // tRPC streams the answers of such a batch, one JSON value per line.
  const isStream = status === 200 && asked.headers['trpc-accept'] === 'application/jsonl'
  if (isStream) return body.split('\n').every((line) => line === '' || isJson(line)) ? [] : ['is not JSON lines']
  if (!isJson(body)) return ['is not JSON']

  const answers: unknown[] = [JSON.parse(body)].flat()
  const complaints: string[] = []
  const isCall = asked.target.includes('.') && headers['vary']?.includes('trpc-accept')
  for (const one of answers) {
    const isError = typeof one === 'object' && one !== null && 'error' in one
    if (isError && LIBRARY.test(JSON.stringify(one))) complaints.push('repeats a library’s message')
    if (isCall && !isError && !CallResult.safeParse(one).success) complaints.push('is not the result of a call')
    if (isError && !RestError.safeParse(one).success && !CallError.safeParse(one).success)
      complaints.push('is not an error in our form')
    if (isError && answers.length === 1) {
      const call = CallError.safeParse(one).data
      if (call && call.error.json.data.httpStatus !== status)
        complaints.push(`has another status in its body: ${call.error.json.data.httpStatus}`)
    }
    if (status >= 400 && answers.length === 1 && !isError) complaints.push('has an error status but no error')
  }
  return complaints
}

/** Whether the server may close the connection before the caller reads the answer, because the request is too large. */
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

/** @returns the reason of an answer's first refusal; `ok` if it has none. */
export function reasonIn({ status, headers, body }: Answer): string {
  const reason = /^(?:\[|\{"error").*?"reason":"([A-Z_]+)"/s.exec(body)?.[1]
  return reason ?? (status < 400 ? 'ok' : String(headers['x-request-id'] ? status : 'unreadable'))
}
