import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo } from '../../../test/inbox.ts'
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
import { reasonOf } from '../../../test/rejection.ts'
import type { TestApp } from '../../../test/test-app.ts'
import { MINUTE } from '../../platform/durations.ts'

let running: OAuthTestApp
let app: TestApp
beforeAll(async () => {
  running = await createOAuthApp({ SESSION_POLICY: 'multiple' })
  ;({ app } = running)
  await app.startWorker()
})
afterAll(() => running[Symbol.asyncDispose]())

/** A user who has logged in with a password in a browser. */
async function aPerson(account: Parameters<TestApp['aUser']>[0] = {}) {
  const user = await app.aUser(account)
  const browser = aBrowser()
  const { api } = app.client({ fetch: browser.fetch })
  await api.auth.login.mutate({ email: user.email, password: user.password })
  return { user, browser, api }
}
let count = 0
const aProviderAccount = () => ({ login: `person${(count += 1)}`, email: `person${count}@elsewhere.example` })

describe('linking from inside an account', () => {
  test('links a provider account with another address, and keeps the session', async () => {
    const { user, browser, api } = await aPerson()
    const [before, elsewhere] = [browser.get('refresh_token'), aProviderAccount()]
    const { url } = await api.identities.link.mutate({ provider: 'github', redirectTo: '/profile' })
    expect(url).toMatch(new RegExp(`^${app.url}/github/login\\?link=[\\w-]{43}$`))
    expect(await logInWith(app, browser, 'github', elsewhere, url)).toBe('/profile')
    expect(browser.get('refresh_token')).toBe(before)
    expect(await api.identities.list.query()).toMatchObject([{ provider: 'github', email: elsewhere.email }])
    const told = await aMailTo(user.email, /now log in with GitHub/)
    expect(told.text).toContain('If not, unlink it')

    const later = aBrowser()
    await logInWith(app, later, 'github', elsewhere)
    expect((await whoIs(app, later))?.id).toBe(user.id)
  })

  test('requires the access token of a verified account', async () => {
    const { api: anonymous } = app.client()
    expect(await reasonOf(anonymous.identities.link.mutate({ provider: 'google' }))).toBe('INVALID_TOKEN')
    const { api } = await aPerson({ isVerified: false })
    expect(await reasonOf(api.identities.link.mutate({ provider: 'google' }))).toBe('EMAIL_NOT_VERIFIED')
  })

  test('cannot be begun by sending a victim’s browser here with a made-up or another user’s handle', async () => {
    const [victim, attacker] = [await aPerson(), await aPerson()]
    const { url } = await attacker.api.identities.link.mutate({ provider: 'google' })
    for (const address of [url, `${app.url}/google/login?link=1`, `${app.url}/google/login?link=`]) {
      const { headers } = await victim.browser.fetch(address)
      expect(headers.get('location')).toBe('http://console.test/login?error=OAUTH_STATE')
    }
    const { headers } = await aBrowser().fetch(url) // and not in a browser without a session
    expect(headers.get('location')).toBe('http://console.test/login?error=OAUTH_STATE')
  })

  test('uses a handle that works once, for ten minutes, and only for its provider', async () => {
    const { browser, api } = await aPerson()
    const { url } = await api.identities.link.mutate({ provider: 'google' })
    const goTo = async (address: string) => (await browser.fetch(address)).headers.get('location')
    expect(await goTo(url.replace('/google/', '/github/'))).toMatch(/error=OAUTH_STATE/)
    expect(await goTo(url)).toContain(running.sandbox.google.issuer)
    expect(await goTo(url)).toMatch(/error=OAUTH_STATE/)
    const { url: old } = await api.identities.link.mutate({ provider: 'google' })
    app.clock.advance(11 * MINUTE)
    expect(await goTo(old)).toMatch(/error=OAUTH_STATE/)
  })

  test('leads back to its page on failure: a taken identity, an unverified address, a denial', async () => {
    const { browser, api } = await aPerson()
    const taken = aProviderAccount()
    await logInWith(app, aBrowser(), 'google', taken)
    const link = async (choice: Parameters<typeof logInWith>[3]) => {
      const { url } = await api.identities.link.mutate({ provider: 'google', redirectTo: '/profile?tab=logins' })
      return logInWith(app, browser, 'google', choice, url)
    }
    expect(await link(taken)).toBe('/profile?tab=logins&error=IDENTITY_TAKEN')
    expect(await link({ ...aProviderAccount(), email_status: 'unverified' })).toBe(
      '/profile?tab=logins&error=EMAIL_UNVERIFIED',
    )
    expect(await link({ identity: '', decision: 'deny' })).toBe('/profile?tab=logins&error=OAUTH_DENIED')
    expect(await api.identities.list.query()).toEqual([])
  })

  test('fails if the session that asked has ended', async () => {
    const { browser, api } = await aPerson()
    const { url } = await api.identities.link.mutate({ provider: 'github' })
    const elsewhere = aProviderAccount()
    const callback = await toCallback(app, browser, 'github', elsewhere, url)
    await api.auth.logout.mutate()
    expect(await openCallback(app, browser, callback)).toBe('/?error=OAUTH_STATE')
    expect(await app.scope().em.execute('select 1 from identities where email = ?', [elsewhere.email])).toEqual([])
  })

  test('never redirects to another site', async () => {
    const { browser, api } = await aPerson()
    const { url } = await api.identities.link.mutate({ provider: 'github', redirectTo: '//evil.example' })
    expect(await logInWith(app, browser, 'github', aProviderAccount(), url)).toBe('/')
  })
})

describe('unlinking', () => {
  test('ends login with that provider account, which can then open an account of its own', async () => {
    const { browser, api, user } = await aPerson()
    const elsewhere = aProviderAccount()
    const { url } = await api.identities.link.mutate({ provider: 'github' })
    await logInWith(app, browser, 'github', elsewhere, url)
    expect(await api.identities.unlink.mutate({ provider: 'github' })).toEqual({})
    expect(await api.identities.list.query()).toEqual([])
    expect(await reasonOf(api.identities.unlink.mutate({ provider: 'github' }))).toBe('IDENTITY_NOT_FOUND')
    await aMailTo(user.email, /no longer log in with GitHub/)
    const later = aBrowser()
    await logInWith(app, later, 'github', elsewhere)
    expect((await whoIs(app, later))?.id).not.toBe(user.id)
  })

  test('removes the last identity if login codes can be mailed', async () => {
    const browser = aBrowser()
    await logInWith(app, browser, 'google', aProviderAccount())
    const { api } = await clientOf(app, browser)
    expect(await reasonOf(api.identities.unlink.mutate({ provider: 'google' }))).toBe('fine')
  })

  test('keeps one of two identities unlinked at the same time if it is the last login method', async () => {
    const browser = aBrowser()
    await logInWith(app, browser, 'github', { login: `octo${(count += 1)}`, email_status: 'none' })
    const { api } = await clientOf(app, browser)
    const { url } = await api.identities.link.mutate({ provider: 'google' })
    await logInWith(app, browser, 'google', aProviderAccount(), url)
    const outcomes = await Promise.all(
      (['google', 'github'] as const).map((provider) => reasonOf(api.identities.unlink.mutate({ provider }))),
    )
    expect(outcomes.toSorted()).toEqual(['LAST_LOGIN_METHOD', 'fine'])
    expect(await api.identities.list.query()).toHaveLength(1)
  })
})
