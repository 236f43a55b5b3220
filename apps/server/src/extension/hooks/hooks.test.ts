import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorText } from '@tollgate/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aBrowser, anApp, backToApp, createOAuthApp, logInWith, whoIs, type OAuthTestApp } from '../../../test/oauth.ts'
import { aMember, anOrganization } from '../../../test/organizations.ts'
import { aPlan } from '../../../test/plans.ts'
import { reasonOf } from '../../../test/rejection.ts'
import type { TestApp } from '../../../test/test-app.ts'

const CONFIG = `
import { defineConfig, z } from '@tollgate/config'
const asked = (globalThis.askedHooks = [])
export default defineConfig({
  users: { publicData: z.object({ team: z.string().optional() }), signUp: ['team'] },
  hooks: {
    beforeSignUp: {
      timeoutMs: 500,
      async run({ query, signal }, signUp) {
        const [{ open, longest }] = await query(
          "select count(*)::int as open, current_setting('statement_timeout') as longest from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
        )
        asked.push({ ...signUp, open, longest, isTimed: signal instanceof AbortSignal })
        const email = signUp.email ?? ''
        if (email.startsWith('throws')) throw new Error('hush')
        if (email.startsWith('hangs')) return new Promise(() => {})
        if (email.startsWith('sleeps')) return query('select pg_sleep(60)').catch(({ message }) => asked.push(message))
        if (email.startsWith('odd')) return 'no'
        if (signUp.isInvited || email.endsWith('@acme.example')) return undefined
        return { deny: 'Sign up with your address at Acme.' }
      },
    },
    beforeCheckout: {
      onFailure: 'allow',
      run(context, { action, planCode, account, user, ip }) {
        asked.push({ action, planCode, accountId: account.id, role: account.role, userId: user.id, ip })
        if (planCode === 'throws') throw new Error('hush')
        if (planCode === 'talks') return { deny: 'No\\n' + '.'.repeat(500) }
        return planCode === 'partners' ? { deny: 'This plan is for partners. Write to us.' } : undefined
      },
    },
  },
})`
const RETURN = 'com.example.app:/login'
const DENIED = 'Sign up with your address at Acme.'
const PASSWORD = 'correct horse battery'

let running: OAuthTestApp
let app: TestApp
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-hooks-'))
  const file = join(folder, 'tollgate.config.ts')
  writeFileSync(file, CONFIG)
  running = await createOAuthApp({ CONFIG_FILE: file, APP_REDIRECT_URIS: RETURN })
  ;({ app } = running)
})
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

/** What the hooks were asked while this ran. */
async function askedIn(work: () => Promise<unknown>): Promise<unknown[]> {
  const asked: unknown = Reflect.get(globalThis, 'askedHooks')
  if (!Array.isArray(asked)) throw new Error('The configuration was not loaded.')
  asked.length = 0
  await work()
  return [...asked]
}

let count = 0
const account = (email: string, more: object = {}) => ({
  ...{ email, username: `hooked-${(count += 1)}`, password: PASSWORD },
  ...more,
})
const register = (email: string, more?: object) => app.client().api.auth.register.mutate(account(email, more))
const isThere = async (email: string) =>
  (await app.scope().em.execute('select from users where email = ?', [email])).length > 0

test('a sentence that is too long or has line breaks still denies', async () => {
  const { api } = await aMember(app)
  await expect(api.billing.subscriptions.subscribe.mutate({ planCode: 'talks' })).rejects.toMatchObject({
    message: `No ${'.'.repeat(297)}`,
    data: { reason: 'CHECKOUT_DENIED' },
  })
})

test('a hook decides who may sign up with a password, in no transaction', async () => {
  const email = 'ada@elsewhere.example'
  const failure = await register(email).catch((error: unknown) => error)
  expect(failure).toMatchObject({ message: DENIED, data: { code: 'FORBIDDEN', reason: 'SIGN_UP_DENIED' } })
  expect(errorText(failure)).toBe(DENIED)
  expect(await isThere(email)).toBe(false)
  const body = JSON.stringify(account(email))
  const headers = { 'content-type': 'application/json' }
  const rest = await fetch(`${app.url}/register`, { method: 'POST', headers, body })
  expect([rest.status, await rest.json()]).toMatchObject([
    403,
    { error: { reason: 'SIGN_UP_DENIED', message: DENIED } },
  ])

  const asked = await askedIn(() => register('Grace@ACME.example', { publicData: { team: 'Compilers' } }))
  expect(asked).toEqual([
    {
      ...{ email: 'grace@acme.example', username: `hooked-${count}`, method: 'password', isInvited: false },
      ...{ publicData: { team: 'Compilers' }, ip: expect.any(String), userAgent: expect.any(String) },
      ...{ open: 0, longest: '500ms', isTimed: true },
    },
  ])
  expect(await isThere('grace@acme.example')).toBe(true)
  // A bad input is refused before anyone is asked.
  expect(await askedIn(() => reasonOf(register('nonsense')))).toEqual([])
})

test('a hook learns whether the address has an invitation that can be accepted', async () => {
  const owner = await aMember(app)
  const { id: accountId } = await anOrganization(app, owner)
  const [email, late] = ['invited@elsewhere.example', 'late@elsewhere.example']
  for (const each of [email, late]) {
    await owner.api.accounts.invitations.create.mutate({ accountId, email: each, role: 'member' })
  }
  expect(await reasonOf(register(email))).toBe('fine')
  await app.scope().em.execute(`update invitations set expires_at = now() where email = ?`, [late])
  expect(await reasonOf(register(late))).toBe('SIGN_UP_DENIED')
})

test('a hook decides which address a user may change to', async () => {
  const user = await app.aUser({ email: 'mover@acme.example' })
  const { api } = await app.as(user)
  const change = (email: string) => api.auth.requestEmailChange.mutate({ email, password: user.password })
  const asked = await askedIn(async () => {
    expect(await reasonOf(change('mover@elsewhere.example'))).toBe('SIGN_UP_DENIED')
  })
  expect(asked).toMatchObject([{ email: 'mover@elsewhere.example', username: user.username, method: 'email-change' }])
  expect(await app.scope().em.execute('select from one_time_tokens where user_id = ?', [user.id])).toEqual([])
  expect(await reasonOf(change('moved@acme.example'))).toBe('fine')
})

test('a hook that throws, hangs or answers nonsense denies, and says nothing of itself', async () => {
  for (const email of ['throws@acme.example', 'hangs@acme.example', 'odd@acme.example']) {
    await expect(register(email)).rejects.toMatchObject({
      message: expect.not.stringContaining('hush'),
      data: { code: 'SERVICE_UNAVAILABLE', reason: 'HOOK_FAILED' },
    })
    expect(await isThere(email)).toBe(false)
  }
})

test('a statement of a hook that takes too long does not keep its connection', async () => {
  expect(await reasonOf(register('sleeps@acme.example'))).toBe('HOOK_FAILED')
  const asked = () => Reflect.get(globalThis, 'askedHooks')
  await expect.poll(asked, { timeout: 10_000 }).toContain('canceling statement due to statement timeout')
})

test.each(['google', 'github'] as const)('a hook decides who may sign up with %s, but not who logs in', async (via) => {
  const denied = { id: '9001', login: 'denied', email: `denied-${via}@elsewhere.example` }
  const asked = await askedIn(async () => {
    const browser = aBrowser()
    expect(await logInWith(app, browser, via, denied)).toBe('/login?error=SIGN_UP_DENIED')
    expect(await whoIs(app, browser)).toBeNull()
  })
  expect(asked).toMatchObject([{ email: denied.email, username: null, method: via, publicData: {}, open: 0 }])
  expect(await isThere(denied.email)).toBe(false)
  expect(await logInWith(app, aBrowser(), via, { ...denied, email: 'throws@acme.example' })).toBe(
    '/login?error=HOOK_FAILED',
  )

  const person = { id: '9002', login: 'person', email: `person-${via}@acme.example` }
  const browser = aBrowser()
  expect(await logInWith(app, browser, via, person)).toBe('/')
  expect(await whoIs(app, browser)).toMatchObject({ email: person.email, provider: via })
  const member = await app.aUser({ email: `member-${via}@elsewhere.example` })
  const again = await askedIn(async () => {
    expect(await logInWith(app, aBrowser(), via, { ...person, email: `moved-${via}@elsewhere.example` })).toBe('/')
    expect(await logInWith(app, aBrowser(), via, { id: '9003', login: 'member', email: member.email })).toBe('/')
  })
  expect(again).toEqual([])
})

test('a hook decides who may sign up in an app', async () => {
  const client = anApp(app).start()
  const begin = () => client.beginOAuth('github', { returnTo: RETURN })
  const denied = await backToApp(app, await begin(), { login: 'mobile', email: 'mobile@elsewhere.example' })
  expect(denied).toBe(`${RETURN}?error=SIGN_UP_DENIED`)
  expect(await reasonOf(client.exchangeOAuthCode(denied))).toBe('SIGN_UP_DENIED')
  const address = await backToApp(app, await begin(), { login: 'mobile2', email: 'mobile@acme.example' })
  expect((await client.exchangeOAuthCode(address)).user.email).toBe('mobile@acme.example')
})

test('a hook decides what is bought, and one that fails lets it happen if it says so', async () => {
  await aPlan(app, { code: 'partners' })
  await aPlan(app, { code: 'open', tier: 'pro' })
  const owner = await aMember(app)
  const { id: accountId } = await anOrganization(app, owner)
  const { subscriptions } = owner.api.billing
  const ways = ['subscribe', 'upgrade', 'change', 'switch'] as const
  const asked = await askedIn(async () => {
    for (const way of ways) {
      await expect(subscriptions[way].mutate({ planCode: 'partners', accountId })).rejects.toMatchObject({
        message: 'This plan is for partners. Write to us.',
        data: { code: 'FORBIDDEN', reason: 'CHECKOUT_DENIED' },
      })
    }
  })
  const who = { accountId, role: 'owner', userId: owner.id, ip: expect.any(String) }
  expect(asked).toEqual(ways.map((action) => ({ action, planCode: 'partners', ...who })))
  expect(await app.scope().em.execute('select from checkouts')).toEqual([])

  expect(await reasonOf(subscriptions.change.mutate({ planCode: 'throws', accountId }))).toBe('PLAN_NOT_FOUND')
  expect((await subscriptions.subscribe.mutate({ planCode: 'open', accountId })).checkoutUrl).toContain('http')
  // Who may not buy for the account is refused before anyone is asked.
  const stranger = await aMember(app)
  const wish = { planCode: 'open', accountId }
  expect(await askedIn(() => reasonOf(stranger.api.billing.subscriptions.subscribe.mutate(wish)))).toEqual([])
})
