import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { reasonOf } from '../../test/rejection.ts'
import { environmentOf } from '../../test/server-process.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { readConfig, type Config } from '../config.ts'
import { seed } from './seed.ts'

const ADMIN = { email: 'Admin@Tollgate.local', password: 'the first passphrase' }
const USER = { email: 'user@tollgate.local', password: 'another passphrase' }

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

/** Runs the verb with these passwords, and returns what it printed. */
async function seedWith(
  passwords: { admin: string; user: string },
  settings: Partial<Config> = {},
  words: readonly string[] = [],
): Promise<string[]> {
  const lines: string[] = []
  const spy = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  const env = {
    ...environmentOf(app),
    ...{ SEED_ADMIN_EMAIL: ADMIN.email, SEED_ADMIN_PASSWORD: passwords.admin },
    ...{ SEED_USER_EMAIL: USER.email, SEED_USER_PASSWORD: passwords.user },
  }
  try {
    expect(await seed({ ...readConfig(env), ...settings }, app.deps.log, words)).toBe(0)
    return lines
  } finally {
    spy.mockRestore()
  }
}

const logIn = (email: string, password: string) => app.client().api.auth.login.mutate({ email, password })

test('the seeded accounts can always log in with the passwords in SEED_*', async () => {
  await app.aUser({ username: 'Admin' }) // another account has the name
  expect(await seedWith({ admin: ADMIN.password, user: USER.password })).toEqual([
    `Added: ${ADMIN.email}, ${USER.email}.`,
  ])
  expect((await logIn(ADMIN.email, ADMIN.password)).user).toMatchObject({ isAdmin: true, isVerified: true })
  expect((await logIn(USER.email, USER.password)).user).toMatchObject({ isAdmin: false, username: 'user' })
  expect(await seedWith({ admin: ADMIN.password, user: USER.password })).toEqual(['Nothing to add.'])

  // A database that was used before, and other generated passwords.
  expect(await seedWith({ admin: 'a newer passphrase', user: USER.password })).toEqual([
    `Reset to the passwords in SEED_*: ${ADMIN.email}.`,
  ])
  expect((await logIn(ADMIN.email, 'a newer passphrase')).user.isAdmin).toBe(true)
  expect(await reasonOf(logIn(ADMIN.email, ADMIN.password))).toBe('INVALID_CREDENTIALS')

  await app.scope().em.execute('update users set is_active = false where email = ?', [USER.email])
  await seedWith({ admin: 'a newer passphrase', user: USER.password })
  expect((await logIn(USER.email, USER.password)).user.isActive).toBe(true)
})

const PLANS_HINT = 'In production, the default plans are added only by `seed --plans`.'

test('in production, an existing account keeps its password', async () => {
  await seedWith({ admin: ADMIN.password, user: USER.password })
  const said = await seedWith({ admin: 'an attempt to get in', user: USER.password }, { NODE_ENV: 'production' })
  expect(said).toEqual(['Nothing to add.', PLANS_HINT])
  expect(await reasonOf(logIn(ADMIN.email, 'an attempt to get in'))).toBe('INVALID_CREDENTIALS')
  expect((await logIn(ADMIN.email, ADMIN.password)).user.isAdmin).toBe(true)
})

test('in production, the default plans are added only when asked for', async () => {
  const { em } = app.scope()
  const passwords = { admin: ADMIN.password, user: USER.password }
  const plans = async () => {
    const rows = await em.execute<{ code: string }[]>('select code from plans order by code')
    return rows.map(({ code }) => code)
  }
  await seedWith(passwords)
  await em.execute('delete from plans')

  await seedWith(passwords, { NODE_ENV: 'production' })
  expect(await plans()).toEqual([])
  const added = await seedWith(passwords, { NODE_ENV: 'production' }, ['--plans'])
  expect(added).toEqual(['Added: plan free, plan pro, plan pro-yearly, plan vip, plan vip-yearly.'])
  expect(await plans()).toEqual(['free', 'pro', 'pro-yearly', 'vip', 'vip-yearly'])
  await em.execute("update plans set price_cents = 700 where code = 'pro'")
  expect(await seedWith(passwords, { NODE_ENV: 'production' }, ['--plans'])).toEqual(['Nothing to add.'])
  expect(await plans()).toEqual(['free', 'pro', 'pro-yearly', 'vip', 'vip-yearly'])
})

test('outside production, the default plans are added without asking', async () => {
  await app.scope().em.execute("delete from plans where code = 'vip'")
  expect(await seedWith({ admin: ADMIN.password, user: USER.password })).toEqual(['Added: plan vip.'])
})

test('a webhook endpoint is made once, with the given secret', async () => {
  const secret = `whsec_${'A'.repeat(43)}=`
  const hook = { SEED_WEBHOOK_URL: 'http://127.0.0.1:3007/hooks', SEED_WEBHOOK_SECRET: secret }
  const passwords = { admin: ADMIN.password, user: USER.password }
  expect(await seedWith(passwords, hook)).toEqual(['Added: webhook endpoint 127.0.0.1:3007.'])
  expect(await seedWith(passwords, hook)).toEqual(['Nothing to add.'])
  expect(await app.scope().em.execute('select url, types, secrets from webhook_endpoints')).toEqual([
    { url: hook.SEED_WEBHOOK_URL, types: null, secrets: [{ secret, expiresAt: null }] },
  ])
})

test('plans of Paymob are among them once its keys are set', async () => {
  const passwords = { admin: ADMIN.password, user: USER.password }
  const keys = {
    ...{ PAYMOB_SECRET_KEY: 'egy_sk_test_1', PAYMOB_PUBLIC_KEY: 'egy_pk_test_1', PAYMOB_API_KEY: 'key' },
    ...{ PAYMOB_HMAC_SECRET: 'secret', PAYMOB_INTEGRATION_3DS: 1, PAYMOB_INTEGRATION_MOTO: 2 },
    PAYMOB_URL: 'http://127.0.0.1:9',
  }
  expect(await seedWith(passwords, keys)).toEqual(['Added: plan pro-egp, plan vip-egp.'])
  expect(await app.scope().em.execute("select code, currency from plans where provider = 'paymob' order by 1")).toEqual(
    [
      { code: 'pro-egp', currency: 'egp' },
      { code: 'vip-egp', currency: 'egp' },
    ],
  )
})
