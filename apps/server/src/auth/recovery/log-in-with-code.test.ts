import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, codeIn, mailsTo, until } from '../../../test/inbox.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { MINUTE } from '../../platform/durations.ts'

describe('a login code', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple' }, { strongHashes: true })))
  afterAll(() => app[Symbol.asyncDispose]())

  const aCode = async (user: Pick<TestUser, 'email'>) => {
    const seen = (await mailsTo(user.email)).length
    await app.client().api.auth.requestLoginCode.mutate({ email: user.email })
    return codeIn(await until('the code', async () => (await mailsTo(user.email))[seen]))
  }
  const logIn = (email: string, code: string) => reasonOf(app.client().api.auth.loginWithCode.mutate({ email, code }))
  const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

  test('logs in, but only once', async () => {
    const user = await app.aUser()
    const code = await aCode(user)
    const { session, api } = app.client()
    await api.auth.loginWithCode.mutate({ email: user.email, code })
    expect(session.current?.user.id).toBe(user.id)
    expect(await logIn(user.email, code)).toBe('CODE_INVALID')
  })

  test('logs in once when it is used three times at the same time', async () => {
    const user = await app.aUser()
    const code = await aCode(user)
    const outcomes = await Promise.all([1, 2, 3].map(() => logIn(user.email, code)))
    expect(outcomes.toSorted()).toEqual(['CODE_INVALID', 'CODE_INVALID', 'fine'])
  })

  test('is void after five wrong tries, even simultaneous ones', async () => {
    const user = await app.aUser()
    const code = await aCode(user)
    const tries = await Promise.all(Array.from({ length: 12 }, () => logIn(user.email, wrong(code))))
    expect(new Set(tries)).toEqual(new Set(['CODE_INVALID']))
    expect(await logIn(user.email, code)).toBe('CODE_INVALID')
    expect(await logIn(user.email, await aCode(user))).toBe('fine')
  })

  test('still works after four wrong tries', async () => {
    const user = await app.aUser()
    const code = await aCode(user)
    for (let n = 0; n < 4; n++) expect(await logIn(user.email, wrong(code))).toBe('CODE_INVALID')
    expect(await logIn(user.email, code)).toBe('fine')
  })

  test('is void when it has expired, or when a newer one was sent', async () => {
    const user = await app.aUser()
    const first = await aCode(user)
    const second = await aCode(user)
    if (first !== second) expect(await logIn(user.email, first)).toBe('CODE_INVALID')
    app.clock.advance(16 * MINUTE)
    expect(await logIn(user.email, second)).toBe('CODE_INVALID')
  })

  test('requested for an address without an account gets the same answer, but no mail', async () => {
    expect(await app.client().api.auth.requestLoginCode.mutate({ email: 'no-such@example.com' })).toEqual({})
    await aCode(await app.aUser())
    expect(await mailsTo('no-such@example.com')).toEqual([])
    expect(await logIn('no-such@example.com', '123456')).toBe('CODE_INVALID')
  })

  test('of a disabled account reveals that only if it is correct', async () => {
    const user = await app.aUser()
    const code = await aCode(user)
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    expect(await logIn(user.email, wrong(code))).toBe('CODE_INVALID')
    expect(await logIn(user.email, code)).toBe('ACCOUNT_DISABLED')
  })

  test('hands an account that an attacker opened with a victim’s address to the victim alone', async () => {
    const email = `victim${Date.now()}@example.com`
    const attacker = app.client()
    const password = 'known to the attacker'
    await attacker.api.auth.register.mutate({ email, username: `v${Date.now()}`, password })
    await attacker.api.auth.login.mutate({ email, password })
    await attacker.api.auth.requestEmailChange.mutate({ email: `evil${Date.now()}@example.com`, password })

    await aMailTo(email, /about to change/)
    const code = await aCode({ email })
    const { text } = await aMailTo(email, /login code/)
    expect(text).toContain('removes the password')
    expect(text).toMatch(/It was requested on .+ UTC from node, IP address 127\.0\.0\.1\./)
    const owner = app.client()
    await owner.api.auth.loginWithCode.mutate({ email, code })
    expect(owner.session.current?.user.isVerified).toBe(true)

    expect(await reasonOf(attacker.api.auth.me.query())).toBe('INVALID_TOKEN')
    expect(await reasonOf(attacker.api.auth.login.mutate({ email, password }))).toBe('INVALID_CREDENTIALS')
    const links = await app
      .scope()
      .em.execute('select 1 from one_time_tokens t join users u on u.id = t.user_id where u.email = ?', [email])
    expect(links).toEqual([])
  })

  test('is in no job, and is stored only as a hash', async () => {
    const user = await app.aUser()
    const code = await aCode(user)
    const stored = await app.scope().em.execute('select code_hash from login_codes where user_id = ?', [user.id])
    expect(stored).toMatchObject([{ code_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,/) }])
    const jobs = await app
      .scope()
      .em.execute<{ data: object }[]>("select data from pgboss.job where name like '%code' or name = 'send-mail'")
    expect(jobs.filter(({ data }) => Object.values(data).includes(code))).toEqual([])
  })
})
