import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aBrowser, anApp, backToApp, createOAuthApp, type Choice, type OAuthTestApp } from '../../../test/oauth.ts'
import { reasonOf } from '../../../test/rejection.ts'
import type { TestApp, TestUser } from '../../../test/test-app.ts'
import { SECOND } from '../../platform/durations.ts'
import { hashOf } from '../links/oauth-secrets.ts'

const RETURN = 'com.example.app:/login'

let running: OAuthTestApp
let app: TestApp
beforeAll(async () => {
  running = await createOAuthApp({ SESSION_POLICY: 'multiple', APP_REDIRECT_URIS: RETURN })
  ;({ app } = running)
})
afterAll(() => running[Symbol.asyncDispose]())

let count = 0
const aProviderAccount = () => ({ login: `person${(count += 1)}`, email: `person${count}@elsewhere.example` })

/** Opens the address in a new browser. @returns where that leads at once. */
const openedAt = async (url: string) => (await aBrowser().fetch(url)).headers.get('location')
const FAILED = 'http://console.test/login?error=OAUTH_STATE'
const beginOf = (client: TollgateClient) => client.beginOAuth('github', { returnTo: RETURN })

describe('linking an account in an app', () => {
  /** An app in which this user has logged in. */
  const loggedIn = async (user: TestUser) => {
    const client = anApp(app).start()
    await client.api.auth.login.mutate({ email: user.email, password: user.password })
    return client
  }
  const begun = (client: TollgateClient, choice: Choice = aProviderAccount()) =>
    client.beginLink('github', { returnTo: RETURN }).then((url) => backToApp(app, url, choice))
  const linked = async ({ api }: TollgateClient) => (await api.identities.list.query()).map(({ email }) => email)
  const codeOf = (address: string) => /[?&]code=([^&]+)/.exec(address)?.[1] ?? ''
  /** Begins without the client, which keeps its verifier to itself. */
  const started = ({ api }: TollgateClient) => api.identities.linkUrl.mutate({ provider: 'github', redirectTo: RETURN })

  test('happens at the exchange, in the session that asked, also after a restart of the app', async () => {
    const [user, account] = [await app.aUser(), aProviderAccount()]
    const device = anApp(app)
    await device.start().api.auth.login.mutate({ email: user.email, password: user.password })
    const first = device.start()
    await first.session.restore()
    const address = await begun(first, account)
    expect(address).toMatch(/^com\.example\.app:\/login\?code=[\w-]{43}$/)
    expect(await linked(first)).toEqual([])
    const restarted = device.start()
    await restarted.session.restore()
    expect(await restarted.exchangeLinkCode(address)).toEqual({ provider: 'github', email: account.email })
    expect(await linked(restarted)).toEqual([account.email])
    expect([...device.stored.keys()].filter((key) => key.endsWith('.link'))).toEqual([])
    expect(await reasonOf(restarted.exchangeLinkCode(address))).toBe('OAUTH_STATE')
    const other = anApp(app).start()
    expect((await other.exchangeOAuthCode(await backToApp(app, await beginOf(other), account))).user.id).toBe(user.id)
  })

  test('links nothing to the account of a person who sends their own URL to a victim', async () => {
    const [attacker, victim] = [await loggedIn(await app.aUser()), await loggedIn(await app.aUser())]
    const { url, codeVerifier } = await started(attacker)
    const address = await backToApp(app, url, aProviderAccount()) // in the victim's browser, which opens the victim's app
    expect(await linked(attacker)).toEqual([])
    expect(await reasonOf(victim.exchangeLinkCode(address))).toBe('OAUTH_STATE')
    expect(await reasonOf(victim.exchangeOAuthCode(address))).toBe('OAUTH_STATE')
    const proof = { code: codeOf(address), codeVerifier }
    expect(await reasonOf(victim.api.identities.exchangeLinkCode.mutate(proof))).toBe('OAUTH_STATE')
    expect([await linked(attacker), await linked(victim)]).toEqual([[], []])
  })

  test('links no account of an attacker whose code was put into the address', async () => {
    const [attacker, victim] = [await loggedIn(await app.aUser()), await loggedIn(await app.aUser())]
    const account = aProviderAccount()
    const own = await begun(victim, account)
    const planted = [await begun(attacker), await backToApp(app, await beginOf(attacker), aProviderAccount())]
    for (const address of planted) expect(await reasonOf(victim.exchangeLinkCode(address))).toBe('OAUTH_STATE')
    await victim.exchangeLinkCode(own)
    expect(await linked(victim)).toEqual([account.email])
  })

  test('takes code and verifier only in that session, and neither is a login', async () => {
    const user = await app.aUser()
    const [own, sameUser, other] = [await loggedIn(user), await loggedIn(user), await loggedIn(await app.aUser())]
    const { url, codeVerifier } = await started(own)
    const proof = { code: codeOf(await backToApp(app, url, aProviderAccount())), codeVerifier }
    for (const { api } of [sameUser, other]) {
      expect(await reasonOf(api.identities.exchangeLinkCode.mutate(proof))).toBe('OAUTH_STATE')
    }
    expect(await reasonOf(anApp(app).start().api.auth.exchangeOAuthCode.mutate(proof))).toBe('OAUTH_STATE')
    const ends = await Promise.allSettled([1, 2, 3].map(() => own.api.identities.exchangeLinkCode.mutate(proof)))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await linked(own)).toHaveLength(1)
  })

  test('ends with the session, with what voids codes, and after a minute', async () => {
    const user = await app.aUser()
    const [own, other] = [await loggedIn(user), await loggedIn(user)]
    const voided = await begun(own)
    await own.api.sessions.revokeOthers.mutate()
    expect(await reasonOf(own.exchangeLinkCode(voided))).toBe('OAUTH_STATE')
    const { url, codeVerifier } = await started(own)
    const code = codeOf(await backToApp(app, url, aProviderAccount()))
    app.clock.advance(61 * SECOND)
    expect(await reasonOf(own.api.identities.exchangeLinkCode.mutate({ code, codeVerifier }))).toBe('OAUTH_STATE')
    const late = await begun(own)
    await own.api.auth.logout.mutate()
    expect(await reasonOf(own.exchangeLinkCode(late))).toBe('INVALID_TOKEN')
    expect(await reasonOf(other.api.identities.list.query())).toBe('INVALID_TOKEN')
    expect(await linked(await loggedIn(user))).toEqual([])
  })

  test('takes more than an access token, which other programs see: the refresh token of the same session', async () => {
    const user = await app.aUser()
    const [own, other] = [anApp(app), anApp(app)]
    for (const device of [own, other]) {
      await device.start().api.auth.login.mutate({ email: user.email, password: user.password })
    }
    const accessToken = (await own.start().session.restore())?.accessToken
    const ask = async (refreshToken?: string) => {
      const headers = {
        ...{ authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        'x-tollgate-transport': 'body',
      }
      const body = JSON.stringify({ provider: 'github', redirectTo: RETURN, refreshToken })
      const response = await fetch(`${app.url}/identities/app/url`, { method: 'POST', headers, body })
      const { error } = (await response.json()) as { error?: { reason: string } }
      return error?.reason ?? 'fine'
    }
    const tokenOf = ({ stored }: typeof own) => [...stored.values()].find((value) => value.startsWith('ey')) ?? ''
    expect(await ask()).toBe('INVALID_INPUT')
    for (const token of [tokenOf(other), accessToken, 'nonsense']) expect(await ask(token)).toBe('OAUTH_STATE')
    expect(await ask(tokenOf(own))).toBe('fine')
  })

  test('says why it can’t, and changes nothing', async () => {
    const [own, taker] = [await loggedIn(await app.aUser()), await loggedIn(await app.aUser())]
    const taken = aProviderAccount()
    await taker.exchangeLinkCode(await begun(taker, taken))
    expect(await reasonOf(begun(own, taken).then((address) => own.exchangeLinkCode(address)))).toBe('IDENTITY_TAKEN')
    const unproven = await begun(own, { ...aProviderAccount(), email_status: 'unverified' })
    expect(unproven).toBe(`${RETURN}?error=EMAIL_UNVERIFIED`)
    expect(await reasonOf(own.exchangeLinkCode(unproven))).toBe('EMAIL_UNVERIFIED')
    expect(await linked(own)).toEqual([])
  })

  test('is for apps only, and no older server finds a trace of it', async () => {
    const user = await app.aUser()
    const { accessToken } = await app.client().api.auth.login.mutate({ email: user.email, password: user.password })
    const call = async (headers: Record<string, string>) => {
      const init = {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ provider: 'github', redirectTo: RETURN }),
      }
      return (await fetch(`${app.url}/identities/app/url`, init)).json()
    }
    const refused = { error: { reason: 'TRANSPORT_NOT_ALLOWED' } }
    expect(await call({})).toMatchObject(refused)
    expect(await call({ 'x-tollgate-transport': 'body', 'sec-fetch-site': 'same-origin' })).toMatchObject(refused)
    await expect(app.client().beginLink('github', { returnTo: RETURN })).rejects.toThrow('created with a storage')

    const own = await loggedIn(user)
    const { url } = await started(own)
    expect(await openedAt(url.replace('app=', 'link='))).toBe(FAILED)
    const rows = async (table: string, secret: string) =>
      (await app.scope().em.execute(`select from ${table} where hash = ?`, [hashOf(secret)])).length
    expect(await rows('oauth_states', /app=(.+)/.exec(url)?.[1] ?? '')).toBe(0)
    expect(await rows('oauth_codes', codeOf(await backToApp(app, url, aProviderAccount())))).toBe(0)
  })
})
