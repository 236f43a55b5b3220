import { createSecretKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTollgateServer, TollgateMisuse, type TollgateServerOptions } from '../src/index.ts'
import { SERVICE_KEY, SmallBackend, USER } from './small-backend.ts'

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

describe('a backend that signs with a secret', () => {
  beforeEach(() => backend.keys.splice(0))
  const hs256 = async (jti = 'one') =>
    new SignJWT({ jti }).setProtectedHeader({ alg: 'HS256', kid: 'secret' }).sign(createSecretKey(Buffer.alloc(32)))
  const ACTIVE = {
    active: true,
    user: {
      ...{ id: USER, email: 'ada@example.com', username: 'ada', isVerified: true, isActive: true, isAdmin: false },
      ...{ provider: 'local', publicData: { team: 'blue' }, createdAt: '2026-01-01T00:00:00.000Z' },
    },
    sessionId: SESSION,
    expiresAt: '2099-01-01T00:00:00.000Z',
  }

  test('is asked about each token once', async () => {
    backend.answers.set('POST /v1/introspect', () => ACTIVE)
    using server = aServer({ serviceKey: SERVICE_KEY })
    const token = await hs256()
    const known = { userId: USER, sessionId: SESSION, isVerified: true, isAdmin: false }
    expect(await server.verify(token)).toMatchObject({ ok: true, session: known })
    expect(await server.verify(token)).toMatchObject({ ok: true, session: known })
    expect(backend.callsOf('POST', '/v1/introspect').map(({ body }) => body)).toEqual([{ token }])
    backend.end(SESSION)
    await vi.waitUntil(async () => !(await server.verify(token)).ok, 10_000)
    expect(await server.verify(token)).toEqual(refusal('SESSION_ENDED'))
  })

  test('is asked the same while it has public keys already, but still signs with the secret', async () => {
    await backend.addKey('next')
    backend.answers.set('POST /v1/introspect', () => ACTIVE)
    using server = aServer({ serviceKey: SERVICE_KEY })
    expect(await server.verify(await hs256())).toMatchObject({ ok: true })
    expect(await aServer().verify(await hs256())).toEqual(refusal('INVALID_TOKEN'))
  })

  test('is asked about a refused token once, and about no more than 25 tokens in a second', async () => {
    backend.answers.set('POST /v1/introspect', () => ({ active: false }))
    using server = aServer({ serviceKey: SERVICE_KEY, now: () => 1_800_000_000_000 })
    const tokens = await Promise.all(Array.from({ length: 30 }, async (_, n) => hs256(`token ${n}`)))
    for (const token of [...tokens, ...tokens]) expect(await server.verify(token)).toMatchObject({ ok: false })
    expect(backend.callsOf('POST', '/v1/introspect')).toHaveLength(25)
    expect(await server.verify(tokens[0])).toEqual(refusal('INVALID_TOKEN'))
    expect(await server.verify(tokens[29])).toEqual(refusal('UNAVAILABLE', 503))
  })

  test('is asked once about a token of many requests', async () => {
    backend.answers.set('POST /v1/introspect', () => ACTIVE)
    using server = aServer({ serviceKey: SERVICE_KEY })
    const token = await hs256()
    const outcomes = await Promise.all(Array.from({ length: 30 }, async () => server.verify(token)))
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    expect(backend.callsOf('POST', '/v1/introspect')).toHaveLength(1)
  })

  test('may give tokens that are valid for weeks: their sessions stay ended', async () => {
    backend.answers.set('POST /v1/introspect', () => ACTIVE)
    const server = aServer({ serviceKey: SERVICE_KEY, background: false })
    const token = await hs256()
    expect(await server.verify(token)).toMatchObject({ ok: true })
    backend.end(SESSION)
    for (const hours of [1, 25, 25]) {
      server.pass(hours * 3600 * SECOND)
      expect(await server.verify(token)).toEqual(refusal('SESSION_ENDED'))
    }
  })

  test('can be asked about any token, and tells the user', async () => {
    backend.answers.set('POST /v1/introspect', () => ACTIVE)
    const server = aServer({ serviceKey: SERVICE_KEY })
    const { createdAt, ...user } = ACTIVE.user
    const told = { ok: true, user: { ...user, createdAt: new Date(createdAt) } }
    expect(await server.introspect(await hs256())).toMatchObject(told)
    expect(await server.introspect(null)).toEqual(refusal('TOKEN_MISSING'))
    backend.answers.set('POST /v1/introspect', () => ({ active: false }))
    expect(await server.introspect(await hs256())).toEqual(refusal('INVALID_TOKEN'))
  })

  test('needs a service key, or public keys', async () => {
    await expect(aServer().verify(await hs256())).rejects.toThrow(TollgateMisuse)
    await expect(aServer().verify(await hs256())).rejects.toThrow('Set its ACCESS_TOKEN_PRIVATE_KEY')
  })
})
