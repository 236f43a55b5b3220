import { describe, expect, test } from 'vitest'
import { createTollgateServerClient } from '../src/create-server-client.ts'
import type { SetCookieOptions } from '../src/server-cookies.ts'
import type { Visitor } from '../src/visitor.ts'
import { aSession, fakeBackend, refusal, type ReceivedCall } from './fake-backend.ts'

const url = 'http://api.example'
const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3600

/** A token whose claims can be read. The fake backend believes it. */
const aToken = (sub: string, sid: string, exp = IN_AN_HOUR) => `e30.${btoa(JSON.stringify({ sub, sid, exp }))}.x`
const nameIn = (token: string | null | undefined) => /"sub":"(\w+)"/.exec(atob(token?.split('.')[1] ?? ''))?.[1]

/** A backend that believes every token, except the access tokens that a test calls refused. */
function aBackend({ refused = [] as string[], secure = true } = {}) {
  return fakeBackend(({ path, headers }: ReceivedCall) => {
    if (path === 'auth.refresh' || path === 'auth.restore') {
      const name = nameIn(/refresh_token=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1]) ?? ''
      const session = aSession(name, aToken(name, `sid of ${name}`), { expiresAt: '2027-01-01T00:00:00.000Z' })
      const scope = `; Max-Age=600; Path=/; HttpOnly;${secure ? ' Secure;' : ''} SameSite=Lax`
      if (secure) session.headers.append('set-cookie', `__Host-refresh_token=${aToken(name, 'new')}${scope}`)
      session.headers.append('set-cookie', `refresh_token=${aToken(name, 'new')}${scope}`)
      return session
    }
    const token = headers.get('authorization')?.replace('Bearer ', '')
    if (!token || refused.includes(token)) return refusal('INVALID_TOKEN')
    return Response.json({ result: { data: { json: { id: nameIn(token), email: 'a@example.com' } } } })
  })
}

/** The cookies of a request and its response, as `cookies()` of Next.js has them. */
function aStore(cookies: Record<string, string>, { throws = false } = {}) {
  const values = new Map(Object.entries(cookies))
  const options = new Map<string, SetCookieOptions>()
  return {
    values,
    options,
    getAll: () => [...values].map(([name, value]) => ({ name, value })),
    set(name: string, value: string, how: SetCookieOptions) {
      if (throws) throw new Error('Cookies can only be modified in a Server Action or Route Handler.')
      if (value === '') values.delete(name)
      else values.set(name, value)
      options.set(name, how)
    },
  }
}

const refreshOf = (name: string) => aToken(name, `sid of ${name}`)
const accessOf = (name: string) => aToken(name, `sid of ${name}`, IN_AN_HOUR + 1)

describe('where cookies can be set', () => {
  test('a renewed session goes to the visitor, with the attributes of the backend', async () => {
    const store = aStore({ refresh_token: refreshOf('ada'), theme: 'dark' })
    const { fetch } = aBackend()
    const { api } = createTollgateServerClient({ url, fetch, cookies: store })
    expect(await api.auth.me.query()).toMatchObject({ id: 'ada' })
    const renewed = { path: '/', httpOnly: true, secure: true, sameSite: 'lax', maxAge: 600 }
    expect([store.options.get('__Host-refresh_token'), store.options.get('refresh_token')]).toEqual([renewed, renewed])
    expect(store.options.get('__Host-tollgate_access')).toMatchObject({ path: '/', httpOnly: true, secure: true })
    expect(store.options.get('__Host-tollgate_access')?.domain).toBeUndefined()
    expect(nameIn(store.values.get('__Host-tollgate_access'))).toBe('ada')
  })

  test('the next request needs no refresh, and a call of it no second try', async () => {
    const { fetch, paths } = aBackend()
    const cookies = aStore({ refresh_token: refreshOf('ada'), tollgate_access: accessOf('ada') })
    const { api, session, refreshSession } = createTollgateServerClient({ url, fetch, cookies })
    await api.auth.me.query()
    expect(await refreshSession()).toBe(true)
    expect((await session.restore())?.user.id).toBe('ada')
    expect(paths()).toEqual(['auth.me', 'auth.me'])
  })

  test('an access token that has ended is renewed, for the same user, once for all calls', async () => {
    const { fetch, calls, paths } = aBackend({ refused: [accessOf('ada')], secure: false })
    const cookies = aStore({ refresh_token: refreshOf('ada'), tollgate_access: accessOf('ada') })
    const { api } = createTollgateServerClient({ url, fetch, cookies })
    const callers = await Promise.all([1, 2, 3].map(() => api.auth.me.query()))
    expect(callers.map(({ id }) => id)).toEqual(['ada', 'ada', 'ada'])
    expect(paths().filter((path) => path !== 'auth.me')).toEqual(['auth.refresh'])
    expect(calls.find(({ path }) => path === 'auth.refresh')?.headers.get('x-tollgate-user')).toBe('ada')
    expect(cookies.values.get('tollgate_access')).not.toBe(accessOf('ada'))
  })

  test('an access token of another session than the refresh token is not used', async () => {
    const { fetch, calls } = aBackend()
    const cookies = aStore({ refresh_token: refreshOf('bob'), tollgate_access: accessOf('ada') })
    const { api } = createTollgateServerClient({ url, fetch, cookies })
    expect(await api.auth.me.query()).toMatchObject({ id: 'bob' })
    expect(calls.map(({ headers }) => nameIn(headers.get('authorization')))).not.toContain('ada')
  })

  test.each([
    ['no refresh cookie', { tollgate_access: accessOf('ada') }],
    ['an empty one', { refresh_token: '', tollgate_access: accessOf('ada') }],
    ['garbage', { tollgate_access: 'x.y.z' }],
  ])('a visitor with %s is a stranger, without a question to the backend', async (_what, cookies) => {
    const { fetch, paths } = aBackend()
    const { session, refreshSession } = createTollgateServerClient({ url, fetch, cookies: aStore(cookies) })
    expect([await session.restore(), await refreshSession(), paths()]).toEqual([null, false, []])
  })

  test.each(['a\nb', '\u20ac', 'a; __Host-refresh_token=b', 'a,b', '"'])(
    'a decoded refresh cookie that is none (%j) is not sent to the backend',
    async (value) => {
      const { fetch, paths } = aBackend()
      const { session } = createTollgateServerClient({ url, fetch, cookies: aStore({ refresh_token: value }) })
      expect([await session.restore(), paths()]).toEqual([null, []])
    },
  )

  test('a logout clears the cookies of a domain or of the host, as the browser has them', async () => {
    const lines = ['', '; Domain=example.com'].map((scope) => `__Secure-refresh_token=; Max-Age=0; Path=/${scope}`)
    const { fetch } = fakeBackend(() => {
      const answer = Response.json({ result: { data: { json: {} } } })
      for (const line of lines) answer.headers.append('set-cookie', line)
      return answer
    })
    const store = aStore({ '__Secure-refresh_token': refreshOf('ada'), tollgate_access: accessOf('ada') })
    await createTollgateServerClient({ url, fetch, cookies: store }).api.auth.logout.mutate()
    expect(store.options.get('__Secure-refresh_token')).toMatchObject({ domain: 'example.com', maxAge: 0 })
    expect([...store.values]).toEqual([])
  })
})

describe.each([
  ['without set', (cookies: Record<string, string>) => ({ getAll: aStore(cookies).getAll })],
  ['with a set that throws', (cookies: Record<string, string>) => aStore(cookies, { throws: true })],
  [
    'with the header only',
    (cookies: Record<string, string>) => ({
      header: Object.entries(cookies)
        .map((pair) => pair.join('='))
        .join('; '),
    }),
  ],
])('where cookies cannot be set, %s', (_how, readOnly) => {
  test('the session of the middleware is used', async () => {
    const { fetch, paths } = aBackend()
    const cookies = readOnly({ refresh_token: refreshOf('ada'), tollgate_access: accessOf('ada') })
    const { api, session } = createTollgateServerClient({ url, fetch, cookies })
    expect([(await api.auth.me.query()).id, (await session.restore())?.user.id]).toEqual(['ada', 'ada'])
    expect(paths()).toEqual(['auth.me', 'auth.me'])
  })

  test('nothing is ever refreshed or opened, and the error says where to do it', async () => {
    const { fetch, paths } = aBackend()
    const cookies = readOnly({ refresh_token: refreshOf('ada') })
    const { api, session } = createTollgateServerClient({ url, fetch, cookies })
    await expect(session.restore()).rejects.toThrow('Call refreshSession() in a middleware')
    await expect(api.auth.me.query()).rejects.toThrow('Call refreshSession() in a middleware')
    await expect(api.auth.login.mutate({ email: 'a@b.example', password: '-' })).rejects.toThrow('in a middleware')
    await expect(api.auth.deactivate.mutate()).rejects.toThrow('in a middleware')
    expect(paths()).toEqual(['auth.me'])
  })

  test('a stranger is a stranger', async () => {
    const { fetch } = aBackend()
    const { api, session } = createTollgateServerClient({ url, fetch, cookies: readOnly({}) })
    expect(await session.restore()).toBeNull()
    await expect(api.auth.me.query()).rejects.toMatchObject({ data: { reason: 'INVALID_TOKEN' } })
  })
})

test('names the visitor to the backend, with nothing that is no address or no header', async () => {
  const sent = async (visitor: Visitor) => {
    const backend = aBackend()
    const { api } = createTollgateServerClient({ url, cookies: { header: null }, fetch: backend.fetch, visitor })
    await api.auth.me.query().catch(() => {})
    const headers = backend.calls[0]?.headers
    return [headers?.get('x-forwarded-for') ?? null, headers?.get('user-agent') ?? null]
  }
  expect(await sent({ forwardedFor: '203.0.113.7', userAgent: 'Safari' })).toEqual(['203.0.113.7', 'Safari'])
  expect(await sent({ forwardedFor: ' 2001:db8::7, [::1]:80 ' })).toEqual(['2001:db8::7, [::1]:80', null])
  for (const inFront of ['unknown, ', '_x:<, , ', '1.1.1.1, '.repeat(900)]) {
    const [forwardedFor = ''] = await sent({ forwardedFor: `${inFront}203.0.113.7` })
    expect(forwardedFor).toMatch(/^(1\.1\.1\.1, ){0,19}203\.0\.113\.7$/)
  }
  for (const forwardedFor of ['', null, 'unknown', '203.0.113.7, unknown', '1.1.1.1\r\nx: y<', 'x'.repeat(9_000)]) {
    expect(await sent({ forwardedFor, userAgent: 'É\r\nx: y' })).toEqual([null, 'x: y'])
  }
})
