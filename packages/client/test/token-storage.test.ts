import { afterEach, expect, test, vi } from 'vitest'
import { createTollgateClient } from '../src/create-client.ts'
import type { TokenStorage } from '../src/token-keeper.ts'
import { aSession, fakeBackend, noSession, refusal, type Answer, type ReceivedCall } from './fake-backend.ts'

afterEach(() => void vi.unstubAllGlobals())

const KEY = 'tollgate.api.example_base'
const login = { email: 'ada@example.com', password: '-' }

/** A storage as the keychain's, whose next calls can be made to fail. */
function aStorage(token?: string) {
  const values = new Map(token === undefined ? [] : [[KEY, token]])
  const failures = { get: 0, set: 0 }
  const fail = (name: keyof typeof failures) => {
    if (failures[name]-- > 0) throw new Error(`${name}: the device is locked`)
  }
  const storage = {
    async get(key: string) {
      await Promise.resolve()
      fail('get')
      return values.get(key) ?? null
    },
    async set(key: string, value: string) {
      await Promise.resolve()
      fail('set')
      values.set(key, value)
    },
    async remove(key: string) {
      await Promise.resolve()
      values.delete(key)
    },
  }
  return { storage, values, failures }
}

/** The app of one person. The access tokens of its logins have expired already. */
function anApp(kept: { storage: TokenStorage }, renew: (call: ReceivedCall) => Answer, refreshTimeoutMs?: number) {
  const ended: string[] = []
  const backend = fakeBackend((call) => {
    if (call.path === 'auth.login') return aSession('ada', 'expired', { refreshToken: 'r1' })
    if (call.path === 'auth.refresh' || call.path === 'auth.restore') return renew(call)
    if (call.path === 'auth.logout') return Response.json({ result: { data: { json: {} } } })
    if (call.headers.get('authorization')?.endsWith('expired')) return refusal('INVALID_TOKEN')
    return Response.json({ result: { data: { json: { id: 'ada' } } } })
  })
  const { storage } = kept
  const url = 'http://api.example/base'
  const onSessionEnd = (why: string) => ended.push(why)
  const client = createTollgateClient({ url, storage, fetch: backend.fetch, onSessionEnd, refreshTimeoutMs })
  const renewals = () => backend.calls.filter(({ path }) => path === 'auth.refresh' || path === 'auth.restore')
  return { ...client, backend, ended, renewals }
}

const next = (refreshToken: string) => aSession('ada', 'fresh', { refreshToken, refreshExpiresAt: '2027-01-01' })

test('the token is stored, renewed once for all calls, and not shown to the app', async () => {
  const kept = aStorage()
  const app = anApp(kept, () => next('r2'))
  expect(await app.api.auth.login.mutate(login)).not.toHaveProperty('refreshToken')
  expect([...kept.values]).toEqual([[KEY, 'r1']])
  await Promise.all([1, 2, 3].map(() => app.api.auth.me.query()))
  expect(app.renewals().map(({ input }) => input)).toEqual([{ refreshToken: 'r1' }])
  expect([...kept.values]).toEqual([[KEY, 'r2']])
  expect(JSON.stringify(app.session.state)).not.toContain('r2')
  for (const { headers, credentials } of app.backend.calls) {
    expect([headers.get('x-tollgate-transport'), headers.get('cookie'), credentials]).toEqual(['body', null, 'omit'])
  }
})

test('after a restart the session is restored, with the token that another part of the app has renewed', async () => {
  const kept = aStorage('r5')
  const app = anApp(kept, () => next('r6'))
  expect((await app.session.restore())?.user.id).toBe('ada')
  kept.values.set(KEY, 'r7')
  await app.session.restore()
  expect(app.renewals().map(({ input }) => input)).toEqual([{ refreshToken: 'r5' }, { refreshToken: 'r7' }])
})

test('a logout sends the token and removes it', async () => {
  const kept = aStorage('r5')
  const app = anApp(kept, () => next('r6'))
  await app.session.restore()
  await app.api.auth.logout.mutate()
  expect(app.backend.calls.at(-1)?.input).toEqual({ refreshToken: 'r6' })
  expect([...kept.values]).toEqual([])
})

test('a storage that cannot be read now is no logout', async () => {
  const kept = aStorage('r5')
  const app = anApp(kept, () => next('r6'))
  kept.failures.get = 1
  await expect(app.session.restore()).rejects.toThrow('the device is locked')
  expect([app.session.state.status, app.backend.calls]).toEqual(['unreachable', []])
  expect((await app.session.restore())?.user.id).toBe('ada')
})

test('a storage that cannot be written keeps the session, and the next renewal uses the newest token', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const kept = aStorage('r1')
  const tokens = ['r2', 'r3', 'r4']
  const app = anApp(kept, () => next(tokens.shift() ?? ''))
  kept.failures.set = 2
  await app.session.restore()
  await app.session.restore()
  await app.session.restore()
  expect(app.renewals().map(({ input }) => input)).toEqual(['r1', 'r2', 'r3'].map((refreshToken) => ({ refreshToken })))
  expect([...kept.values]).toEqual([[KEY, 'r4']])
  expect(warn).toHaveBeenCalledTimes(1)
  warn.mockRestore()
})

test('a storage that hangs delays a login or a logout, and its writes keep their order', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const { promise: hanging, resolve } = Promise.withResolvers<void>()
  const written: string[] = []
  const storage: TokenStorage = {
    get: () => hanging.then(() => null),
    set: (_key, value) => hanging.then(() => written.push(value)),
    remove: () => hanging.then(() => written.push('nothing')),
  }
  const app = anApp({ storage }, () => next('r2'), 1500)
  await app.api.auth.logout.mutate()
  expect(app.backend.calls.at(-1)).toMatchObject({ path: 'auth.logout', input: null })
  await app.api.auth.login.mutate(login)
  await app.session.restore()
  expect(app.renewals().map(({ input }) => input)).toEqual([{ refreshToken: 'r1' }])
  expect(app.session.current?.accessToken).toBe('fresh')
  expect([written, warn.mock.calls.length]).toEqual([[], 1])
  resolve()
  await expect.poll(() => written).toEqual(['nothing', 'r1', 'r2'])
  warn.mockRestore()
})

test('a storage that hangs delays a login with Google, and does not end it', async () => {
  const never = () => new Promise<never>(() => {})
  const storage: TokenStorage = { get: never, set: never, remove: never }
  const { fetch } = fakeBackend(({ path }) => {
    if (path === 'auth.exchangeOAuthCode') return aSession('ada', 'fresh')
    return Response.json({ result: { data: { json: { url: 'https://api.example/google', codeVerifier: 'v' } } } })
  })
  const start = () => createTollgateClient({ url: 'http://api.example', storage, fetch, refreshTimeoutMs: 150 })
  const app = start()
  expect(await app.beginOAuth('google', { returnTo: 'com.example.app:/login' })).toBe('https://api.example/google')
  expect((await app.exchangeOAuthCode('com.example.app:/login?code=c')).user.id).toBe('ada')
  await expect(start().exchangeOAuthCode('com.example.app:/login?code=c')).rejects.toThrow('storage did not answer')
})

test('an answer that comes after a login or logout does not replace its token', async () => {
  const { promise: late, resolve } = Promise.withResolvers<Response>()
  const kept = aStorage('r0')
  const app = anApp(kept, () => late)
  const restoring = app.session.restore()
  await expect.poll(() => app.renewals().length).toBe(1)
  await app.api.auth.login.mutate(login)
  resolve(next('too late'))
  await restoring
  expect([...kept.values]).toEqual([[KEY, 'r1']])
})

test.each<[what: string, answer: () => Answer, left: string[]]>([
  ['that is no longer good', () => noSession('REFRESH_TOKEN_INVALID'), []],
  ['that was reused', () => refusal('REFRESH_TOKEN_REUSED'), []],
  ['of another user', () => refusal('REPLACED'), ['r5']],
  ['that was not looked at', () => refusal('RATE_LIMITED', 429), ['r5']],
])('a token %s is removed only if it is worthless', async (_what, answer, left) => {
  const kept = aStorage('r5')
  await anApp(kept, answer)
    .session.restore()
    .catch(() => null)
  expect([...kept.values.values()]).toEqual(left)
})

test('a refresh token in an answer that is no session is not ours', async () => {
  const kept = aStorage('r5')
  const others = { refreshToken: 'of Google', session: { refreshToken: 'of GitHub' } }
  const { fetch } = fakeBackend(() => Response.json({ result: { data: { json: others } } }))
  const { api } = createTollgateClient({ url: 'http://api.example/base', storage: kept.storage, fetch })
  expect(await api.auth.me.query()).toEqual(others)
  expect([...kept.values]).toEqual([[KEY, 'r5']])
})

test('an empty entry of the storage is no token', async () => {
  const app = anApp(aStorage(''), () => noSession())
  expect(await app.session.restore()).toBeNull()
  expect(app.renewals().map(({ input }) => input)).toEqual([null])
})

test('in a browser, the token stays in its cookie', async () => {
  vi.stubGlobal('document', {})
  const kept = aStorage('r5')
  const app = anApp(kept, () => aSession('ada'))
  await app.session.restore()
  const [call] = app.renewals()
  expect([call?.credentials, call?.headers.get('x-tollgate-transport'), call?.input]).toEqual(['include', null, null])
})

test('cookies and a storage together are refused', () => {
  const { storage } = aStorage()
  expect(() => createTollgateClient({ url: 'http://api.example', cookies: 'memory', storage })).toThrow('not both')
})
