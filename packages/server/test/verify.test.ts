import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createBackend } from '../src/http/backend.ts'
import { createTollgateServer, type TollgateServerOptions } from '../src/index.ts'
import { readOptions } from '../src/options.ts'
import { createPublicKeys, type PublicKey, type PublicKeys } from '../src/tokens/public-keys.ts'
import { createOfflineVerification } from '../src/tokens/verify-offline.ts'
import { hostileTokens } from './hostile-tokens.ts'
import { SmallBackend, USER } from './small-backend.ts'

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

const jwksCalls = () => backend.callsOf('GET', '/.well-known/jwks.json').length
const refusal = (reason: string, status = 401) => expect.objectContaining({ ok: false, reason, status })

describe('verify', () => {
  test('tells who sends a request, from the header of a request and from the token itself', async () => {
    const server = aServer()
    const token = await backend.token({ sid: SESSION, adm: true })
    const headers = { authorization: `Bearer ${token}` }
    for (const from of [new Request('https://product.test/', { headers }), headers.authorization, token]) {
      expect(await server.verify(from)).toEqual({
        ok: true,
        session: {
          ...{ userId: USER, sessionId: SESSION, isVerified: true, isAdmin: true },
          expiresAt: expect.any(Date),
        },
      })
    }
    expect(backend.received).toHaveLength(1) // the keys, once
  })

  test('a request without a bearer token has no session', async () => {
    const server = aServer()
    const none = [undefined, null, '', 'Basic YTpi', new Request('https://product.test/')]
    for (const from of none) expect(await server.verify(from)).toEqual(refusal('TOKEN_MISSING'))
    expect(backend.received).toEqual([])
  })

  test('refuses what is not an access token of this backend', async () => {
    const server = aServer()
    expect(await server.verify(await backend.token())).toMatchObject({ ok: true })
    for (const [what, token] of Object.entries(await hostileTokens(backend))) {
      expect([what, await server.verify(token)]).toEqual([what, refusal('INVALID_TOKEN')])
    }
    expect(await server.verify(await backend.token())).toMatchObject({ ok: true })
  })

  test('says the same of every token, whether the runtime or jose checks its signature', async () => {
    const at = Math.floor(Date.now() / SECOND)
    const settings = readOptions({ url: backend.url, now: () => at * SECOND + 500 })
    const keys = createPublicKeys(settings, createBackend(settings))
    let checks = 0
    const counted = ({ key, check }: PublicKey): PublicKey => {
      const counting: PublicKey['check'] = (...signed) => {
        checks += 1
        return check?.(...signed) ?? false
      }
      return { key, check: counting }
    }
    const change = (how: (key: PublicKey) => PublicKey): PublicKeys => ({
      ...keys,
      known: (id) => mapped(keys.known(id), how),
      find: async (id) => mapped(await keys.find(id), how),
    })
    const mapped = (key: PublicKey | undefined, how: (key: PublicKey) => PublicKey) => key && how(key)
    const verifyAtOnce = createOfflineVerification(settings, change(counted))
    const verifyWithJose = createOfflineVerification(
      settings,
      change(({ key }) => ({ key, check: undefined })),
    )
    const good = await backend.token()
    const first = await verifyAtOnce(good) // jose reads its header

    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ '
    const oneOff = Array.from(good, (character, place) => {
      const other = characters[(characters.indexOf(character) + 1 + (place % 60)) % characters.length] ?? ''
      return good.slice(0, place) + other + good.slice(place + 1)
    })
    const times = { now: at, 'a moment': at + 1, before: at - 1 }
    const sessions = [good, await backend.token({ aud: ['another', 'tollgate'] }), await backend.token({ nbf: at })]
    const all = {
      ...(await hostileTokens(backend)),
      ...Object.fromEntries([...sessions, ...oneOff, `${good}=`, `${good}\n`, ` ${good}`].entries()),
      ...Object.fromEntries(
        await Promise.all(
          Object.entries(times).map(async ([when, exp]) => [when, await backend.token({ exp })] as const),
        ),
      ),
    }
    for (const [what, token] of Object.entries(all)) {
      expect([what, await verifyAtOnce(token)]).toEqual([what, await verifyWithJose(token)])
    }
    expect(first).toMatchObject({ ok: true })
    for (const token of sessions) expect(await verifyAtOnce(token)).toMatchObject({ ok: true })
    expect(checks).toBeGreaterThan(good.length / 2) // most of them have the header that jose has read
  })

  test('a token that expires is refused from then on, also if it was verified before', async () => {
    const server = aServer()
    const token = await backend.token()
    expect(await server.verify(token)).toMatchObject({ ok: true })
    server.pass(901 * SECOND)
    expect(await server.verify(token)).toEqual(refusal('TOKEN_EXPIRED'))
    const at = Math.floor(Date.now() / SECOND)
    expect(await aServer().verify(await backend.token({ iat: at - 900, exp: at - 1 }))).toEqual(
      refusal('TOKEN_EXPIRED'),
    )
  })

  test('claims that are missing or no boolean give no rights', async () => {
    const token = await backend.token({ ver: undefined, adm: 'yes' })
    expect(await aServer().verify(token)).toMatchObject({ session: { isVerified: false, isAdmin: false } })
  })

  test('says which option does not fit the backend', async () => {
    const verified = await aServer({ issuer: 'https://api.example.com' }).verify(await backend.token())
    expect(verified).toMatchObject({
      message: expect.stringContaining('the option issuer is "https://api.example.com"'),
    })
  })
})

describe('public keys', () => {
  test('a new key is fetched when its first token comes, and the old one works on', async () => {
    const server = aServer()
    const old = await backend.token()
    await server.verify(old)
    const key = await backend.addKey('second')
    expect(await server.verify(await backend.token({}, { key }))).toMatchObject({ ok: true })
    expect(await server.verify(await backend.token())).toMatchObject({ ok: true })
    expect(jwksCalls()).toBe(2)
  })

  test('unknown keys cause one fetch in 30 seconds', async () => {
    const server = aServer()
    await server.verify(await backend.token())
    const [key] = backend.keys
    if (!key) throw new Error('The backend has no key.')
    const tokens = await Promise.all(['a', 'b', 'c'].map(async (id) => backend.token({}, { key: { ...key, id } })))
    await Promise.all(tokens.map((token) => server.verify(token)))
    expect(jwksCalls()).toBe(2)
    server.pass(30 * SECOND)
    await Promise.all(tokens.map((token) => server.verify(token)))
    expect(jwksCalls()).toBe(3)
  })

  test('while the keys can not be fetched, an unknown key is not called wrong, and causes one try in 5 seconds', async () => {
    const server = aServer()
    await server.verify(await backend.token())
    const key = await backend.addKey('second')
    const [one, other] = [await backend.token({}, { key }), await backend.token({}, { key })]
    backend.answers.set('GET /.well-known/jwks.json', () => ({ status: 503, reason: 'BUSY' }))
    expect(await server.verify(one)).toEqual(refusal('UNAVAILABLE', 503))
    const calls = jwksCalls()
    expect(await server.verify(other)).toEqual(refusal('UNAVAILABLE', 503))
    expect(await server.verify(await backend.token())).toMatchObject({ ok: true })
    expect(jwksCalls()).toBe(calls)
    backend.answers.clear()
    server.pass(5 * SECOND)
    expect(await server.verify(one)).toMatchObject({ ok: true })
  })

  test('many first requests cause one fetch', async () => {
    const server = aServer()
    const tokens = await Promise.all(Array.from({ length: 20 }, async () => backend.token()))
    const outcomes = await Promise.all(tokens.map((token) => server.verify(token)))
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    expect(jwksCalls()).toBe(1)
  })

  test('old keys are fetched again in the background, and stay in use while that fails', async () => {
    const errors: unknown[] = []
    const server = aServer({ onError: (error) => errors.push(error) })
    await server.verify(await backend.token())
    backend.answers.set('GET /.well-known/jwks.json', () => ({ status: 503, reason: 'BUSY' }))
    server.pass(301 * SECOND)
    const token = await backend.token({ exp: Math.floor(Date.now() / SECOND) + 200_000 })
    expect(await server.verify(token)).toMatchObject({ ok: true })
    await vi.waitUntil(() => errors.length === 1, 10_000)
    server.pass(24 * 3600 * SECOND)
    const another = await backend.token({ exp: Math.floor(Date.now() / SECOND) + 200_000 })
    expect(await server.verify(another)).toEqual(refusal('UNAVAILABLE', 503))
  })

  test('a key that the backend no longer has stops working', async () => {
    const server = aServer()
    const known = await backend.token()
    expect(await server.verify(known)).toMatchObject({ ok: true })
    const [old] = backend.keys.splice(0)
    await backend.addKey('second')
    const another = await backend.token({}, { key: old })
    server.pass(301 * SECOND)
    await vi.waitUntil(async () => !(await server.verify(known)).ok, 10_000)
    expect(await server.verify(known)).toEqual(refusal('INVALID_TOKEN'))
    expect(await server.verify(another)).toEqual(refusal('INVALID_TOKEN'))
    expect(await server.verify(await backend.token())).toMatchObject({ ok: true })
    expect(jwksCalls()).toBeLessThanOrEqual(3)
  })

  test('a refresh that the runtime canceled with its request does not keep old keys in use', async () => {
    let isCanceled = false
    const canceled = () => new Promise<never>(() => undefined)
    const server = aServer({ background: false, fetch: (...call) => (isCanceled ? canceled() : fetch(...call)) })
    await server.verify(await backend.token())
    const old = await backend.token()
    backend.keys.splice(0)
    server.pass(301 * SECOND)
    isCanceled = true
    void server.verify(old)
    isCanceled = false
    expect(await server.verify(old)).toMatchObject({ ok: true })
    server.pass(30 * SECOND)
    expect(await server.verify(old)).toEqual(refusal('INVALID_TOKEN'))
  })

  test('without an answer of the backend, nothing is known about a token', async () => {
    backend.answers.set('GET /.well-known/jwks.json', () => 'nothing')
    const verified = await aServer({ timeout: 100 }).verify(await backend.token())
    expect(verified).toEqual(refusal('UNAVAILABLE', 503))
    expect(verified).toMatchObject({ message: expect.stringContaining('did not answer in time') })
  })
})

test('wrong options are refused with the name of the option, and never with the key', () => {
  const wrong: [Partial<TollgateServerOptions>, string][] = [
    [{ url: 'api.example.com' }, 'url must be'],
    [{ url: 'ftp://api.example.com' }, 'url must be'],
    [{ url: 'https://ada:verysecret@api.example.com' }, 'url must be'],
    [{ url: 'https://api.example.com/?key=verysecret' }, 'url must be'],
    [{ serviceKey: 'sk_live_verysecret' }, 'serviceKey must be'],
    [{ timeout: 0 }, 'timeout must be'],
    [{ revocationPatience: -1 }, 'revocationPatience must be'],
    [{ entitlementsFor: Number.NaN }, 'entitlementsFor must be'],
  ]
  for (const [options, message] of wrong) {
    expect(() => aServer(options)).toThrow(message)
    expect(() => aServer(options)).not.toThrow('verysecret')
  }
})
