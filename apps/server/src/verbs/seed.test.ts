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

/** Runs the verb with these passwords, and tells what it said. */
async function seedWith(passwords: { admin: string; user: string }, settings: Partial<Config> = {}): Promise<string[]> {
  const lines: string[] = []
  const spy = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  const env = {
    ...environmentOf(app),
    ...{ SEED_ADMIN_EMAIL: ADMIN.email, SEED_ADMIN_PASSWORD: passwords.admin },
    ...{ SEED_USER_EMAIL: USER.email, SEED_USER_PASSWORD: passwords.user },
  }
  try {
    expect(await seed({ ...readConfig(env), ...settings }, app.deps.log)).toBe(0)
    return lines
  } finally {
    spy.mockRestore()
  }
}

const logIn = (email: string, password: string) => app.client().api.auth.login.mutate({ email, password })

test('the seeded accounts can always log in with the passwords that they are said to have', async () => {
  await app.aUser({ username: 'Admin' }) // somebody else has the name
  expect(await seedWith({ admin: ADMIN.password, user: USER.password })).toEqual([
    `Seeded: ${ADMIN.email}, ${USER.email}.`,
  ])
  expect((await logIn(ADMIN.email, ADMIN.password)).user).toMatchObject({ isAdmin: true, isVerified: true })
  expect((await logIn(USER.email, USER.password)).user).toMatchObject({ isAdmin: false, username: 'user' })
  expect(await seedWith({ admin: ADMIN.password, user: USER.password })).toEqual(['Nothing to seed: all is there.'])

  // A database that was used before, and other generated passwords.
  expect(await seedWith({ admin: 'a newer passphrase', user: USER.password })).toEqual([
    `Made ready again, with the password in SEED_*: ${ADMIN.email}.`,
  ])
  expect((await logIn(ADMIN.email, 'a newer passphrase')).user.isAdmin).toBe(true)
  expect(await reasonOf(logIn(ADMIN.email, ADMIN.password))).toBe('INVALID_CREDENTIALS')

  await app.scope().em.execute('update users set is_active = false where email = ?', [USER.email])
  await seedWith({ admin: 'a newer passphrase', user: USER.password })
  expect((await logIn(USER.email, USER.password)).user.isActive).toBe(true)
})

test('in production an account that is there keeps its password', async () => {
  await seedWith({ admin: ADMIN.password, user: USER.password })
  const said = await seedWith({ admin: 'an attempt to get in', user: USER.password }, { NODE_ENV: 'production' })
  expect(said).toEqual(['Nothing to seed: all is there.'])
  expect(await reasonOf(logIn(ADMIN.email, 'an attempt to get in'))).toBe('INVALID_CREDENTIALS')
  expect((await logIn(ADMIN.email, ADMIN.password)).user.isAdmin).toBe(true)
})
