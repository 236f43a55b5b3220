import { createTollgateClient, createTollgateServerClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, codeIn } from '../../../test/inbox.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'

const LISTED = 'https://app.example.com'
const BY_BODY = { 'x-tollgate-transport': 'body' }

let app: TestApp
beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple', CORS_ORIGINS: LISTED })))
afterAll(() => app[Symbol.asyncDispose]())

interface Answered {
  status: number
  reason?: string
  fieldErrors?: Record<string, string>
  cookies: string[]
  data?: { user?: { id: string }; refreshToken?: string; refreshExpiresAt?: string; session?: Answered['data'] | null }
}

async function call(path: string, input?: object, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(`${app.url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(input && { body: JSON.stringify({ json: input }) }),
  })
  const { result, error } = (await response.json()) as {
    result?: { data: { json: Answered['data'] } }
    error?: { json: { data: Pick<Answered, 'reason' | 'fieldErrors'> } }
  }
  const { reason, fieldErrors } = error?.json.data ?? {}
  return {
    ...{ status: response.status, cookies: response.headers.getSetCookie() },
    ...(result && { data: result.data.json }),
    ...(reason && { reason }),
    ...(fieldErrors && { fieldErrors }),
  }
}

const logIn = ({ email, password }: TestUser, headers: Record<string, string> = BY_BODY) =>
  call('auth.login', { email, password }, headers)
const tokenOf = (answered: Answered) => answered.data?.refreshToken ?? ''
const refresh = (refreshToken: string, headers: Record<string, string> = BY_BODY) =>
  call('auth.refresh', { refreshToken }, headers)

const sessionsOf = async ({ id }: TestUser) =>
  (await app.scope().em.execute('select 1 from sessions where user_id = ?', [id])).length

describe('an app that keeps its refresh token itself', () => {
  test('gets it from every login and refresh in the body, and never as a cookie', async () => {
    const user = await app.aUser()
    const first = await logIn(user)
    expect(first).toMatchObject({ status: 200, cookies: [], data: { user: { id: user.id } } })
    const second = await refresh(tokenOf(first))
    expect(second).toMatchObject({ status: 200, cookies: [], data: { user: { id: user.id } } })
    expect(Date.parse(second.data?.refreshExpiresAt ?? '')).toBeGreaterThan(app.clock.now().getTime())
    const third = await call('auth.restore', { refreshToken: tokenOf(second) }, BY_BODY)
    expect(third).toMatchObject({ cookies: [], data: { session: { user: { id: user.id } } } })
    expect(new Set([tokenOf(first), tokenOf(second), third.data?.session?.refreshToken, '']).size).toBe(4)
  })

  test('gets it from a login with a code, too', async () => {
    const { email } = await app.aUser()
    await app.client().api.auth.requestLoginCode.mutate({ email })
    const code = codeIn(await aMailTo(email, /code/i))
    const answered = await call('auth.loginWithCode', { email, code }, BY_BODY)
    expect([answered.status, answered.cookies]).toEqual([200, []])
    expect(await refresh(tokenOf(answered))).toMatchObject({ status: 200 })
  })

  test('logs out with it', async () => {
    const token = tokenOf(await logIn(await app.aUser()))
    expect(await call('auth.logout', { refreshToken: token }, BY_BODY)).toMatchObject({ status: 200, cookies: [] })
    expect(await refresh(token)).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_INVALID' })
  })

  test('without a token it has no session, which only restoring takes for no error', async () => {
    expect(await call('auth.restore', undefined, BY_BODY)).toMatchObject({ status: 200, data: { session: null } })
    expect(await call('auth.refresh', undefined, BY_BODY)).toMatchObject({ reason: 'REFRESH_TOKEN_MISSING' })
  })

  test('is kept logged in by the client and its storage, also after a restart, until it logs out', async () => {
    const user = await app.aUser()
    const stored = new Map<string, string>()
    const storage = {
      get: async (key: string) => stored.get(key),
      set: async (key: string, value: string) => stored.set(key, value),
      remove: async (key: string) => stored.delete(key),
    }
    const { api } = createTollgateClient({ url: app.url, storage })
    await api.auth.login.mutate({ email: user.email, password: user.password })
    app.clock.advance(16 * MINUTE)
    const callers = await Promise.all([1, 2, 3].map(() => api.auth.me.query()))
    expect(callers.map(({ id }) => id)).toEqual([user.id, user.id, user.id])

    const restarted = createTollgateClient({ url: app.url, storage })
    expect((await restarted.session.restore())?.user.id).toBe(user.id)
    const [token = ''] = stored.values()
    await restarted.api.auth.logout.mutate()
    expect(stored.size).toBe(0)
    expect(await refresh(token)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' })
  })

  test('in REST, too', async () => {
    const { email, password } = await app.aUser()
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json', ...BY_BODY }
      const response = await fetch(`${app.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      expect([response.status, response.headers.getSetCookie()]).toEqual([200, []])
      return (await response.json()) as { refreshToken: string }
    }
    const { refreshToken } = await post('/login', { email, password })
    const next = await post('/refresh-token', { refreshToken })
    expect(next.refreshToken).not.toBe(refreshToken)
    await post('/logout', next)
    expect(await refresh(next.refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' })
  })

  test('gets the same successor again within the leeway; later the session ends', async () => {
    const user = await app.aUser()
    const stolen = tokenOf(await logIn(user))
    const [one, two] = await Promise.all([refresh(stolen), refresh(stolen)])
    expect(tokenOf(one)).toBe(tokenOf(two))
    app.clock.advance(11 * SECOND)
    expect(await refresh(stolen)).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_REUSED' })
    expect(await refresh(tokenOf(one))).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_INVALID' })
  })

  test('never gets the session of another user than the one that it names', async () => {
    const [ada, bob] = [await app.aUser(), await app.aUser()]
    const token = tokenOf(await logIn(ada))
    const named = { ...BY_BODY, 'x-tollgate-user': bob.id }
    expect(await refresh(token, named)).toMatchObject({ status: 401, reason: 'REPLACED' })
    expect(await refresh(token)).toMatchObject({ status: 200 })
  })
})

describe('a refresh token in the body is refused before anything runs', () => {
  test.each<[from: string, headers: Record<string, string>, reason: string]>([
    ['a page of a listed origin', { origin: LISTED }, 'TRANSPORT_NOT_ALLOWED'],
    ['a page without an address', { origin: 'null' }, 'ORIGIN_NOT_ALLOWED'],
    ['a page of another site', { origin: 'https://evil.example' }, 'ORIGIN_NOT_ALLOWED'],
    ['a browser that leaves the origin out', { 'sec-fetch-site': 'same-origin' }, 'TRANSPORT_NOT_ALLOWED'],
    ['a page of our own origin', { origin: 'own' }, 'TRANSPORT_NOT_ALLOWED'],
  ])('for %s', async (_from, headers, reason) => {
    const user = await app.aUser()
    const own = tokenOf(await logIn(user))
    const sent = { ...BY_BODY, ...headers, ...(headers['origin'] === 'own' && { origin: app.url }) }
    for (const refused of [
      await logIn(user, sent),
      await refresh(own, sent),
      await call('auth.restore', { refreshToken: own }, sent),
      await call('auth.logout', { refreshToken: own }, sent),
    ]) {
      expect([refused.reason, refused.cookies, refused.data]).toEqual([reason, [], undefined])
    }
    expect(await sessionsOf(user)).toBe(1)
    expect(await refresh(own)).toMatchObject({ status: 200 })
  })

  test('for a page that asks for its cookie’s token, alone or in a batch', async () => {
    const user = await app.aUser()
    const { cookies } = await logIn(user, {})
    const cookie = cookies[0]?.split(';')[0] ?? ''
    const page = { ...BY_BODY, cookie, origin: LISTED }
    expect(await call('auth.refresh', undefined, page)).toMatchObject({ reason: 'TRANSPORT_NOT_ALLOWED', cookies: [] })
    for (const more of [{}, { 'trpc-accept': 'application/jsonl' }]) {
      const headers = { 'content-type': 'application/json', ...page, ...more }
      const batch = `${app.url}/trpc/auth.refresh,auth.restore?batch=1`
      const response = await fetch(batch, { method: 'POST', headers, body: '{}' })
      expect(await response.text()).not.toContain('accessToken')
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect(await call('auth.refresh', undefined, { cookie })).toMatchObject({ status: 200 })
  })

  test('for a request that has a refresh cookie, too', async () => {
    const user = await app.aUser()
    const cookie = (await logIn(user, {})).cookies[0]?.split(';')[0] ?? ''
    const token = tokenOf(await logIn(user))
    const both = { ...BY_BODY, cookie }
    for (const refused of [await refresh(token, both), await logIn(user, both)]) {
      expect(refused).toMatchObject({ status: 400, reason: 'TRANSPORT_NOT_ALLOWED', cookies: [] })
    }
    expect(await sessionsOf(user)).toBe(2)
    expect(await refresh(token)).toMatchObject({ status: 200 })
    expect(await call('auth.refresh', undefined, { cookie })).toMatchObject({ status: 200 })
  })

  test('for a request that does not announce it, so that no page can plant another session', async () => {
    const token = tokenOf(await logIn(await app.aUser()))
    const requests: Record<string, string>[] = [{}, { 'x-tollgate-transport': 'cookie' }, { origin: LISTED }]
    for (const headers of requests) {
      const refused = await refresh(token, headers)
      expect(refused).toMatchObject({ status: 400, reason: 'TRANSPORT_NOT_ALLOWED', cookies: [] })
    }
  })

  test('for an unknown transport', async () => {
    const user = await app.aUser()
    const refused = await logIn(user, { 'x-tollgate-transport': 'bodies' })
    expect(refused).toMatchObject({
      ...{ status: 400, reason: 'INVALID_INPUT', cookies: [] },
      fieldErrors: { 'x-tollgate-transport': 'must be body or cookie' },
    })
    expect(await sessionsOf(user)).toBe(0)
  })
})

describe('a frontend that renders on its server', () => {
  /** The cookies of one visitor's browser, as one request brings them. */
  function aStore(cookies: [name: string, value: string][]) {
    const values = new Map(cookies)
    return {
      values,
      getAll: () => [...values].map(([name, value]) => ({ name, value })),
      set: (name: string, value: string) => void (value === '' ? values.delete(name) : values.set(name, value)),
    }
  }
  const visitor = async (user: TestUser): Promise<[string, string][]> => {
    const [cookie = ''] = (await logIn(user, {})).cookies
    const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(cookie) ?? []
    return [[name, value]]
  }

  test('never mixes two people up, and gives parallel requests of one person the same session', async () => {
    const people = [await app.aUser(), await app.aUser()]
    const rendered = await Promise.all(
      people.flatMap(async (user) => {
        const cookies = await visitor(user)
        return Promise.all(
          [1, 2, 3].map(async () => {
            const store = aStore(cookies)
            const { api } = createTollgateServerClient({ url: app.url, cookies: store })
            const [me, again] = await Promise.all([api.auth.me.query(), api.auth.me.query()])
            return { ids: [me.id, again.id], token: store.values.get('refresh_token'), old: cookies[0]?.[1] }
          }),
        )
      }),
    )
    for (const [at, pages] of rendered.entries()) {
      expect(pages.map(({ ids }) => ids)).toEqual(pages.map(() => [people[at]?.id, people[at]?.id]))
      expect(new Set(pages.map(({ token }) => token)).size).toBe(1)
      expect(pages[0]?.token).not.toBe(pages[0]?.old)
    }
  })

  test('hands the session of its middleware to pages, which never renew it', async () => {
    const user = await app.aUser()
    const store = aStore(await visitor(user))
    expect(await createTollgateServerClient({ url: app.url, cookies: store }).refreshSession()).toBe(true)
    const tokens = [...store.values]
    const page = createTollgateServerClient({ url: app.url, cookies: { getAll: store.getAll } })
    expect([(await page.session.restore())?.user.id, (await page.api.auth.me.query()).id]).toEqual([user.id, user.id])
    expect([...store.values]).toEqual(tokens)
    expect(tokens.map(([name]) => name)).toEqual(['refresh_token', 'tollgate_access'])
  })
})
