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
  type Provider,
} from '../../../test/oauth.ts'
import { reasonOf } from '../../../test/rejection.ts'
import type { TestApp } from '../../../test/test-app.ts'

let running: OAuthTestApp
let app: TestApp
beforeAll(async () => {
  running = await createOAuthApp({ SESSION_POLICY: 'multiple' })
  ;({ app } = running)
})
afterAll(() => running[Symbol.asyncDispose]())

let count = 0
/** A login that no other test uses. */
const aName = () => `person${(count += 1)}`
const rows = (sql: string, params: unknown[]) => app.scope().em.execute<Record<string, unknown>[]>(sql, params)
const logIn = async (provider: Provider, choice: Parameters<typeof logInWith>[3]) => {
  const browser = aBrowser()
  const end = await logInWith(app, browser, provider, choice)
  return { browser, end, user: await whoIs(app, browser) }
}

describe('an account that an attacker opened in advance with a victim’s address', () => {
  test.each(['google', 'github'] as const)('belongs to the owner alone once they log in with %s', async (provider) => {
    const login = aName()
    const email = `${login}@example.com`
    const password = 'known to the attacker'
    const attacker = app.client()
    await attacker.api.auth.register.mutate({ email, username: `${login}-attacker`, password })
    await attacker.api.auth.login.mutate({ email, password })
    await attacker.api.auth.requestEmailChange.mutate({ email: `${login}-attacker@example.com`, password })
    await attacker.api.auth.requestLoginCode.mutate({ email })

    const { user, end } = await logIn(provider, { login, email: email.toUpperCase() })
    expect(end).toBe('/')
    expect(user).toMatchObject({ email, isVerified: true, provider: 'local', username: `${login}-attacker` })
    expect(await reasonOf(attacker.api.auth.me.query())).toBe('INVALID_TOKEN')
    expect(await attacker.session.restore()).toBeNull()
    expect(await reasonOf(attacker.api.auth.login.mutate({ email, password }))).toBe('INVALID_CREDENTIALS')
    const left = await rows(
      `select (select count(*) from one_time_tokens where user_id = ?) + (select count(*) from login_codes where user_id = ?) as left`,
      [user?.id, user?.id],
    )
    expect(Number(left[0]?.['left'])).toBe(0)
  })

  test('cannot be opened once the owner has an account', async () => {
    const login = aName()
    const email = `${login}@example.com`
    const { user } = await logIn('google', { login, email })
    const { api } = app.client()
    const password = 'known to the attacker'
    expect(await reasonOf(api.auth.register.mutate({ email, username: `${login}-2`, password }))).toBe('EMAIL_TAKEN')
    expect(await reasonOf(api.auth.login.mutate({ email, password }))).toBe('INVALID_CREDENTIALS')
    expect((await logIn('google', { login, email })).user?.id).toBe(user?.id)
  })

  test('is not taken from its owner with an unverified address at a provider', async () => {
    const user = await app.aUser()
    const open = await app.as(user)
    for (const provider of ['google', 'github'] as const) {
      const { end } = await logIn(provider, { login: aName(), email: user.email, email_status: 'unverified' })
      expect(end).toBe('/login?error=EMAIL_UNVERIFIED')
    }
    expect((await open.api.auth.me.query()).id).toBe(user.id)
    expect(await open.api.identities.list.query()).toEqual([])
  })
})

describe('an account with a verified address', () => {
  test('keeps its password, sessions, and origin when a provider’s account is linked', async () => {
    const user = await app.aUser()
    const open = await app.as(user)
    const { user: same } = await logIn('google', { login: aName(), email: user.email })
    expect(same).toMatchObject({ id: user.id, provider: 'local', username: user.username })
    expect((await open.api.auth.me.query()).id).toBe(user.id)
    await app.as(user)
    expect(await open.api.identities.list.query()).toMatchObject([{ provider: 'google', email: user.email }])
    await app.startWorker()
    await aMailTo(user.email, /now log in with Google/)
    await app.stopWorker()
  })

  test('is not entered with an address that only looks the same', async () => {
    const kelvin = '\u212A' // in lower case, the Kelvin sign is a plain k
    const name = aName()
    const victim = await app.aUser({ email: `k${name}@example.com` })
    const { end } = await logIn('github', { login: aName(), email: `${kelvin}${name}@example.com` })
    expect(end).toBe('/login?error=EMAIL_UNVERIFIED')
    expect(await rows('select 1 from identities where user_id = ?', [victim.id])).toEqual([])
  })

  test('that is disabled is refused, both by address and by identity', async () => {
    const login = aName()
    const known = { login, email: `${login}@example.com` }
    const { user } = await logIn('google', known)
    await rows('update users set is_active = false where id = ?', [user?.id])
    expect((await logIn('google', known)).end).toBe('/login?error=ACCOUNT_DISABLED')
    expect((await logIn('github', known)).end).toBe('/login?error=ACCOUNT_DISABLED')
    expect(await rows('select provider from identities where user_id = ?', [user?.id])).toEqual([
      { provider: 'google' },
    ])
  })

  test('that is refused because it is disabled keeps its password, even if unverified', async () => {
    const user = await app.aUser({ isVerified: false })
    await rows('update users set is_active = false where id = ?', [user.id])
    expect((await logIn('google', { login: aName(), email: user.email })).end).toBe('/login?error=ACCOUNT_DISABLED')
    const [row] = await rows('select password_hash is not null as kept, is_verified from users where id = ?', [user.id])
    expect(row).toEqual({ kept: true, is_verified: false })
  })
})

describe('a known identity', () => {
  test('logs in even after its login and address have changed', async () => {
    const [before, after] = [aName(), aName()]
    const id = '70001'
    const { user } = await logIn('github', { id, login: before, email: `${before}@example.com` })
    const other = await app.aUser()
    for (const now of [
      { login: after, email: `${after}@example.com` },
      { login: after, email: other.email },
      { login: after, email: other.email, email_status: 'unverified' },
      { login: after, email_status: 'none' },
    ]) {
      expect((await logIn('github', { id, ...now })).user?.id).toBe(user?.id)
    }
    expect(await rows('select 1 from identities where user_id = ?', [other.id])).toEqual([])
  })
})

describe('a GitHub account without an address', () => {
  const withoutAddress = (login: string, id?: string) => ({ login, email_status: 'none', ...(id ? { id } : {}) })

  test('gets a stand-in address, and a person who takes over the login gets a separate account', async () => {
    const login = `Octo-${aName()}`
    const { user: first } = await logIn('github', withoutAddress(login, '80001'))
    expect(first).toMatchObject({ email: `${login.toLowerCase()}@github.local`, username: login, isVerified: true })
    const { user: second } = await logIn('github', withoutAddress(login, '80002'))
    expect(second?.id).not.toBe(first?.id)
    expect(second?.email).toBe(`${login.toLowerCase()}+80002@github.local`)
    expect(second?.username).toMatch(new RegExp(`^${login}-[0-9a-f]+$`))
    expect((await logIn('github', withoutAddress(login, '80001'))).user?.id).toBe(first?.id)
  })

  test('is not entered by claiming its stand-in address at a provider', async () => {
    const login = aName()
    const { user } = await logIn('github', withoutAddress(login, '80010'))
    const email = `${login}@github.local`
    for (const provider of ['google', 'github'] as const) {
      expect((await logIn(provider, { id: '80011', login: aName(), email })).end).toBe('/login?error=EMAIL_UNVERIFIED')
    }
    expect(await rows('select 1 from identities where user_id = ?', [user?.id])).toHaveLength(1)
  })

  test('differs from one with an unverified address, and a Google account without an address is refused', async () => {
    const [login, email_status] = [aName(), 'unverified']
    expect((await logIn('github', { login, email: `${login}@example.com`, email_status })).end).toMatch(
      /EMAIL_UNVERIFIED/,
    )
    expect((await logIn('google', withoutAddress(aName()))).end).toBe('/login?error=EMAIL_UNVERIFIED')
    expect(await rows('select 1 from users where username_key = ?', [login])).toEqual([])
  })

  test('keeps its last login method', async () => {
    const { browser } = await logIn('github', withoutAddress(aName()))
    const { api } = await clientOf(app, browser)
    expect(await reasonOf(api.identities.unlink.mutate({ provider: 'github' }))).toBe('LAST_LOGIN_METHOD')
    expect(await reasonOf(api.identities.unlink.mutate({ provider: 'google' }))).toBe('IDENTITY_NOT_FOUND')
    expect(await api.identities.list.query()).toMatchObject([{ provider: 'github', email: null }])
  })
})

describe('simultaneously', () => {
  test('four callbacks of one new user open one account', async () => {
    const login = aName()
    const choice = { login, email: `${login}@example.com` }
    const browsers = [1, 2, 3, 4].map(() => aBrowser())
    const callbacks = await Promise.all(browsers.map((browser) => toCallback(app, browser, 'google', choice)))
    const ends = await Promise.all(browsers.map((browser, n) => openCallback(app, browser, callbacks[n] ?? '')))
    expect(new Set(ends)).toEqual(new Set(['/']))
    const users = await Promise.all(browsers.map((browser) => whoIs(app, browser)))
    expect(new Set(users.map((user) => user?.id)).size).toBe(1)
    expect(await rows('select 1 from users where email = ?', [choice.email])).toHaveLength(1)
  })

  test('Google and GitHub logins with the same new address open one account with two identities', async () => {
    const login = aName()
    const choice = { login, email: `${login}@example.com` }
    const providers = ['google', 'github', 'google', 'github'] as const
    const users = await Promise.all(providers.map(async (provider) => (await logIn(provider, choice)).user))
    expect(new Set(users.map((user) => user?.id)).size).toBe(1)
    expect(await rows('select 1 from identities where user_id = ?', [users[0]?.id])).toHaveLength(2)
  })

  test('a sign-up and GitHub logins that want the same address or username all end well', async () => {
    const login = aName()
    const wanted = Array.from({ length: 6 }, (_, n) => ({ id: `9000${n}`, login, email: `${login}-${n}@example.com` }))
    const registration = app.client().api.auth.register.mutate({
      ...{ email: `${login}-0@example.com`, username: login, password: 'correct horse battery' },
    })
    const [registered, ...users] = await Promise.all([
      reasonOf(registration),
      ...wanted.map(async (choice) => (await logIn('github', choice)).user),
    ])
    expect(['fine', 'EMAIL_TAKEN', 'USERNAME_TAKEN']).toContain(registered)
    expect(users.map((user) => user?.email)).toEqual(wanted.map(({ email }) => email))
    const names = users.map((user) => user?.username)
    expect(new Set(names).size).toBe(6)
    for (const name of names) expect(name).toMatch(new RegExp(`^${login}(-[0-9a-f]+)?$`))
  })
})
