import { startOAuthSandbox, type Lies } from '@tollgate/oauth-sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
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
/** One call may take 4 seconds; the machine that runs the tests may be slow, too. */
const PATIENCE = 10 * SECOND

describe('a provider that lies', () => {
  let running: OAuthTestApp
  beforeAll(async () => (running = await createOAuthApp()))
  afterAll(() => running[Symbol.asyncDispose]())
  afterEach(() => running.sandbox.lie({}))

  const someone = { login: 'someone', email: 'someone@example.com' }
  /** Lies from the moment on at which the person has come back from the provider's page. */
  async function tryWith(provider: 'google' | 'github', lies: Lies) {
    const browser = aBrowser()
    const callback = await toCallback(running.app, browser, provider, someone)
    running.sandbox.lie(lies)
    const began = performance.now()
    const end = await openCallback(running.app, browser, callback)
    return { end, took: performance.now() - began, loggedIn: browser.get('refresh_token') !== undefined }
  }
  const nobodyIsThere = async () =>
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
  ] as const)('with its ID token (%s) lets nobody in', async (idToken) => {
    expect(await tryWith('google', { idToken })).toMatchObject({ end: FAILED, loggedIn: false })
    await nobodyIsThere()
  })

  test.each([
    ['google', 'token', ['huge', 'slow', 'garbage', 'down']],
    ['github', 'token', ['huge', 'garbage', 'down']],
    ['github', 'user', ['huge', 'slow', 'garbage', 'down']],
    ['github', 'emails', ['huge', 'garbage', 'down']],
  ] as const)(
    '%s, with endless, slow, broken or no answers of %s, holds nobody up',
    async (provider, endpoint, lies) => {
      for (const lie of lies) {
        const { end, took, loggedIn } = await tryWith(provider, { answers: { [endpoint]: lie } })
        expect([lie, end, loggedIn]).toEqual([lie, FAILED, false])
        expect(took).toBeLessThan(PATIENCE)
      }
      await nobodyIsThere()
    },
  )
})

test.each(['discovery', 'jwks'] as const)(
  'a Google with endless, slow, broken or no %s fails, and works as soon as it is mended',
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

test('what a log-in leaves in the database is no token of the provider, no state, and nothing that opens one', async () => {
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

test('a provider that can’t be reached at all fails, in words', async () => {
  const gone = await startOAuthSandbox()
  await gone[Symbol.asyncDispose]()
  await using running = await createOAuthApp({ GOOGLE_ISSUER: gone.google.issuer })
  const { headers } = await aBrowser().fetch(`${running.app.url}/google/login`)
  expect(headers.get('location')).toBe(`http://console.test${FAILED}`)
})
