import * as fc from 'fast-check'
import { bytesOf, jsonText, percent, queryText, superjsonText } from './encodings.ts'
import { anyInput, type Known } from './inputs.ts'
import { oddText } from './odd-values.ts'
import type { ProcedureTarget, RouteTarget, Target } from './targets.ts'

export const WHO = ['nobody', 'user', 'admin'] as const
export type Who = (typeof WHO)[number]

/** A request as it goes over the wire. Texts are bytes: each character is one byte. */
export interface FuzzRequest {
  readonly target: string
  readonly who: Who
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Whether the body has Stripe's signature. */
  readonly signed: boolean
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'M-SEARCH',
] as const
const TYPES = [
  ...[
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/json; charset=latin1',
    'application/json; charset=utf-16le',
  ],
  ...[
    'text/plain',
    'text/html',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
  ],
  ...[
    'application/octet-stream',
    'application/xml',
    'application/json, text/plain',
    ';',
    '',
    'a/b/c',
    'application/jsonl',
  ],
] as const

/** Headers that change how a request is read, or who seems to have sent it. */
const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constantFrom(...TYPES).map((type) => ({ 'content-type': type })),
  fc
    .constantFrom(
      ...['', 'Bearer', 'Bearer ', 'Bearer a.b.c', 'Basic YTpi', 'bearer \xff', `Bearer ${'x'.repeat(8_000)}`],
      'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.',
      'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOnsiJG5lIjoxfX0.c2ln',
    )
    .map((authorization) => ({ authorization })),
  fc
    .constantFrom(
      'refresh_token=',
      'refresh_token=a.b.c',
      'refresh_token=%00',
      'refresh_token="%',
      '=;;=',
      'a'.repeat(9_000),
    )
    .map((cookie) => ({ cookie })),
  fc.constantFrom('null', 'https://evil.example', '\xff', '*').map((origin) => ({ origin })),
  fc
    .constantFrom('gzip', 'br', 'deflate', 'nonsense', 'gzip, gzip')
    .map((encoding) => ({ 'content-encoding': encoding })),
  fc.constantFrom('application/jsonl', 'text/event-stream', 'image/png', '\xff').map((accept) => ({ accept })),
  fc.constantFrom('application/jsonl', '\xff').map((accept) => ({ 'trpc-accept': accept })),
  fc.constantFrom('a b', '[', '127.0.0.1:99999', 'evil.example', '').map((host) => ({ host })),
  fc.constantFrom('::1, 1.2.3.4', "' or 1=1", '\xff', 'x'.repeat(2_000)).map((ip) => ({ 'x-forwarded-for': ip })),
  fc.constantFrom('100-continue', 'nonsense').map((expect) => ({ expect })),
  fc.constantFrom('DELETE', 'TRACE').map((method) => ({ 'x-http-method-override': method })),
)
const someHeaders = fc.oneof({ arbitrary: fc.constant({}), weight: 4 }, { arbitrary: oddHeaders, weight: 1 })
const who = fc.constantFrom(...WHO, 'user' as const, 'admin' as const)

/** Requests to a target: some right, most of them wrong. */
export function requestTo(target: Target, all: readonly Target[], known: Known): fc.Arbitrary<FuzzRequest> {
  // `admin.users.get` and `/billing/plans/:id` get ids of users and plans.
  const ids = Object.entries(known).flatMap(([kind, some]) => (new RegExp(`\b${kind}\b`).test(target.name) ? some : []))
  const own = ids.length > 0 ? { ...known, id: ids } : known
  return target.kind === 'procedure' ? callOf(target, all, own) : visitOf(target, own)
}

function callOf(target: ProcedureTarget, all: readonly Target[], known: Known): fc.Arbitrary<FuzzRequest> {
  const usual = target.type === 'query' ? 'GET' : 'POST'
  const method = fc.oneof(
    { arbitrary: fc.constant(usual), weight: 9 },
    { arbitrary: fc.constantFrom(...METHODS), weight: 1 },
  )
  const input = superjsonText(anyInput(target.input, known))
  const others = all.flatMap(({ kind, name }) => (kind === 'procedure' ? [name] : []))
  const frame = fc.oneof(
    { arbitrary: input.map((text) => ({ path: target.name, search: '', text })), weight: 8 },
    { arbitrary: batch(target.name, others, input), weight: 2 },
    { arbitrary: fc.tuple(oddPath, input).map(([path, text]) => ({ path, search: '', text })), weight: 1 },
    { arbitrary: fc.tuple(oddSearch, input).map(([search, text]) => ({ path: target.name, search, text })), weight: 1 },
  )
  return fc.tuple(method, frame, someHeaders, who).map(([method, { path, search, text }, headers, who]) => {
    const isBody = method !== 'GET' && method !== 'HEAD'
    const query = [search, isBody ? '' : `input=${percent(text)}`].filter(Boolean).join('&')
    return {
      target: target.name,
      ...{ who, method, signed: false, path: `/trpc/${path}${query ? `?${query}` : ''}` },
      headers: { ...(isBody ? { 'content-type': 'application/json' } : {}), ...headers },
      body: isBody ? text : undefined,
    }
  })
}

function visitOf(target: RouteTarget, known: Known): fc.Arbitrary<FuzzRequest> {
  const inPath = [...target.path.matchAll(/:(\w+)/g)].flatMap(([, name]) => name ?? [])
  const input = anyInput(target.input, known)
  const method = fc.oneof(
    { arbitrary: fc.constant(target.method), weight: 9 },
    { arbitrary: fc.constantFrom(...METHODS), weight: 1 },
  )
  const path = fc
    .tuple(...inPath.map((name) => fc.oneof(fc.constantFrom(...(known[name] ?? ['x'])), oddPath)))
    .map((values) => values.reduce((path, value, at) => path.replace(`:${inPath[at]}`, value), target.path))
  const search = fc.oneof(queryText(input), oddSearch, fc.constant(''))
  const body = jsonText(input)
  return fc
    .tuple(method, path, search, body, someHeaders, who, fc.boolean())
    .map(([method, path, search, body, headers, who, signed]) => {
      const isBody = ['POST', 'PUT', 'PATCH'].includes(method)
      return {
        target: target.name,
        ...{ who, method, signed, path: `${path}${!isBody && search ? `?${search}` : ''}` },
        headers: { ...(isBody ? { 'content-type': 'application/json' } : {}), ...headers },
        body: isBody ? body : undefined,
      }
    })
}

function batch(name: string, others: readonly string[], input: fc.Arbitrary<string>) {
  const paths = fc.array(fc.constantFrom(name, name, name, ...others, 'nothing', '', '__proto__'), { maxLength: 14 })
  const inputs = fc
    .array(input, { maxLength: 4 })
    .map((texts) => `{${texts.map((text, at) => `"${at}":${text}`).join(',')}}`)
  const texts = fc.oneof(
    inputs,
    fc.constantFrom('[]', '{}', 'null', '{"0":null}', '{"-1":{}}', '{"__proto__":{"json":1}}', '"0"'),
  )
  return fc
    .tuple(paths, fc.constantFrom('batch=1', 'batch=1', 'batch=1&batch=1', 'batch=true', 'batch[]=1'), texts)
    .map(([others, search, text]) => ({ path: [name, ...others].join(','), search, text }))
}

const oddPath = fc.oneof(
  oddText.map((text) => percent(bytesOf(text.slice(0, 4_000)))),
  fc.constantFrom(
    ...[
      '',
      '%',
      '%00',
      '%ff%fe',
      '%E0%A4%A',
      '%2e%2e%2f',
      '..',
      '../..',
      '__proto__',
      'constructor.prototype',
      'auth',
      'auth.',
    ],
    ...[
      '.auth.me',
      'auth..me',
      'auth/me',
      'auth.me%00',
      'auth.me/../..',
      '\xff',
      '\xc0\x80',
      ';a=b',
      '//',
      ',',
      'x'.repeat(3_000),
    ],
  ),
)
const oddSearch = fc.oneof(
  oddText.map((text) => `token=${percent(bytesOf(text.slice(0, 3_000)))}`),
  fc
    .tuple(
      fc.constantFrom(
        'redirectTo',
        'state',
        'code',
        'cursor',
        'limit',
        'input',
        'connectionParams',
        'link',
        '__proto__',
      ),
      oddText,
    )
    .map(([name, text]) => `${name}=${percent(bytesOf(text.slice(0, 3_000)))}`),
  fc.constantFrom(
    ...[
      '%',
      '%ff=%ff',
      '=',
      '&&&',
      'a[b][c]=1',
      'limit[]=1',
      'limit=1&limit=2',
      '__proto__[polluted]=1',
      'constructor.prototype.polluted=1',
    ],
    ...[
      'batch=1',
      'batch=1&input=[]',
      'input=%7B',
      'lastEventId=1',
      'token=a&token=b',
      'redirectTo=//evil.example',
      'state=a&state=b&code=c',
    ],
  ),
)
