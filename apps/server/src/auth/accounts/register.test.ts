import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, tokenIn, until } from '../../../test/inbox.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

const password = 'correct horse battery'

describe('signing up', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({}, { strongHashes: true })))
  afterAll(() => app[Symbol.asyncDispose]())

  test('opens an unverified account and mails a link that verifies it; a second click changes nothing', async () => {
    const { api } = app.client()
    const { user } = await api.auth.register.mutate({ email: ' Ada@Example.COM ', username: 'Ada', password })
    expect(user).toMatchObject({ email: 'ada@example.com', username: 'Ada', isVerified: false, provider: 'local' })

    const mail = await aMailTo('ada@example.com', /verify/i)
    expect(mail.text).toContain('http://console.test/verify-email?token=')
    const token = tokenIn(mail)
    expect(await api.auth.verifyEmail.mutate({ token })).toEqual({ alreadyVerified: false })
    expect(await api.auth.verifyEmail.mutate({ token })).toEqual({ alreadyVerified: true })

    const { user: loggedIn } = await api.auth.login.mutate({ email: 'ada@example.com', password })
    expect(loggedIn.isVerified).toBe(true)
  })

  test('names a common password together with all other bad fields, at every place that sets one', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const bad = { email: 'nobody', username: 'a b', password: 'Password123' }
    await expect(api.auth.register.mutate(bad)).rejects.toMatchObject({
      data: {
        fieldErrors: {
          email: expect.stringMatching(/email address/),
          username: expect.stringMatching(/letters/),
          password: expect.stringMatching(/most common/),
        },
      },
    })
    const change = { oldPassword: '', newPassword: 'qwertyuiop' }
    await expect(api.auth.changePassword.mutate(change)).rejects.toMatchObject({
      data: {
        fieldErrors: {
          oldPassword: expect.stringMatching(/missing/),
          newPassword: expect.stringMatching(/most common/),
        },
      },
    })
    await expect(api.auth.resetPassword.mutate({ token: '', password: 'iloveyou' })).rejects.toMatchObject({
      data: {
        fieldErrors: { token: expect.stringMatching(/missing/), password: expect.stringMatching(/most common/) },
      },
    })
  })

  test('mails a link that leads on to the page asked for, also when it is sent again, and never to another site', async () => {
    const pathIn = async (email: string, count: number) => {
      const [newest] = await until('the mail', async () => {
        const found = await mailsTo(email)
        return found.length === count && found
      })
      const link = /http\S+verify-email\S+/.exec(newest?.text ?? '')?.[0] ?? ''
      return new URL(link).searchParams.get('redirectTo')
    }
    const { api } = app.client()
    const [chooser, lured] = ['chooser@example.com', 'lured@example.com']
    await api.auth.register.mutate({ email: chooser, username: 'chooser', password, redirectTo: '/subscribe/pro?a=1' })
    expect(await pathIn(chooser, 1)).toBe('/subscribe/pro?a=1')
    await api.auth.login.mutate({ email: chooser, password })
    await api.auth.requestEmailVerification.mutate()
    expect(await pathIn(chooser, 2)).toBe('/subscribe/pro?a=1')

    await api.auth.register.mutate({ email: lured, username: 'lured', password, redirectTo: '//elsewhere.example/' })
    expect(await pathIn(lured, 1)).toBeNull()
  })

  test('a user takes another username, unless it is taken in whatever case', async () => {
    const { api } = app.client()
    const email = 'renamed@example.com'
    await api.auth.register.mutate({ email, username: 'Before', password })
    await app.client().api.auth.register.mutate({ email: 'other@example.com', username: 'Taken', password })
    await api.auth.login.mutate({ email, password })
    await expect(api.auth.changeUsername.mutate({ username: 'tAKEN' })).rejects.toMatchObject({
      data: { code: 'CONFLICT', reason: 'USERNAME_TAKEN' },
    })
    expect((await api.auth.changeUsername.mutate({ username: 'BEFORE' })).user.username).toBe('BEFORE')
    expect((await api.auth.changeUsername.mutate({ username: 'after' })).user.username).toBe('after')
    expect((await api.auth.me.query()).username).toBe('after')
    expect(await api.accounts.list.query()).toMatchObject([{ kind: 'personal', name: 'after' }])
    await app.client().api.auth.register.mutate({ email: 'next@example.com', username: 'before', password })
  })

  test('with a taken address or username is refused, even when both callers register at the same time', async () => {
    const ask = (email: string, username: string) =>
      app
        .client()
        .api.auth.register.mutate({ email, username, password })
        .then(
          () => 'registered',
          (error) => error.data.reason,
        )
    const sameAddress = await Promise.all([1, 2, 3, 4].map((n) => ask('race@example.com', `racer${n}`)))
    expect(sameAddress.toSorted()).toEqual(['EMAIL_TAKEN', 'EMAIL_TAKEN', 'EMAIL_TAKEN', 'registered'])
    const sameName = await Promise.all(['Grace', 'grace', 'GRACE'].map((name, n) => ask(`grace${n}@example.com`, name)))
    expect(sameName.toSorted()).toEqual(['USERNAME_TAKEN', 'USERNAME_TAKEN', 'registered'])
    await until('the one mail', async () => (await mailsTo('race@example.com')).length > 0)
    expect(await mailsTo('race@example.com')).toHaveLength(1)
  })

  test('reports all invalid fields at once', async () => {
    const registering = app
      .client()
      .api.auth.register.mutate({ email: 'no address', username: 'a b', password: 'short' })
    await expect(registering).rejects.toMatchObject({
      data: {
        code: 'BAD_REQUEST',
        httpStatus: 400,
        reason: 'INVALID_INPUT',
        fieldErrors: {
          email: 'must be an email address',
          username: expect.stringContaining('letters'),
          password: expect.stringContaining('8'),
        },
      },
    })
  })

  test.each([
    ['a stand-in address', { email: 'someone@github.local' }, 'email'],
    ['a password of 129 characters', { password: 'x'.repeat(129) }, 'password'],
    ['a password of 7 characters that look like more', { password: '👩‍👩‍👧'.slice(0, 4) }, 'password'],
    ['a username with a line break', { username: 'ada\r\nBcc: x' }, 'username'],
  ])('refuses %s', async (_, changes, field) => {
    const input = { email: 'fine@example.com', username: 'fine', password, ...changes }
    const error = await app
      .client()
      .api.auth.register.mutate(input)
      .catch((thrown) => thrown)
    expect(error.data.reason).toBe('INVALID_INPUT')
    expect(Object.keys(error.data.fieldErrors)).toEqual([field])
  })

  test('stores an address with an international domain in its ASCII form', async () => {
    const { user } = await app
      .client()
      .api.auth.register.mutate({ email: 'eva@Bücher.example', username: 'eva', password })
    expect(user.email).toBe('eva@xn--bcher-kva.example')
  })
})
