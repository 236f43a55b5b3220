import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, tokenIn, until } from '../../../test/inbox.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { HOUR } from '../../platform/durations.ts'

/** The time, device and address of a request by this process. */
const FROM_HERE = /^Time: .+ UTC\nDevice: node\nIP address: 127\.0\.0\.1$/m

const password = 'a better horse battery'

describe('a forgotten password', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple' })))
  afterAll(() => app[Symbol.asyncDispose]())

  const aResetToken = async (user: TestUser) => {
    const seen = (await mailsTo(user.email)).length
    await app.client().api.auth.forgotPassword.mutate({ email: user.email })
    const mail = await until('the reset mail', async () => (await mailsTo(user.email))[seen])
    expect(mail.text).toMatch(/It was requested on .+ UTC from node, IP address 127\.0\.0\.1\./)
    return tokenIn(mail)
  }
  const reset = (token: string) => reasonOf(app.client().api.auth.resetPassword.mutate({ token, password }))

  test('is reset with a link, which ends every session and sends a mail', async () => {
    const user = await app.aUser({ isVerified: false })
    const { api } = await app.as(user)
    expect(await reset(await aResetToken(user))).toBe('fine')
    expect(await reasonOf(api.auth.me.query())).toBe('INVALID_TOKEN')
    expect(await reasonOf(app.as(user))).toBe('INVALID_CREDENTIALS')
    const again = await app.as({ ...user, password })
    expect((await again.api.auth.me.query()).isVerified).toBe(true)
    expect((await aMailTo(user.email, /password was changed/)).text).toMatch(FROM_HERE)
  })

  test('is reset once, even when the link is clicked three times at the same time', async () => {
    const user = await app.aUser()
    const token = await aResetToken(user)
    const outcomes = await Promise.all([reset(token), reset(token), reset(token)])
    expect(outcomes.toSorted()).toEqual(['TOKEN_INVALID', 'TOKEN_INVALID', 'fine'])
    await aMailTo(user.email, /password was changed/)
    expect((await mailsTo(user.email)).filter(({ subject }) => /was changed/.test(subject))).toHaveLength(1)
  })

  test('voids all earlier links when it is reset', async () => {
    const user = await app.aUser()
    const [first, second] = [await aResetToken(user), await aResetToken(user)]
    expect(await reset(second)).toBe('fine')
    expect(await reset(first)).toBe('TOKEN_INVALID')
  })

  test('cannot be reset with a verification link, nor an address verified with a reset link', async () => {
    const email = `slot${Date.now()}@example.com`
    const { api } = app.client()
    await api.auth.register.mutate({ email, username: `slot${Date.now()}`, password })
    const verification = tokenIn(await aMailTo(email, /verify/))
    expect(await reset(verification)).toBe('TOKEN_INVALID')
    const token = await aResetToken({ id: '', username: '', email, password })
    expect(await reasonOf(api.auth.verifyEmail.mutate({ token }))).toBe('TOKEN_INVALID')
  })

  test('of an unknown address gets the same answer, but no mail', async () => {
    const unknown = `nobody${Date.now()}@example.com`
    expect(await app.client().api.auth.forgotPassword.mutate({ email: unknown })).toEqual({})
    const known = await app.aUser()
    await aResetToken(known) // by now, the job of the unknown address is done too
    expect(await mailsTo(unknown)).toEqual([])
  })

  test('of a disabled account gets no mail', async () => {
    const user = await app.aUser()
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    await app.client().api.auth.forgotPassword.mutate({ email: user.email })
    await aResetToken(await app.aUser())
    expect(await mailsTo(user.email)).toEqual([])
  })

  test('cannot be reset to a common password', async () => {
    const token = await aResetToken(await app.aUser())
    const resetting = app.client().api.auth.resetPassword.mutate({ token, password: 'Password123' })
    await expect(resetting).rejects.toMatchObject({
      data: { reason: 'INVALID_INPUT', fieldErrors: { password: expect.stringMatching(/common/) } },
    })
    expect(await reset(token)).toBe('fine')
  })

  test('cannot be reset with an expired or forged link', async () => {
    const token = await aResetToken(await app.aUser())
    expect(await reset(`${token.slice(0, -2)}xx`)).toBe('TOKEN_INVALID')
    app.clock.advance(2 * HOUR)
    expect(await reset(token)).toBe('TOKEN_EXPIRED')
  })

  test('leaves no token in any job', async () => {
    const user = await app.aUser()
    const token = await aResetToken(user)
    const jobs = await app.scope().em.execute<{ data: unknown }[]>('select data from pgboss.job')
    expect(jobs.length).toBeGreaterThan(0)
    expect(JSON.stringify(jobs)).not.toContain(token)
    expect(JSON.stringify(jobs)).not.toContain('eyJ')
  })
})

describe('a known password', () => {
  test('can be changed, which ends the other sessions and keeps this one', async () => {
    await using app = await createTestApp({ SESSION_POLICY: 'multiple' })
    const user = await app.aUser()
    const [here, elsewhere] = [await app.as(user), await app.as(user)]
    const wrong = here.api.auth.changePassword.mutate({ oldPassword: 'not this one', newPassword: password })
    await expect(wrong).rejects.toMatchObject({ data: { code: 'FORBIDDEN', reason: 'WRONG_PASSWORD' } })
    await here.api.auth.changePassword.mutate({ oldPassword: user.password, newPassword: password })
    expect(await reasonOf(here.api.auth.me.query())).toBe('fine')
    expect(await reasonOf(elsewhere.api.auth.me.query())).toBe('INVALID_TOKEN')
    expect((await aMailTo(user.email, /password was changed/)).text).toMatch(FROM_HERE)
  })

  test('cannot be changed if the account has none', async () => {
    await using app = await createTestApp({}, { worker: false })
    const user = await app.aUser()
    const { api } = await app.as(user)
    await app.scope().em.execute('update users set password_hash = null where id = ?', [user.id])
    const changing = api.auth.changePassword.mutate({ oldPassword: user.password, newPassword: password })
    await expect(changing).rejects.toMatchObject({ data: { code: 'CONFLICT', reason: 'NO_PASSWORD' } })
  })
})
