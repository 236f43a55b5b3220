import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CookieJar } from '../../../test/cookie-jar.ts'
import {
  aBrowser,
  clientOf,
  createOAuthApp,
  logInWith,
  openCallback,
  toCallback,
  whoIs,
  type OAuthTestApp,
} from '../../../test/oauth.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { HOUR, MINUTE } from '../../platform/durations.ts'

let running: OAuthTestApp
let app: TestApp
beforeAll(async () => {
  running = await createOAuthApp()
  ;({ app } = running)
})
afterAll(() => running[Symbol.asyncDispose]())

describe('logging in with a provider', () => {
  test('opens a verified account with the name and picture from Google', async () => {
    const browser = aBrowser()
    const to = await logInWith(
      app,
      browser,
      'google',
      { login: 'ada', name: 'Ada King Lovelace', email: 'Ada.Lovelace@Example.COM' },
      `${app.url}/google/login?redirectTo=/subscription`,
    )
    expect(to).toBe('/subscription')
    const { api, session } = await clientOf(app, browser)
    expect(session.current?.user).toMatchObject({
      email: 'ada.lovelace@example.com',
      username: 'ada.lovelace',
      provider: 'google',
      isVerified: true,
    })
    expect(await api.profile.get.query()).toMatchObject({
      firstName: 'Ada',
      lastName: 'King Lovelace',
      avatarUrl: expect.stringMatching(/^data:image\/png;base64,/),
    })
    expect(await api.identities.list.query()).toMatchObject([{ provider: 'google', email: 'ada.lovelace@example.com' }])
  })

  test('opens an account with the data from GitHub, and finds it the next time', async () => {
    const [first, second] = [aBrowser(), aBrowser()]
    const grace = { login: 'grace-h', name: 'Grace Hopper', email: 'grace@example.com' }
    expect(await logInWith(app, first, 'github', grace)).toBe('/')
    const user = await whoIs(app, first)
    expect(user).toMatchObject({ username: 'grace-h', email: 'grace@example.com', provider: 'github' })
    await logInWith(app, second, 'github', grace)
    expect((await whoIs(app, second))?.id).toBe(user?.id)
  })

  test('dates a new account, its profile, and its identity by the clock', async () => {
    const browser = aBrowser()
    app.clock.advance(HOUR)
    const loggedInAt = app.clock.now()
    await logInWith(app, browser, 'github', { login: 'late', email: 'late@example.com' })
    const { api, session } = await clientOf(app, browser)
    const [identity] = await api.identities.list.query()
    const { updatedAt } = await api.profile.get.query()
    for (const moment of [session.current?.user.createdAt, updatedAt, identity?.linkedAt]) {
      expect(moment?.getTime()).toBeGreaterThanOrEqual(loggedInAt.getTime())
    }
  })

  test('ends the other sessions under policy `single`, like every login', async () => {
    const [first, second] = [aBrowser(), aBrowser()]
    const choice = { login: 'single', email: 'single@example.com' }
    await logInWith(app, first, 'google', choice)
    await logInWith(app, second, 'google', choice)
    expect(await whoIs(app, first)).toBeNull()
    expect(await whoIs(app, second)).not.toBeNull()
  })

  test('hides the browser’s cookie from scripts and other sites, and clears it afterwards', async () => {
    const browser = aBrowser()
    const callback = await toCallback(app, browser, 'google', { login: 'c', email: 'c@example.com' })
    const attributes = browser.attributes('oauth')
    for (const expected of ['HttpOnly', 'SameSite=Lax', 'Max-Age=600', 'Path=/']) expect(attributes).toContain(expected)
    await openCallback(app, browser, callback)
    expect(browser.get('oauth')).toBeUndefined()
    expect(browser.attributes('refresh_token')).toContain('HttpOnly')
  })

  test('works in two tabs that begin at the same moment, before either has a cookie', async () => {
    const begin = (tab: CookieJar, email: string) => toCallback(app, tab, 'google', { login: email, email })
    const [first, second] = [aBrowser(), aBrowser()]
    const callbacks = [await begin(first, 'tab-1@example.com'), await begin(second, 'tab-2@example.com')]
    // The answer to the second tab arrives last, so its cookies win where the names are the same.
    for (const name of second.names()) first.set(name, second.get(name) ?? '')
    for (const callback of callbacks) expect(await openCallback(app, first, callback)).toBe('/')
  })

  test('keeps a bounded number of cookies, and the newest logins work', async () => {
    const browser = aBrowser()
    const callbacks: string[] = []
    for (let tab = 0; tab < 12; tab += 1) {
      callbacks.push(await toCallback(app, browser, 'google', { login: 'many', email: 'many@example.com' }))
    }
    expect(browser.names().filter((name) => name.startsWith('oauth_'))).toHaveLength(8)
    for (const callback of callbacks.slice(-8)) expect(await openCallback(app, browser, callback)).toBe('/')
  })

  test('goes on with the cookie of the previous version, during a rolling deploy', async () => {
    const browser = aBrowser()
    const callback = await toCallback(app, browser, 'google', { login: 'old', email: 'old@example.com' })
    const shared = browser.get('oauth') ?? ''
    const other = aBrowser()
    other.set('oauth', shared)
    expect(await openCallback(app, other, callback)).toBe('/')
  })

  test('is not disturbed by a cookie of the same name that another site has set', async () => {
    const browser = aBrowser()
    const callback = await toCallback(app, browser, 'google', { login: 'sibling', email: 'sibling@example.com' })
    const cookies = browser.names().flatMap((name) => [`${name}=planted`, `${name}=${browser.get(name)}`])
    const response = await fetch(callback, { redirect: 'manual', headers: { cookie: cookies.join('; ') } })
    expect(response.headers.get('location')).toBe('http://console.test/')
  })

  test('sends a PKCE challenge, and for Google a nonce', async () => {
    const begin = async (provider: string) =>
      new URL((await aBrowser().fetch(`${app.url}/${provider}/login`)).headers.get('location') ?? '').searchParams
    const [google, github] = [await begin('google'), await begin('github')]
    for (const asked of [google, github]) {
      expect(asked.get('code_challenge_method')).toBe('S256')
      expect(asked.get('code_challenge')).toMatch(/^[\w-]{43}$/)
      expect(asked.get('state')).toMatch(/^[\w-]{43}$/)
    }
    expect(google.get('nonce')).toMatch(/^[\w-]{43}$/)
    expect(google.get('redirect_uri')).toBe(`${app.url}/auth/social/callback/google`)
  })

  test('changes nothing if the user cancels', async () => {
    const browser = aBrowser()
    for (const provider of ['google', 'github'] as const) {
      const to = await logInWith(app, browser, provider, { identity: '', decision: 'deny' })
      expect(to).toBe('/login?error=OAUTH_DENIED')
    }
    expect(browser.get('refresh_token')).toBeUndefined()
  })

  test('works in two tabs at the same time', async () => {
    const browser = aBrowser()
    const one = await toCallback(app, browser, 'google', { login: 'tabs', email: 'tabs@example.com' })
    const other = await toCallback(app, browser, 'github', { login: 'tabs', email: 'tabs@example.com' })
    expect(await openCallback(app, browser, one)).toBe('/')
    expect(await openCallback(app, browser, other)).toBe('/')
    expect((await whoIs(app, browser))?.email).toBe('tabs@example.com')
    expect(browser.names()).toEqual(['refresh_token'])
  })
})

describe('a callback', () => {
  const someone = { login: 'someone', email: 'someone@example.com' }
  const STATE = '/login?error=OAUTH_STATE'
  const users = async () =>
    (await app.scope().em.execute<{ count: string }[]>('select count(*) as count from users'))[0]?.count

  test('works only once', async () => {
    const browser = aBrowser()
    const callback = await toCallback(app, browser, 'google', someone)
    const cookie = browser.get('oauth') ?? ''
    expect(await openCallback(app, browser, callback)).toBe('/')
    browser.set('oauth', cookie)
    expect(await openCallback(app, browser, callback)).toBe(STATE)
  })

  test('works once, even when it is opened five times at the same time', async () => {
    const browser = aBrowser()
    const callback = await toCallback(app, browser, 'google', someone)
    const ends = await Promise.all([1, 2, 3, 4, 5].map(() => openCallback(app, browser, callback)))
    expect(ends.toSorted()).toEqual(['/', STATE, STATE, STATE, STATE])
  })

  test('is refused in another browser, even with a login in progress there, and still works in its own', async () => {
    const [browser, other] = [aBrowser(), aBrowser()]
    const callback = await toCallback(app, browser, 'github', someone)
    expect(await openCallback(app, other, callback)).toBe(STATE)
    await toCallback(app, other, 'github', someone)
    expect(await openCallback(app, other, callback)).toBe(STATE)
    expect(other.get('refresh_token')).toBeUndefined()
    expect(await openCallback(app, browser, callback)).toBe('/')
  })

  test('is refused after ten minutes', async () => {
    const browser = aBrowser()
    const callback = await toCallback(app, browser, 'google', someone)
    const cookie = browser.get('oauth') ?? ''
    app.clock.advance(11 * MINUTE)
    browser.set('oauth', cookie)
    expect(await openCallback(app, browser, callback)).toBe(STATE)
    // A later login renews the cookie, but not the old state.
    await toCallback(app, browser, 'google', someone)
    expect(await openCallback(app, browser, callback)).toBe(STATE)
  })

  test.each([
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['a forged state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43))],
    ['two states', (url: URL) => url.searchParams.append('state', 'A'.repeat(43))],
    ['a denial and a forged state', (url: URL) => (url.search = '?error=access_denied&state=x')],
    ['another provider’s path', (url: URL) => (url.pathname = '/auth/social/callback/github')],
  ])('with %s is refused', async (_, spoil) => {
    const browser = aBrowser()
    const before = await users()
    const url = new URL(await toCallback(app, browser, 'google', { login: 'new', email: 'new@example.com' }))
    spoil(url)
    expect(await openCallback(app, browser, url.href)).toBe(STATE)
    expect(await users()).toBe(before)
  })

  test('with a forged cookie is refused', async () => {
    const browser = aBrowser()
    const callback = await toCallback(app, browser, 'google', someone)
    const names = browser.names().filter((name) => name.startsWith('oauth'))
    expect(names).toHaveLength(2)
    const [header, payload, signature] = (browser.get('oauth') ?? '').split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const forged of [
      '',
      'x',
      `${none}.${payload}.`,
      `${header}.${payload}.${signature?.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
    ]) {
      for (const name of names) browser.set(name, forged)
      expect(await openCallback(app, browser, callback)).toBe(STATE)
    }
  })

  test.each(['google', 'github'] as const)('from %s with another browser’s code fails', async (provider) => {
    const [browser, thief] = [aBrowser(), aBrowser()]
    const stolen = new URL(await toCallback(app, browser, provider, someone)).searchParams.get('code') ?? ''
    const own = new URL(await toCallback(app, thief, provider, { login: 'thief', email: 'thief@example.com' }))
    own.searchParams.set('code', stolen)
    expect(await openCallback(app, thief, own.href)).toBe('/login?error=OAUTH_FAILED')
    expect(thief.get('refresh_token')).toBeUndefined()
  })

  test.each(['?error=server_error', '?error=%0d%0aSet-Cookie:x', '?', '?code='])(
    'with the query %s fails',
    async (query) => {
      const browser = aBrowser()
      const url = new URL(await toCallback(app, browser, 'google', someone))
      const answer = new URL(`${url.origin}${url.pathname}${query}`)
      answer.searchParams.set('state', url.searchParams.get('state') ?? '')
      answer.searchParams.set('iss', running.sandbox.google.issuer)
      expect(await openCallback(app, browser, answer.href)).toBe('/login?error=OAUTH_FAILED')
    },
  )
})

test('login with a provider that is not configured redirects to the login page, and so does its callback', async () => {
  await using app = await createTestApp({}, { worker: false })
  for (const provider of ['google', 'github'] as const) {
    const { status, headers } = await aBrowser().fetch(`${app.url}/${provider}/login?redirectTo=/x`)
    expect([status, headers.get('location')]).toEqual([302, 'http://console.test/login?error=OAUTH_FAILED'])
    expect(await openCallback(app, aBrowser(), `${app.url}/auth/social/callback/${provider}`)).toMatch(/OAUTH_STATE/)
  }
  const posted = await fetch(`${app.url}/google/login`, { method: 'POST' })
  expect([posted.status, await posted.json()]).toMatchObject([405, { error: { reason: 'METHOD_NOT_ALLOWED' } }])
})

test('logins with a provider are rate limited by the client’s address', async () => {
  await using running = await createOAuthApp({ RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_READS: '3/1m' })
  const begin = () => fetch(`${running.app.url}/google/login`, { redirect: 'manual' })
  const answers = [await begin(), await begin(), await begin(), await begin()]
  expect(answers.map(({ status }) => status)).toEqual([302, 302, 302, 429])
  expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0)
})
