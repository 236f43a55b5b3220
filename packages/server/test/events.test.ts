import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createTollgateServer,
  memoryVersionStore,
  TollgateMisuse,
  TollgateRefusal,
  type TollgateEvent,
  type TollgateServerOptions,
} from '../src/index.ts'
import { ACCOUNT, ENTITLEMENTS, SERVICE_KEY, SmallBackend, USER } from './small-backend.ts'

const SECRET = `whsec_${Buffer.from('the secret of this endpoint').toString('base64')}`
const OTHER = `whsec_${Buffer.from('another secret, 16 bytes').toString('base64')}`
const NOW = 1_800_000_000

const server = (options: Partial<TollgateServerOptions> = {}) =>
  createTollgateServer({ url: 'https://api.example.com', now: () => NOW * 1000, ...options })

function anEvent(version: number, more: object = {}) {
  const data = { id: USER, email: `ada${version}@example.com` }
  return {
    ...{ id: `evt_${version}`, type: 'user.updated', timestamp: '2026-11-30T00:00:00.000Z', version },
    ...{ accountId: null, data, ...more },
  }
}

/** A delivery as the backend sends it. */
function delivery(
  body: unknown,
  how: { secret?: string; at?: number; headers?: Record<string, string> } = {},
): Request {
  const { secret = SECRET, at = NOW, headers = {} } = how
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`evt_1.${at}.${text}`).digest('base64')
  const all = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${signature}`,
    ...headers,
  }
  return new Request('https://product.test/events', { method: 'POST', body: text, headers: all })
}

describe('receiveEvents', () => {
  const receive = async (request: Request, options: { secret?: string | string[]; tolerance?: number } = {}) => {
    const seen: TollgateEvent[] = []
    const response = await server().receiveEvents(request, (event) => void seen.push(event), {
      secret: SECRET,
      ...options,
    })
    return { status: response.status, seen: seen.length }
  }

  test('gives the handler a genuine event, and answers 204', async () => {
    const seen: TollgateEvent[] = []
    const response = await server().receiveEvents(delivery(anEvent(1)), (event) => void seen.push(event), {
      secret: SECRET,
    })
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(seen).toEqual([anEvent(1)])
  })

  test('accepts each of several secrets, and one of several signatures', async () => {
    const both = { secret: [OTHER, SECRET] }
    expect(await receive(delivery(anEvent(1)), both)).toEqual({ status: 204, seen: 1 })
    expect(await receive(delivery(anEvent(1), { secret: OTHER }), both)).toEqual({ status: 204, seen: 1 })
    const good = delivery(anEvent(1)).headers.get('webhook-signature')
    const headers = { 'webhook-signature': `v1a,${'x'.repeat(86)} v1,!!! v1,AAAA ${good}` }
    expect(await receive(delivery(anEvent(1), { headers }))).toEqual({ status: 204, seen: 1 })
  })

  test('refuses what is not genuine, and the handler does not see it', async () => {
    const tampered = new Request(delivery(anEvent(1)), { body: JSON.stringify(anEvent(2)), method: 'POST' })
    const wrong: [string, Request, number][] = [
      ['another secret', delivery(anEvent(1), { secret: OTHER }), 401],
      ['another body', tampered, 401],
      ['another id', delivery(anEvent(1), { headers: { 'webhook-id': 'evt_2' } }), 401],
      ['another time', delivery(anEvent(1), { headers: { 'webhook-timestamp': String(NOW + 1) } }), 401],
      ['a shorter signature', delivery(anEvent(1), { headers: { 'webhook-signature': 'v1,AAAA' } }), 401],
      ['no signature', delivery(anEvent(1), { headers: { 'webhook-signature': '' } }), 401],
      ['a time that is none', delivery(anEvent(1), { headers: { 'webhook-timestamp': 'now' } }), 401],
      ['too old', delivery(anEvent(1), { at: NOW - 301 }), 401],
      ['too new', delivery(anEvent(1), { at: NOW + 301 }), 401],
      ['no JSON', delivery('hello'), 400],
      ['no event', delivery({ ...anEvent(1), version: 'one' }), 400],
      ['too large', delivery(anEvent(1, { more: 'x'.repeat(1_048_576) })), 413],
      ['not a POST', new Request('https://product.test/events'), 405],
    ]
    for (const [what, request, status] of wrong) {
      expect([what, await receive(request)]).toEqual([what, { status, seen: 0 }])
    }
    expect(await receive(delivery(anEvent(1), { at: NOW - 300 }))).toEqual({ status: 204, seen: 1 })
  })

  test('reads a body that comes byte by byte, and answers 400 to one that is cut off', async () => {
    const signed = delivery(anEvent(1, { more: 'x'.repeat(40_000) }))
    const { url, method, headers } = signed
    const bytes = new Uint8Array(await signed.arrayBuffer())
    const streamed = (start: (controller: ReadableStreamDefaultController) => void) =>
      new Request(url, { method, headers, body: new ReadableStream({ start }), duplex: 'half' })
    const inBytes = streamed((controller) => {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    })
    expect(await receive(inBytes)).toEqual({ status: 204, seen: 1 })
    const cutOff = streamed((controller) => controller.error(new Error('The connection was lost.')))
    expect(await receive(cutOff)).toEqual({ status: 400, seen: 0 })
  })

  test('a tolerance that is no number does not let old deliveries in', async () => {
    const old = delivery(anEvent(1), { at: NOW - 3600 })
    await expect(receive(old, { tolerance: Number.NaN })).rejects.toThrow('tolerance must be a number')
  })

  test('the test of an endpoint is answered, and the handler does not see it', async () => {
    const body = anEvent(1, { type: 'webhook.test', data: { id: ACCOUNT, test: true } })
    expect(await receive(delivery(body))).toEqual({ status: 204, seen: 0 })
    expect(await receive(delivery(body, { secret: OTHER }))).toEqual({ status: 401, seen: 0 })
  })

  test('a malformed secret and a body that was read are mistakes of the program', async () => {
    for (const secret of ['', 'whsec_', 'whsec_abc', 'not a secret', []]) {
      await expect(receive(delivery(anEvent(1)), { secret: secret as string })).rejects.toThrow(TollgateMisuse)
    }
    const read = delivery(anEvent(1))
    await read.text()
    await expect(receive(read)).rejects.toThrow('was read before')
    const locked = delivery(anEvent(1))
    locked.body?.getReader()
    await expect(receive(locked)).rejects.toThrow('was read before')
  })

  test('whatever order events arrive in, and however often, the handler sees each object grow', async () => {
    const it = server()
    const seen: number[] = []
    for (const version of [2, 1, 2, 5, 3, 5, 4, 6]) {
      const handler = (event: TollgateEvent) => void seen.push(event.version)
      expect((await it.receiveEvents(delivery(anEvent(version)), handler, { secret: SECRET })).status).toBe(204)
    }
    expect(seen).toEqual([2, 5, 6])
  })

  test('objects have their own versions: by kind, by id, and members by both ids', async () => {
    const it = server()
    const member = (userId: string) => ({ type: 'member.added', data: { accountId: ACCOUNT, userId, role: 'member' } })
    const events = [
      anEvent(3),
      anEvent(1, { data: { id: ACCOUNT } }),
      anEvent(1, { type: 'account.updated', data: { id: USER } }),
      anEvent(1, member(USER)),
      anEvent(1, member(ACCOUNT)),
      anEvent(1, { type: 'something.new', data: {} }),
      anEvent(2, { type: 'user.deleted' }), // older than the first one
    ]
    const seen: string[] = []
    for (const event of events) {
      await it.receiveEvents(delivery(event), ({ type, version }) => void seen.push(`${type} ${version}`), {
        secret: SECRET,
      })
    }
    const rest = ['user.updated 1', 'account.updated 1', 'member.added 1', 'member.added 1', 'something.new 1']
    expect(seen).toEqual(['user.updated 3', ...rest])
  })

  test('a handler that fails gets the event again, and the error is told', async () => {
    const errors: unknown[] = []
    const it = server({ onError: (error) => errors.push(error) })
    const failure = new Error('the database is down')
    const options = { secret: SECRET }
    const failing = await it.receiveEvents(delivery(anEvent(1)), () => Promise.reject(failure), options)
    expect(failing.status).toBe(500)
    expect(await failing.text()).not.toContain('database')
    expect(errors).toEqual([failure])
    let seen = 0
    expect((await it.receiveEvents(delivery(anEvent(1)), () => void seen++, options)).status).toBe(204)
    expect(seen).toBe(1)
  })

  test('an event makes the entitlements of its account be asked for again', async () => {
    await using backend = await SmallBackend.start()
    const it = server({ url: backend.url, serviceKey: SERVICE_KEY })
    await it.entitlements(ACCOUNT)
    const data = { id: ACCOUNT, ...ENTITLEMENTS }
    const event = anEvent(1, { type: 'entitlements.changed', accountId: ACCOUNT, data })
    await it.receiveEvents(delivery(event), () => undefined, { secret: SECRET })
    await it.entitlements(ACCOUNT)
    expect(backend.received).toHaveLength(2)
  })
})

describe('a store of versions in memory', () => {
  test('runs work about one object one after the other, and never an older version after a newer one', async () => {
    const store = memoryVersionStore()
    const log: string[] = []
    const work = (version: number) => async () => {
      log.push(`begin ${version}`)
      await new Promise(setImmediate)
      log.push(`end ${version}`)
    }
    const ran = await Promise.all([1, 3, 2, 4].map(async (version) => store.advance('user:1', version, work(version))))
    expect(ran).toEqual([true, true, false, true])
    expect(log).toEqual(['begin 1', 'end 1', 'begin 3', 'end 3', 'begin 4', 'end 4'])
  })

  test('goes on if earlier work never ends, where a runtime may cancel it', async () => {
    const store = memoryVersionStore({ longestWait: 20 })
    void store.advance('user:1', 1, () => new Promise(() => undefined))
    expect(await store.advance('user:1', 2, () => Promise.resolve())).toBe(true)
  })

  test('remembers the newest version, also if older work ends after newer work', async () => {
    const store = memoryVersionStore({ longestWait: 1 })
    const { promise, resolve } = Promise.withResolvers<void>()
    const slow = store.advance('user:1', 1, () => promise)
    expect(await store.advance('user:1', 2, () => Promise.resolve())).toBe(true)
    resolve()
    await slow
    expect(await store.advance('user:1', 2, () => Promise.resolve())).toBe(false)
  })

  test('remembers nothing of work that fails', async () => {
    const store = memoryVersionStore()
    await expect(store.advance('user:1', 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await store.advance('user:1', 1, () => Promise.resolve())).toBe(true)
    expect(await store.advance('user:1', 1, () => Promise.resolve())).toBe(false)
  })
})

describe('feed', () => {
  let backend: SmallBackend
  let events: object[]
  beforeEach(async () => {
    backend = await SmallBackend.start()
    events = Array.from({ length: 5 }, (_, n) => anEvent(n + 1))
    backend.answers.set('GET /v1/events', ({ query }) => {
      const from = Number(query.get('after') ?? 0)
      const to = Math.min(events.length, from + Number(query.get('limit') ?? 100))
      return { events: events.slice(from, to), cursor: String(to), hasMore: to < events.length }
    })
  })
  afterEach(() => backend[Symbol.asyncDispose]())
  const it = (options: Partial<TollgateServerOptions> = {}) =>
    server({ url: backend.url, serviceKey: SERVICE_KEY, ...options })

  test('reads all events page by page, and goes on after a stored cursor', async () => {
    const pages: [number[], string][] = []
    for await (const page of it().feed({ follow: false, limit: 2, types: ['user.updated', 'user.created'] })) {
      pages.push([page.events.map(({ version }) => version), page.cursor])
    }
    expect(pages).toEqual([
      [[1, 2], '2'],
      [[3, 4], '4'],
      [[5], '5'],
    ])
    expect(backend.received[0]?.query.get('types')).toBe('user.updated,user.created')
    const rest: number[] = []
    for await (const page of it().feed({ follow: false, after: '3' }))
      rest.push(...page.events.map(({ version }) => version))
    expect(rest).toEqual([4, 5])
  })

  test('waits for more, and goes on after failures of the backend', async () => {
    const answer = backend.answers.get('GET /v1/events')
    const failures = ['a broken connection' as const, { status: 429, reason: 'RATE_LIMITED', retryAfter: 1 }]
    const calledAt: number[] = []
    backend.answers.set('GET /v1/events', (call) => {
      calledAt.push(performance.now())
      return failures.shift() ?? answer?.(call) ?? {}
    })
    const errors: unknown[] = []
    const stop = new AbortController()
    const seen: number[] = []
    for await (const page of it({ onError: (error) => errors.push(error) }).feed({ signal: stop.signal })) {
      seen.push(...page.events.map(({ version }) => version))
      if (seen.length === 5) events.push(anEvent(6))
      else stop.abort()
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6])
    expect(errors).toHaveLength(2)
    expect((calledAt[2] ?? 0) - (calledAt[1] ?? 0)).toBeGreaterThanOrEqual(990) // as long as the backend asks for
    expect(backend.received.at(-1)?.query.get('wait')).toBe('20')
  })

  test('a backend that answers at once is not called all the time', async () => {
    const pages = it().feed({ after: '5', signal: AbortSignal.timeout(400) })
    expect(await pages.next()).toMatchObject({ done: true })
    expect(backend.received).toHaveLength(1)
  })

  test('a refusal ends the feed', async () => {
    backend.answers.set('GET /v1/events', () => ({ status: 403, reason: 'SCOPE_REQUIRED' }))
    await expect(it().feed().next()).rejects.toThrow(TollgateRefusal)
  })
})
