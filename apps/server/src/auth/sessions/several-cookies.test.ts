import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo } from '../../../test/inbox.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'

describe('a browser that sends several refresh cookies', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple' })))
  afterAll(() => app[Symbol.asyncDispose]())

  test.each(['nonsense', ''])('is refreshed although another site has set %j before its own', async (planted) => {
    const token = await logIn(app, await app.aUser())
    expect(await refresh(app, [planted, token])).toMatchObject({ status: 200 })
  })

  test('is refreshed although another site has set many cookies before its own', async () => {
    const token = await logIn(app, await app.aUser())
    const planted = Array.from({ length: 20 }, (_, n) => `nonsense${n}`)
    expect(await refresh(app, [...planted, token])).toMatchObject({ status: 200 })
    expect((await post(app, 'auth.logout', [...planted, token])).status).toBe(200)
    expect(await refresh(app, [token])).toMatchObject({ status: 401 })
  })

  test('is refreshed with the newest token of its session, and the old one is not taken for a stolen one', async () => {
    const old = await logIn(app, await app.aUser())
    const newest = (await refresh(app, [old])).token
    app.clock.advance(MINUTE)
    const answer = await refresh(app, [old, newest])
    expect(answer.status).toBe(200)
    app.clock.advance(MINUTE)
    expect(await refresh(app, [old, newest, answer.token])).toMatchObject({ status: 200 })
  })

  test('is refreshed although the first cookie is left over from another session', async () => {
    const user = await app.aUser()
    const [old, current] = [await logIn(app, user), await logIn(app, user)]
    const next = (await refresh(app, [old])).token
    app.clock.advance(MINUTE)
    expect(await refresh(app, [old, current])).toMatchObject({ status: 200 })
    expect(await refresh(app, [next])).toMatchObject({ status: 200 })
  })

  test('gets REFRESH_TOKEN_REUSED only if none of its cookies is valid', async () => {
    const user = await app.aUser()
    const [stolen, ended] = [await logIn(app, user), await logIn(app, user)]
    await refresh(app, [stolen])
    await post(app, 'auth.logout', [ended])
    app.clock.advance(11 * SECOND)
    expect(await refresh(app, [stolen, ended])).toMatchObject({ status: 401, reason: 'REFRESH_TOKEN_REUSED' })
    await aMailTo(user.email, /logged you out/)
  })

  test('ends every session of its cookies when it logs out', async () => {
    const user = await app.aUser()
    const tokens = [await logIn(app, user), await logIn(app, user)]
    expect((await post(app, 'auth.logout', ['nonsense', ...tokens])).status).toBe(200)
    for (const token of tokens) expect(await refresh(app, [token])).toMatchObject({ status: 401 })
  })

  test('also ends the session of its access token when it logs out, whatever is in the cookies', async () => {
    const { api, session } = await app.as(await app.aUser())
    const authorization = `Bearer ${session.current?.accessToken}`
    expect((await post(app, 'auth.logout', ['nonsense'], { authorization })).status).toBe(200)
    await expect(api.auth.me.query()).rejects.toMatchObject({ data: { reason: 'INVALID_TOKEN' } })
  })
})

describe('a caller that names its user', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple' }, { worker: false })))
  afterAll(() => app[Symbol.asyncDispose]())

  test('is refreshed although another site has set many genuine cookies of another user', async () => {
    const [ada, mallory] = [await app.aUser(), await app.aUser()]
    const planted: string[] = []
    while (planted.length < 9) planted.push(await logIn(app, mallory))
    const answer = await refresh(app, [...planted, await logIn(app, ada)], { 'x-tollgate-user': ada.id })
    expect(answer).toMatchObject({ status: 200, userId: ada.id })
  })

  test('is not refreshed with the cookie of another user, whose session is left alone', async () => {
    const [ada, bob] = [await app.aUser(), await app.aUser()]
    const token = await logIn(app, bob)
    expect(await refresh(app, [token], { 'x-tollgate-user': ada.id })).toMatchObject({
      status: 401,
      reason: 'REPLACED',
    })
    app.clock.advance(MINUTE)
    expect(await refresh(app, [token], { 'x-tollgate-user': bob.id })).toMatchObject({ status: 200 })
  })

  test('is refreshed with its own cookie, although another user has one before it', async () => {
    const [ada, bob] = [await app.aUser(), await app.aUser()]
    const answer = await refresh(app, [await logIn(app, bob), await logIn(app, ada)], { 'x-tollgate-user': ada.id })
    expect(answer).toMatchObject({ status: 200, userId: ada.id })
  })

  test('does not log out another user, nor clear their cookie', async () => {
    const [ada, bob] = [await app.aUser(), await app.aUser()]
    const token = await logIn(app, bob)
    const out = await post(app, 'auth.logout', [token], { 'x-tollgate-user': ada.id })
    expect([out.status, out.headers.getSetCookie()]).toEqual([200, []])
    expect(await refresh(app, [token])).toMatchObject({ status: 200, userId: bob.id })
  })
})

test('a session that a login elsewhere has ended says so to its own token, and to no other', async () => {
  await using app = await createTestApp({}, { worker: false })
  const user = await app.aUser()
  const token = await logIn(app, user)
  await logIn(app, user)
  const replaced = await refresh(app, [token])
  expect(replaced).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID', endedBecause: 'LOGGED_IN_ELSEWHERE' })
  expect(await refresh(app, ['nonsense'])).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID', endedBecause: undefined })
})

describe('the names and scopes of the refresh cookie', () => {
  const overHttps = { COOKIE_SAME_SITE: 'none', API_URL: 'https://api.app.example.com' }

  test('over https it has the prefix that no other host can set, and still the old name', async () => {
    await using app = await createTestApp(overHttps, { worker: false })
    const { lines } = await logInWith(app, await app.aUser())
    expect(lines.map(nameOf)).toEqual(['__Host-refresh_token', 'refresh_token'])
    for (const line of lines) expect(line).toMatch(/Path=\/; HttpOnly; Secure; SameSite=None$/)
  })

  test('the prefixed cookie wins over one of the old name, which another site can set', async () => {
    await using app = await createTestApp(overHttps, { worker: false })
    const [ada, mallory] = [await app.aUser(), await app.aUser()]
    const [own, planted] = [await logIn(app, ada), await logIn(app, mallory)]
    const response = await fetch(`${app.url}/trpc/auth.refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `refresh_token=${planted}; __Host-refresh_token=${own}` },
    })
    expect(await response.json()).toMatchObject({ result: { data: { json: { user: { id: ada.id } } } } })
  })

  test('a cookie of the old name keeps working, and the answer brings the new name', async () => {
    await using app = await createTestApp(overHttps, { worker: false })
    const token = await logIn(app, await app.aUser())
    const { status, lines } = await refresh(app, [token])
    expect([status, lines.map(nameOf)]).toEqual([200, ['__Host-refresh_token', 'refresh_token']])
  })

  test('with a domain, the cookie for the host alone is cleared first', async () => {
    await using app = await createTestApp({ ...overHttps, COOKIE_DOMAIN: 'example.com' }, { worker: false })
    const token = await logIn(app, await app.aUser())
    const { lines } = await refresh(app, [token])
    expect(lines.map((line) => line.replace(/=[\w.-]{9,}/, '=TOKEN'))).toEqual([
      'refresh_token=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=None',
      expect.stringMatching(/^__Secure-refresh_token=TOKEN; .*Domain=example\.com/),
      expect.stringMatching(/^refresh_token=TOKEN; .*Domain=example\.com/),
    ])
  })

  test('without a domain, a second cookie of the name is cleared for all parent domains', async () => {
    await using app = await createTestApp(overHttps, { worker: false })
    const { lines } = await refresh(app, ['planted', await logIn(app, await app.aUser())])
    const cleared = lines.filter((line) => line.includes('Max-Age=0')).map((line) => /Domain=([^;]+)/.exec(line)?.[1])
    expect(cleared).toEqual(['api.app.example.com', 'app.example.com', 'example.com'])
  })

  test('logging out clears the cookie in every scope that it can have', async () => {
    await using app = await createTestApp(overHttps, { worker: false })
    const out = await post(app, 'auth.logout', [await logIn(app, await app.aUser())])
    const cleared = out.headers.getSetCookie().map((line) => {
      expect(line).toContain('Max-Age=0')
      return `${nameOf(line)} ${/Domain=([^;]+)/.exec(line)?.[1] ?? 'host'}`
    })
    const scopes = ['host', 'api.app.example.com', 'app.example.com', 'example.com']
    expect(cleared).toEqual([
      '__Host-refresh_token host',
      ...scopes.map((scope) => `__Secure-refresh_token ${scope}`),
      ...scopes.map((scope) => `refresh_token ${scope}`),
    ])
  })
})

const nameOf = (line: string) => line.slice(0, line.indexOf('='))

async function logIn(app: TestApp, user: TestUser): Promise<string> {
  return (await logInWith(app, user)).token
}

async function logInWith(app: TestApp, { email, password }: TestUser) {
  const response = await post(app, 'auth.login', [], {}, { email, password })
  return { token: tokenOf(response), lines: response.headers.getSetCookie() }
}

async function refresh(app: TestApp, tokens: string[], headers: Record<string, string> = {}) {
  const response = await post(app, 'auth.refresh', tokens, headers)
  const { result, error } = (await response.json()) as {
    result?: { data: { json: { user: { id: string } } } }
    error?: { json: { data: { reason: string; endedBecause?: string } } }
  }
  const { reason, endedBecause } = error?.json.data ?? {}
  const lines = response.headers.getSetCookie()
  return {
    status: response.status,
    reason,
    endedBecause,
    userId: result?.data.json.user.id,
    token: tokenOf(response),
    lines,
  }
}

function post(app: TestApp, path: string, tokens: string[], headers: Record<string, string> = {}, json?: object) {
  const cookie = tokens.map((token) => `refresh_token=${token}`).join('; ')
  return fetch(`${app.url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}), ...headers },
    ...(json ? { body: JSON.stringify({ json }) } : {}),
  })
}

/** The token in the last cookie of the plain name. */
function tokenOf(response: Response): string {
  return (
    response.headers
      .getSetCookie()
      .flatMap((line) => /^refresh_token=([^;]+)/.exec(line)?.[1] ?? [])
      .at(-1) ?? ''
  )
}
