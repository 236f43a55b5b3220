import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aBrowser, anApp, backToApp, createOAuthApp, type Choice, type OAuthTestApp } from '../../../test/oauth.ts'
import { reasonOf } from '../../../test/rejection.ts'
import type { TestApp } from '../../../test/test-app.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'

const RETURN = 'com.example.app:/login'
const APP_REDIRECTS = [RETURN, 'https://app.example.com/login?from=phone', 'http://127.0.0.1/done']

let running: OAuthTestApp
let app: TestApp
beforeAll(async () => {
  running = await createOAuthApp({ SESSION_POLICY: 'multiple', APP_REDIRECT_URIS: APP_REDIRECTS.join() })
  ;({ app } = running)
})
afterAll(() => running[Symbol.asyncDispose]())

let count = 0
const aProviderAccount = () => ({ login: `person${(count += 1)}`, email: `person${count}@elsewhere.example` })

/** Opens the address in a new browser. @returns where that leads at once. */
const openedAt = async (url: string) => (await aBrowser().fetch(url)).headers.get('location')
const FAILED = 'http://console.test/login?error=OAUTH_STATE'

describe('a login for an app that keeps its refresh token', () => {
  const login = async (client: TollgateClient, choice: Choice = aProviderAccount(), returnTo = RETURN) =>
    backToApp(app, await client.beginOAuth('github', { returnTo }), choice)
  const sessions = async () => (await app.scope().em.execute('select 1 from sessions')).length

  test('opens a session with a code that works once, also after a restart of the app', async () => {
    const [device, account] = [anApp(app), aProviderAccount()]
    const address = await login(device.start(), account)
    expect(address).toMatch(/^com\.example\.app:\/login\?code=[\w-]{43}$/)
    const restarted = device.start()
    const { user } = await restarted.exchangeOAuthCode(address)
    expect(user).toMatchObject({ email: account.email, provider: 'github' })
    expect((await restarted.api.auth.me.query()).id).toBe(user.id)
    expect([...device.stored.keys()].filter((key) => key.endsWith('.oauth'))).toEqual([])
    expect((await device.start().session.restore())?.user.id).toBe(user.id)
    const before = await sessions()
    expect(await reasonOf(restarted.exchangeOAuthCode(address))).toBe('OAUTH_STATE')
    expect(await sessions()).toBe(before)
  })

  test.each([
    ['https://app.example.com/login?from=phone', /^https:\/\/app\.example\.com\/login\?from=phone&code=[\w-]+$/],
    ['http://127.0.0.1:51234/done', /^http:\/\/127\.0\.0\.1:51234\/done\?code=[\w-]+$/],
  ])('leads back to %s', async (returnTo, expected) => {
    expect(await login(anApp(app).start(), aProviderAccount(), returnTo)).toMatch(expected)
  })

  test.each([
    'com.example.app:/login2',
    'COM.EXAMPLE.APP:/login',
    'com.example.app:/login?x=1',
    'com.evil.app:/login',
    'javascript:alert(1)',
    'https://app.example.com/login',
    'https://app.example.com.evil.example/login?from=phone',
    'https://app.example.com:8443/login?from=phone',
    'http://127.0.0.1:51234/other',
    'http://127.0.0.1:51234/done#x',
    'http://x@127.0.0.1:51234/done',
    'http://localhost:51234/done',
    'http://evil.example/done',
    '/subscription',
    '',
  ])('never leads to %s', async (returnTo) => {
    await expect(anApp(app).start().beginOAuth('github', { returnTo })).rejects.toMatchObject({
      data: { reason: 'INVALID_INPUT', fieldErrors: { redirectTo: expect.any(String) } },
    })
  })

  test('opens no session for an app that has only seen the code, and still opens it for its own', async () => {
    const [own, thief] = [anApp(app).start(), anApp(app).start()]
    const address = await login(own)
    expect(await reasonOf(thief.exchangeOAuthCode(address))).toBe('OAUTH_STATE')
    await login(thief)
    expect(await reasonOf(thief.exchangeOAuthCode(address))).toBe('OAUTH_STATE')
    expect((await own.exchangeOAuthCode(address)).user.provider).toBe('github')
  })

  test('logs no one in with a code that another person has put into an address', async () => {
    const [victim, attacker] = [anApp(app).start(), anApp(app).start()]
    const own = await login(victim)
    const planted = await login(attacker)
    expect(await reasonOf(victim.exchangeOAuthCode(planted))).toBe('OAUTH_STATE')
    expect(victim.session.current).toBeNull()
    await victim.exchangeOAuthCode(own)
    expect(victim.session.current?.user.provider).toBe('github')
  })

  test('gives one session when the code is exchanged five times at once', async () => {
    const client = anApp(app).start()
    const address = await login(client)
    const before = await sessions()
    const ends = await Promise.allSettled([1, 2, 3, 4, 5].map(() => client.exchangeOAuthCode(address)))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await sessions()).toBe(before + 1)
  })

  test('takes no code after a minute, and no browser after ten', async () => {
    const client = anApp(app).start()
    const late = await login(client)
    app.clock.advance(61 * SECOND)
    expect(await reasonOf(client.exchangeOAuthCode(late))).toBe('OAUTH_STATE')
    const url = await client.beginOAuth('github', { returnTo: RETURN })
    app.clock.advance(11 * MINUTE)
    expect(await openedAt(url)).toBe(FAILED)
  })

  test('has an address for the browser that works once, and for its provider only', async () => {
    const client = anApp(app).start()
    const url = await client.beginOAuth('github', { returnTo: RETURN })
    expect(await openedAt(url.replace('/github/', '/google/'))).toBe(FAILED)
    await backToApp(app, url, aProviderAccount())
    expect(await openedAt(url)).toBe(FAILED)
    const link = await (await app.as(await app.aUser())).api.identities.link.mutate({ provider: 'github' })
    expect(await openedAt(link.url.replace('link=', 'app='))).toBe(FAILED)
  })

  test('comes back with a reason when it failed, which says nothing that a stranger has written', async () => {
    const client = anApp(app).start()
    const denied = await login(client, { decision: 'deny' })
    expect(denied).toBe(`${RETURN}?error=OAUTH_DENIED`)
    await expect(client.exchangeOAuthCode(denied)).rejects.toMatchObject({ data: { reason: 'OAUTH_DENIED' } })
    const planted = `${RETURN}?error=${encodeURIComponent('call 0800 now')}`
    await expect(client.exchangeOAuthCode(planted)).rejects.toMatchObject({ data: { reason: 'OAUTH_FAILED' } })
    await expect(client.exchangeOAuthCode(RETURN)).rejects.toThrow('neither a code nor an error')
  })

  test('ends with the account, and with what voids its other codes', async () => {
    const account = aProviderAccount()
    const first = anApp(app).start()
    const { user } = await first.exchangeOAuthCode(await login(first, account))
    const second = anApp(app).start()
    const address = await login(second, account)
    const admin = await app.as(await app.aUser({ isAdmin: true }))
    await admin.api.admin.users.endSessions.mutate({ id: user.id })
    expect(await reasonOf(second.exchangeOAuthCode(address))).toBe('OAUTH_STATE')

    const third = await login(second, account)
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    expect(await reasonOf(second.exchangeOAuthCode(third))).toBe('ACCOUNT_DISABLED')
    expect(await login(second, account)).toBe(`${RETURN}?error=ACCOUNT_DISABLED`)
  })

  test('ends when the user ends their other sessions, or unlinks the provider', async () => {
    const account = aProviderAccount()
    const [own, other] = [anApp(app).start(), anApp(app).start()]
    await own.exchangeOAuthCode(await login(own, account))
    const first = await login(other, account)
    await own.api.sessions.revokeOthers.mutate()
    expect(await reasonOf(other.exchangeOAuthCode(first))).toBe('OAUTH_STATE')
    const second = await login(other, account)
    await own.api.identities.unlink.mutate({ provider: 'github' })
    expect(await reasonOf(other.exchangeOAuthCode(second))).toBe('OAUTH_STATE')
  })

  test('is for apps only: browsers use a cookie, and link accounts', async () => {
    const { api } = app.client()
    const input = { provider: 'github', redirectTo: RETURN } as const
    expect(await reasonOf(api.auth.oauthUrl.mutate(input))).toBe('TRANSPORT_NOT_ALLOWED')
    const address = await login(anApp(app).start())
    const exchange = api.auth.exchangeOAuthCode.mutate({ code: address.split('=')[1] ?? '', codeVerifier: 'x' })
    expect(await reasonOf(exchange)).toBe('TRANSPORT_NOT_ALLOWED')

    const own = anApp(app).start()
    await own.exchangeOAuthCode(await login(own))
    expect(await reasonOf(own.api.identities.link.mutate({ provider: 'google' }))).toBe('TRANSPORT_NOT_ALLOWED')
    expect(() => own.oauthUrl('github')).toThrow('call beginOAuth')
    await expect(app.client().beginOAuth('github', { returnTo: RETURN })).rejects.toThrow('created with a storage')
  })
})
