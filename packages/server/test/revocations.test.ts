import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTollgateServer, type TollgateServerOptions } from '../src/index.ts'
import { SERVICE_KEY, SmallBackend } from './small-backend.ts'

const SESSION = '01900000-0000-7000-8000-00000000005e'
const SECOND = 1000

let backend: SmallBackend
beforeEach(async () => {
  backend = await SmallBackend.start()
})
afterEach(() => backend[Symbol.asyncDispose]())

/** A server whose time stands still, except when a test moves it. */
function aServer(options: Partial<TollgateServerOptions> = {}) {
  let at = Date.now()
  const server = createTollgateServer({ url: backend.url, now: () => at, ...options })
  return Object.assign(server, { pass: (ms: number) => (at += ms), [Symbol.dispose]: () => server.close() })
}

const refusal = (reason: string, status = 401) => expect.objectContaining({ ok: false, reason, status })

test('are refused as soon as the open call tells of them', async () => {
  using server = aServer({ serviceKey: SERVICE_KEY })
  const token = await backend.token({ sid: SESSION })
  expect(await server.verify(token)).toMatchObject({ ok: true })
  backend.end(SESSION)
  await vi.waitUntil(async () => !(await server.verify(token)).ok, { timeout: 10_000, interval: 5 })
  expect(await server.verify(token)).toEqual(refusal('SESSION_ENDED'))
  expect(await server.verify(await backend.token())).toMatchObject({ ok: true })
  const keys = backend.callsOf('GET', '/v1/revocations').map((call) => call.authorization)
  expect(new Set(keys)).toEqual(new Set([`Bearer ${SERVICE_KEY}`]))
})

test('are refused after 2 seconds where there is no work between requests', async () => {
  using server = aServer({ serviceKey: SERVICE_KEY, background: false })
  const token = await backend.token({ sid: SESSION })
  expect(await server.verify(token)).toMatchObject({ ok: true })
  backend.end(SESSION)
  server.pass(2 * SECOND)
  expect(await server.verify(token)).toEqual(refusal('SESSION_ENDED'))
})

test('one that ended before the program began is refused at once', async () => {
  backend.end(SESSION)
  using server = aServer({ serviceKey: SERVICE_KEY })
  expect(await server.verify(await backend.token({ sid: SESSION }))).toEqual(refusal('SESSION_ENDED'))
})

test('a list that does not fit into one answer is read to its end', async () => {
  const id = (n: number) => `01900000-0000-7000-8000-00000000000${n}`
  const pages = [[id(1), id(2)], [id(3), id(4)], [SESSION], []]
  backend.answers.set('GET /v1/revocations', ({ query }) => {
    const at = Number(query.get('after') ?? 0)
    const sessions = (pages[at] ?? []).map((ended) => ({ id: ended, endedAt: new Date().toISOString() }))
    return { sessions, cursor: String(at + 1) }
  })
  using server = aServer({ serviceKey: SERVICE_KEY, background: false })
  expect(await server.verify(await backend.token({ sid: SESSION }))).toEqual(refusal('SESSION_ENDED'))
})

test('one call follows the list, however many requests come', async () => {
  using server = aServer({ serviceKey: SERVICE_KEY })
  const token = await backend.token()
  for (let n = 0; n < 50; n++) await server.verify(token)
  expect(backend.callsOf('GET', '/v1/revocations').length).toBeLessThanOrEqual(2)
})

test('a backend that answers at once is not called all the time', async () => {
  backend.answers.set('GET /v1/revocations', () => ({ sessions: [], cursor: '1' }))
  using server = aServer({ serviceKey: SERVICE_KEY })
  expect(await server.verify(await backend.token())).toMatchObject({ ok: true })
  await setTimeout(400)
  expect(backend.callsOf('GET', '/v1/revocations').length).toBeLessThanOrEqual(2)
})

test('are refused after the clock was set back, too', async () => {
  using server = aServer({ serviceKey: SERVICE_KEY, background: false })
  const token = await backend.token({ sid: SESSION })
  expect(await server.verify(token)).toMatchObject({ ok: true })
  backend.end(SESSION)
  server.pass(-3600 * SECOND)
  expect(await server.verify(token)).toEqual(refusal('SESSION_ENDED'))
  await server.verify(token)
  expect(backend.callsOf('GET', '/v1/revocations')).toHaveLength(3) // one, then two pages, then none
})

test('a process that has slept reads the list before it lets anyone in', async () => {
  using server = aServer({ serviceKey: SERVICE_KEY })
  const token = await backend.token({ sid: SESSION })
  expect(await server.verify(token)).toMatchObject({ ok: true })
  backend.ended.push(SESSION) // the open call does not hear of it
  server.pass(31 * SECOND)
  expect(await server.verify(token)).toEqual(refusal('SESSION_ENDED'))
})

test('on a runtime that sleeps between requests, no call stays open', async () => {
  process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'product'
  try {
    const server = aServer({ serviceKey: SERVICE_KEY })
    await server.verify(await backend.token())
    await server.verify(await backend.token())
    expect(backend.callsOf('GET', '/v1/revocations').map(({ query }) => query.get('wait'))).toEqual(['0'])
  } finally {
    delete process.env['AWS_LAMBDA_FUNCTION_NAME']
  }
})

test('without work between requests, the list is read at most every 2 seconds', async () => {
  using server = aServer({ serviceKey: SERVICE_KEY, background: false })
  const token = await backend.token()
  for (let n = 0; n < 50; n++) await server.verify(token)
  expect(backend.callsOf('GET', '/v1/revocations')).toHaveLength(1)
})

test.each([
  { background: true, onRevocationsLost: 'refuse' as const },
  { background: false, onRevocationsLost: 'refuse' as const },
  { background: true, onRevocationsLost: 'accept' as const },
  { background: false, onRevocationsLost: 'accept' as const },
])('a list that can not be read is forgiven for a minute, then the option decides: %o', async (how) => {
  using server = aServer({ serviceKey: SERVICE_KEY, ...how })
  const token = await backend.token()
  expect(await server.verify(token)).toMatchObject({ ok: true })
  backend.answers.set('GET /v1/revocations', () => ({ status: 503, reason: 'BUSY' }))
  backend.end('01900000-0000-7000-8000-0000000000ff') // ends the open call
  server.pass(3 * SECOND)
  expect(await server.verify(token)).toMatchObject({ ok: true })
  server.pass(60 * SECOND)
  const after = how.onRevocationsLost === 'accept' ? { ok: true } : { ok: false, reason: 'UNAVAILABLE', status: 503 }
  await vi.waitUntil(async () => (await server.verify(token)).ok === after.ok, 10_000)
  expect(await server.verify(token)).toMatchObject(after)
  backend.answers.clear()
  server.pass(SECOND)
  await vi.waitUntil(async () => (await server.verify(token)).ok, 10_000)
})

test('a program that begins while the list can not be read lets no one in, and says why', async () => {
  backend.answers.set('GET /v1/revocations', () => ({ status: 403, reason: 'SCOPE_REQUIRED' }))
  using server = aServer({ serviceKey: SERVICE_KEY })
  const verified = await server.verify(await backend.token())
  expect(verified).toMatchObject({ reason: 'UNAVAILABLE', message: expect.stringContaining('It is SCOPE_REQUIRED.') })
})

test.each([
  () => {
    throw new Error('The logger failed.')
  },
  () => Promise.reject(new Error('The logger failed.')),
])('a logger that fails does not stop the work in the background', async (onError) => {
  backend.answers.set('GET /v1/revocations', () => ({ status: 503, reason: 'BUSY' }))
  using server = aServer({ serviceKey: SERVICE_KEY, onError })
  const token = await backend.token()
  expect(await server.verify(token)).toEqual(refusal('UNAVAILABLE', 503))
  backend.answers.clear()
  await vi.waitUntil(async () => (await server.verify(token)).ok, 10_000)
})

test('a cursor that the backend no longer knows begins again, and forgets nothing', async () => {
  using server = aServer({ serviceKey: SERVICE_KEY, background: false })
  const token = await backend.token({ sid: SESSION })
  backend.end(SESSION)
  await server.verify(token)
  backend.received.length = 0
  backend.answers.set('GET /v1/revocations', ({ query }) =>
    query.has('after') ? { status: 400, reason: 'INVALID_INPUT' } : { sessions: [], cursor: 'new' },
  )
  server.pass(3 * SECOND)
  expect(await server.verify(token)).toEqual(refusal('SESSION_ENDED'))
  server.pass(3 * SECOND)
  expect(await server.verify(token)).toEqual(refusal('SESSION_ENDED'))
  expect(backend.callsOf('GET', '/v1/revocations').map(({ query }) => query.get('after'))).toEqual(['1', null])
})
