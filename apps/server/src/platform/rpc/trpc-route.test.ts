import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { AppRouter } from '@tollgate/client'
import {
  createTRPCClient,
  createTRPCUntypedClient,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  type TRPCLink,
} from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { canAnswerPlainCalls } from './plain-calls.ts'
import { publicProcedure, router, rpcConfig } from './trpc.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

test.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'])('%s is not a method of the typed API', async (method) => {
  for (const path of ['/trpc/auth.login', '/trpc/auth.me', '/trpc/nothing', '/trpc', '/trpc/auth.me,auth.me?batch=1']) {
    const { status, headers, body } = await ask(method, path)
    expect([path, status, headers['allow']]).toEqual([path, 405, 'GET, HEAD, POST'])
    expect(headers).toMatchObject(IN_JSON)
    expect(JSON.parse(body)).toMatchObject(anError('METHOD_NOT_SUPPORTED', 405, 'METHOD_NOT_ALLOWED'))
  }
})

test('a method that does not fit a procedure is refused with the same words', async () => {
  expect(JSON.parse((await ask('GET', '/trpc/auth.login')).body)).toMatchObject(
    anError('METHOD_NOT_SUPPORTED', 405, 'METHOD_NOT_ALLOWED'),
  )
})

const OTHER_TYPE = ['UNSUPPORTED_MEDIA_TYPE', 415, 'UNSUPPORTED_MEDIA_TYPE'] as const

test.each<[what: string, headers: Record<string, string>, body: string, error: Parameters<typeof anError>]>([
  ['a body of another type', { 'content-type': 'text/plain' }, 'email=a', [...OTHER_TYPE]],
  ['a body of no type', {}, 'email=a', [...OTHER_TYPE]],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'email=a', [...OTHER_TYPE]],
  ['a body that is not JSON', { 'content-type': 'application/json' }, '{', ['BAD_REQUEST', 400, 'INVALID_INPUT']],
])('%s is answered as JSON', async (_what, headers, body, error) => {
  for (const query of ['', '?batch=1']) {
    const answer = await ask('POST', `/trpc/auth.login${query}`, headers, body)
    expect(answer.status).toBe(error[1])
    expect(answer.headers).toMatchObject(IN_JSON)
    expect([JSON.parse(answer.body)].flat()).toMatchObject([anError(...error)])
  }
})

describe('what only other tRPC backends have is refused in words', () => {
  /** Untyped, as the router has neither. */
  const at = (link: TRPCLink<AnyRouter>) => createTRPCUntypedClient({ links: [link] })
  const transformer = { serialize: (given: unknown) => given, deserialize: superjson.deserialize.bind(superjson) }
  const form = new FormData()
  form.set('email', 'ada@example.com')

  test.each<[what: string, body: unknown]>([
    ['a form', form],
    ['a file', new File(['{}'], 'input.json', { type: 'text/plain' })],
    ['bytes', new Uint8Array([123, 125])],
  ])('%s as an input, by httpLink', async (_what, body) => {
    const client = at(httpLink({ url: `${app.url}/trpc`, transformer }))
    await expect(client.mutation('auth.login', body)).rejects.toMatchObject({
      message: expect.stringMatching(/^The body must be JSON/),
      data: { reason: 'UNSUPPORTED_MEDIA_TYPE' },
    })
  })

  test('a subscription, by httpSubscriptionLink', async () => {
    const client = at(httpSubscriptionLink({ url: `${app.url}/trpc`, transformer: superjson, EventSource: OneAnswer }))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    client.subscription('auth.me', undefined, { onError: resolve, onData: () => reject(new Error('It has data.')) })
    expect(await promise).toMatchObject({
      message: 'This API has no subscriptions. Call it with query or mutate.',
      data: { reason: 'METHOD_NOT_ALLOWED' },
    })
  })
})

test('an invalid host is answered as JSON, too', async () => {
  const { status, headers, body } = await ask('POST', '/trpc/auth.login', { host: 'a b[' }, '{}')
  expect(status).toBe(400)
  expect(headers).toMatchObject(IN_JSON)
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'BAD_REQUEST', reason: 'INVALID_INPUT' } })
})

const LOG_IN = '/trpc/auth.login'
const NOBODY = { email: 'nobody@example.com', password: 'not a password' }
const tooLong = { json: { email: 'x'.repeat(200_000), password: '' } }

test.each<[what: string, method: string, path: string, body?: unknown]>([
  ['a query', 'GET', '/trpc/billing.plans.list'],
  ['a query that is refused', 'GET', '/trpc/auth.me'],
  ['a query with an input', 'GET', `/trpc/billing.plans.get?input=${encodeURIComponent('{"json":{"id":7}}')}`],
  ['an input that is not JSON', 'GET', '/trpc/billing.plans.get?input=%7B'],
  [
    'an input with a path into a prototype',
    'POST',
    LOG_IN,
    { json: {}, meta: { values: { '__proto__.x': ['Date'] } } },
  ],
  ['a mutation', 'POST', LOG_IN, { json: NOBODY }],
  ['a mutation without its input', 'POST', LOG_IN],
  ['an input that is null', 'POST', LOG_IN, null],
  ['an input that is too long', 'POST', LOG_IN, tooLong],
  ['a batch of one', 'GET', '/trpc/billing.plans.list?batch=1&input=%7B%7D'],
  ['a batch of two', 'GET', '/trpc/billing.plans.list,auth.me?batch=1'],
  ['a batch that is refused', 'GET', '/trpc/auth.me%2Cauth.me?batch=1'],
  ['a batch whose inputs are a list', 'POST', '/trpc/auth.login,auth.login?batch=1', [{ json: NOBODY }, {}]],
  ['a batch whose inputs are a string', 'POST', '/trpc/auth.login?batch=1', 'x'],
  ['a batch of mutations', 'POST', '/trpc/auth.login,auth.logout?batch=1', { 0: { json: NOBODY } }],
])('%s is answered as tRPC’s own adapter does', async (_what, method, path, body) => {
  const send = (headers: Record<string, string>) =>
    ask(
      method,
      path,
      { 'content-type': 'application/json', ...headers },
      body === undefined ? '' : JSON.stringify(body),
    )
  const [ours, theirs] = await Promise.all([send({}), send({ 'trpc-accept': 'application/json' })])
  expect([ours.status, JSON.parse(ours.body)]).toEqual([theirs.status, JSON.parse(theirs.body)])
  expect(ours.headers).toMatchObject(IN_JSON)
})

describe('httpBatchStreamLink', () => {
  const streaming = () => {
    const cookies: string[] = []
    const link = httpBatchStreamLink({
      url: `${app.url}/trpc`,
      transformer: superjson,
      fetch: async (input, init) => {
        const response = await fetch(input, init)
        cookies.push(...response.headers.getSetCookie())
        return response
      },
    })
    return { api: createTRPCClient<AppRouter>({ links: [link] }), cookies }
  }

  test('logs in through a batch and sets the cookie', async () => {
    const { email, password } = await app.aUser()
    const { api, cookies } = streaming()
    const [session, refused] = await Promise.all([
      api.auth.login.mutate({ email, password }),
      api.auth.login.mutate({ email, password: 'not the password' }).catch((error: unknown) => error),
    ])
    expect(session.user.email).toBe(email)
    expect(session.expiresAt).toBeInstanceOf(Date)
    expect(refused).toMatchObject({ data: { reason: 'INVALID_CREDENTIALS' } })
    expect(cookies).toContainEqual(expect.stringMatching(/^refresh_token=[^;]/))
  })

  test('reads queries and errors', async () => {
    const { api } = streaming()
    const [plans, me] = await Promise.allSettled([api.billing.plans.list.query(), api.auth.me.query()])
    expect(plans).toMatchObject({ status: 'fulfilled', value: expect.any(Array) })
    expect(me).toMatchObject({ reason: { data: { reason: 'INVALID_TOKEN', httpStatus: 401 } } })
  })

  test('gets an error for a batch that is too long, before any call runs', async () => {
    const { email } = await app.aUser()
    const { api, cookies } = streaming()
    const calls = Array.from({ length: 11 }, () => api.auth.login.mutate({ email, password: 'correct horse battery' }))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([])
    expect(cookies).toEqual([])
  })
})

test('a single call that asks for an answer in pieces gets it in one piece, with its cookie', async () => {
  const { email, password } = await app.aUser()
  const headers = { 'content-type': 'application/json', 'trpc-accept': 'application/jsonl' }
  const answer = await ask('POST', LOG_IN, headers, JSON.stringify({ json: { email, password } }))
  expect(answer.headers).toMatchObject({ ...IN_JSON, 'set-cookie': [expect.stringMatching(/^refresh_token=/)] })
  expect(JSON.parse(answer.body)).toMatchObject({ result: { data: { json: { user: { email } } } } })
})

test('no input makes the server count to a billion', async () => {
  const input = { json: { id: { length: 2e8 } }, meta: { values: { id: [['typed-array', 'Uint8Array']] } } }
  const path = `/trpc/billing.plans.get?input=${encodeURIComponent(JSON.stringify(input))}`
  for (const accept of ['application/jsonl', 'application/json']) {
    const { status, body } = await ask('GET', path, { 'trpc-accept': accept })
    expect([status, JSON.parse(body)]).toMatchObject([400, anError('BAD_REQUEST', 400, 'INVALID_INPUT')])
  }
}, 2_000)

test('an input that is too long is refused even if its length is not announced', async () => {
  const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
  const { status, body } = await ask('POST', LOG_IN, headers, JSON.stringify(tooLong))
  expect(status).toBe(413)
  expect(JSON.parse(body)).toMatchObject(anError('PAYLOAD_TOO_LARGE', 413, 'PAYLOAD_TOO_LARGE'))
})

describe('the check of what tRPC does not document', () => {
  const query = publicProcedure.query(() => 'pong')

  test('allows answering plain calls with the tRPC that is installed', () => {
    expect(canAnswerPlainCalls(router({ ping: query, nested: { ping: query } }))).toBe(true)
  })

  test.each([
    ['no procedures', undefined],
    ['an empty list of procedures', {}],
    ['a procedure that is no function', { ping: {} }],
    ['a procedure without a type', { ping: () => {} }],
    ['a procedure of an unknown type', { ping: Object.assign(() => {}, { _def: { type: 'stream' } }) }],
  ])('leaves all calls to the adapter if a router has %s', (_what, procedures) => {
    const other = router({ ping: query })
    expect(canAnswerPlainCalls({ ...other, _def: Object.assign({ ...other._def }, { procedures }) })).toBe(false)
  })

  test.each([
    ['no configuration', undefined],
    ['no transformer', { ...rpcConfig, transformer: undefined }],
    ['another kind of transformer', { ...rpcConfig, transformer: superjson }],
    ['no error formatter', { ...rpcConfig, errorFormatter: undefined }],
  ])('leaves all calls to the adapter if it finds %s', (_what, config) => {
    expect(canAnswerPlainCalls(router({ ping: query }), config ?? null)).toBe(false)
  })
})

/** What a browser's `EventSource` does with one answer. Node has it only behind a flag. */
class OneAnswer extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 2
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSED = 2
  readyState = 0

  constructor(url: string) {
    super()
    void this.#read(url)
  }

  async #read(url: string) {
    const response = await fetch(url, { headers: { accept: 'text/event-stream' } })
    const isStream = response.ok && response.headers.get('content-type')?.startsWith('text/event-stream')
    const [, event = 'error', data = ''] = /^event: (.*)\ndata: (.*)\n\n/m.exec(await response.text()) ?? []
    this.readyState = isStream ? this.OPEN : this.CLOSED
    this.dispatchEvent(isStream ? new MessageEvent(event, { data }) : new Event('error'))
  }

  close() {
    this.readyState = this.CLOSED
  }
}

const IN_JSON = {
  'content-type': expect.stringMatching(/^application\/json/),
  'cache-control': 'no-store',
  'x-request-id': expect.any(String),
}

const anError = (code: string, httpStatus: number, reason: string) => ({
  error: { json: { message: expect.any(String), data: { code, httpStatus, reason } } },
})

/** Sends a request that `fetch` would refuse to send. */
async function ask(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined
    headers: Record<string, unknown>
    body: string
  }>()
  request(`${app.url}${path}`, { method, headers }, (response) => {
    const { statusCode: status, headers } = response
    text(response).then((body) => resolve({ status, headers, body }), reject)
  })
    .on('error', reject)
    .end(body)
  return promise
}
