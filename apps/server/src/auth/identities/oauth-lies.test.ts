import { startOAuthSandbox, type Lies } from '@tollgate/oauth-sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { firstOf } from '../../../test/long.ts'
import {
  aBrowser,
  createOAuthApp,
  logInWith,
  openCallback,
  toCallback,
  type OAuthTestApp,
} from '../../../test/oauth.ts'
import { SECOND } from '../../platform/durations.ts'

const FAILED = '/login?error=OAUTH_FAILED'
/** One call may take 4 seconds. Counted in ticks of this process, which slow down with a busy machine. */
const TICK = SECOND / 10
const MOST_TICKS = 100

describe('a misbehaving provider', () => {
  let running: OAuthTestApp
  beforeAll(async () => (running = await createOAuthApp()))
  afterAll(() => running[Symbol.asyncDispose]())
  afterEach(() => running.sandbox.lie({}))

  const someone = { login: 'someone', email: 'someone@example.com' }
  /** Starts to lie when the user has come back from the provider's page. */
  async function tryWith(provider: 'google' | 'github', lies: Lies) {
    const browser = aBrowser()
    const callback = await toCallback(running.app, browser, provider, someone)
    running.sandbox.lie(lies)
    let ticks = 0
    const ticking = setInterval(() => (ticks += 1), TICK)
    const end = await openCallback(running.app, browser, callback).finally(() => clearInterval(ticking))
    return { end, ticks, loggedIn: browser.get('refresh_token') !== undefined }
  }
  const expectNoUser = async () =>
    expect(await running.app.scope().em.execute('select 1 from users union all select 1 from identities')).toEqual([])

  test.each([
    'issuer',
    'audience',
    'nonce',
    'no-nonce',
    'key',
    'alg-none',
    'alg-hs256',
    'expired',
    'subject-missing',
  ] as const)('logs no user in with a bad ID token (%s)', async (idToken) => {
    expect(await tryWith('google', { idToken })).toMatchObject({ end: FAILED, loggedIn: false })
    await expectNoUser()
  })

  test.each(
    firstOf(3, [
      ['google', 'token', ['huge', 'slow', 'garbage', 'down']],
      ['github', 'token', ['huge', 'garbage', 'down']],
      ['github', 'emails', ['huge', 'garbage', 'down']],
      ['github', 'user', ['huge', 'slow', 'garbage', 'down']],
    ]),
  )(
    '(%s) that gives endless, slow, broken, or no answers to %s gets a quick failure',
    async (provider, endpoint, lies) => {
      for (const lie of lies) {
        const { end, ticks, loggedIn } = await tryWith(provider, { answers: { [endpoint]: lie } })
        expect([lie, end, loggedIn]).toEqual([lie, FAILED, false])
        expect(ticks).toBeLessThan(MOST_TICKS)
      }
      await expectNoUser()
    },
  )
})

test.each(firstOf(1, ['discovery', 'jwks']))(
  'login fails while Google’s %s is endless, slow, broken, or missing, and works again afterwards',
  async (endpoint) => {
    await using running = await createOAuthApp()
    const browser = aBrowser()
    const someone = { login: 'someone', email: 'someone@example.com' }
    const tryIt = async () => {
      const { headers } = await browser.fetch(`${running.app.url}/google/login`)
      const location = headers.get('location') ?? ''
      if (location.includes(FAILED)) return FAILED
      return logInWith(running.app, browser, 'google', someone)
    }
    for (const lie of ['huge', 'slow', 'garbage', 'down'] as const) {
      running.sandbox.lie({ answers: { [endpoint]: lie } })
      expect([lie, await tryIt()]).toEqual([lie, FAILED])
    }
    running.sandbox.lie({})
    expect(await tryIt()).toBe('/')
  },
)

test('a login stores neither the state, the code, nor the browser’s secret, and no token of the provider', async () => {
  await using running = await createOAuthApp()
  const { app } = running
  const browser = aBrowser()
  const callback = new URL(await toCallback(app, browser, 'google', { login: 'x', email: 'x@example.com' }))
  const secret = JSON.parse(Buffer.from(browser.get('oauth')?.split('.')[1] ?? '', 'base64url').toString()).secret
  const [state] = await app.scope().em.execute<Record<string, unknown>[]>('select * from oauth_states')
  const kept = JSON.stringify(state)
  for (const open of [callback.searchParams.get('state'), callback.searchParams.get('code'), secret]) {
    expect(open).toMatch(/^[\w-]{30,}$/)
    expect(kept).not.toContain(open)
  }
  await openCallback(app, browser, callback.href)
  expect(await app.scope().em.execute('select 1 from oauth_states')).toEqual([])
  const identities = await app.scope().em.execute<Record<string, unknown>[]>('select * from identities')
  expect(Object.keys(identities[0] ?? {}).toSorted()).toEqual([
    'email',
    'id',
    'linked_at',
    'provider',
    'subject',
    'user_id',
  ])
})

test('login with an unreachable provider redirects to the login page with a reason', async () => {
  const gone = await startOAuthSandbox()
  await gone[Symbol.asyncDispose]()
  await using running = await createOAuthApp({ GOOGLE_ISSUER: gone.google.issuer })
  const { headers } = await aBrowser().fetch(`${running.app.url}/google/login`)
  expect(headers.get('location')).toBe(`http://console.test${FAILED}`)
})
