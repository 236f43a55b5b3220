import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, tokenIn } from '../../../test/inbox.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('changing the address', () => {
  let app: TestApp
  let number = 0
  const anAddress = () => `new${Date.now()}-${number++}@example.com`
  beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple' })))
  afterAll(() => app[Symbol.asyncDispose]())

  test('takes a link to the new one, tells the old one, and ends the other sessions', async () => {
    const user = await app.aUser({ isVerified: false })
    const [here, elsewhere] = [await app.as(user), await app.as(user)]
    const email = anAddress()
    await here.api.auth.requestEmailChange.mutate({ email, password: user.password })
    expect((await here.api.auth.me.query()).email).toBe(user.email)
    await aMailTo(user.email, /about to change/)

    const token = tokenIn(await aMailTo(email, /confirm your new/))
    const changed = await here.api.auth.confirmEmailChange.mutate({ token })
    expect(changed.user).toMatchObject({ email, isVerified: true })
    expect(await reasonOf(elsewhere.api.auth.me.query())).toBe('INVALID_TOKEN')
    expect(await reasonOf(here.api.auth.confirmEmailChange.mutate({ token }))).toBe('TOKEN_INVALID')
    await aMailTo(user.email, /was changed/)
  })

  test('is done by nobody but the account that asked, logged in, so the owner of an address can be tricked into nothing', async () => {
    const [attacker, owner] = [await app.aUser(), await app.aUser()]
    const email = anAddress()
    const { api } = await app.as(attacker)
    await api.auth.requestEmailChange.mutate({ email, password: attacker.password })
    const token = tokenIn(await aMailTo(email, /confirm your new/))
    expect(await reasonOf(app.client().api.auth.confirmEmailChange.mutate({ token }))).toBe('INVALID_TOKEN')
    const asOwner = await app.as(owner)
    expect(await reasonOf(asOwner.api.auth.confirmEmailChange.mutate({ token }))).toBe('TOKEN_INVALID')
    expect((await api.auth.me.query()).email).toBe(attacker.email)
  })

  test('needs the password, and an address that nobody has', async () => {
    const [user, other] = [await app.aUser(), await app.aUser()]
    const { api } = await app.as(user)
    const ask = (email: string, password: string) => reasonOf(api.auth.requestEmailChange.mutate({ email, password }))
    expect(await ask(anAddress(), 'not this one')).toBe('WRONG_PASSWORD')
    expect(await ask(other.email, user.password)).toBe('EMAIL_TAKEN')
    expect(await ask('x@github.local', user.password)).toBe('INVALID_INPUT')
    await app.scope().em.execute('update users set password_hash = null where id = ?', [user.id])
    expect(await ask(anAddress(), user.password)).toBe('NO_PASSWORD')
  })

  test('fails when somebody else has taken the address meanwhile', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const email = anAddress()
    await api.auth.requestEmailChange.mutate({ email, password: user.password })
    const token = tokenIn(await aMailTo(email, /confirm your new/))
    await app.aUser({ email })
    expect(await reasonOf(api.auth.confirmEmailChange.mutate({ token }))).toBe('EMAIL_TAKEN')
    expect((await api.auth.me.query()).email).toBe(user.email)
  })

  test('voids the links that were sent to the old one', async () => {
    const [old, email] = [anAddress(), anAddress()]
    const { api } = app.client()
    const password = 'correct horse battery'
    await api.auth.register.mutate({ email: old, username: `moves${Date.now()}`, password })
    const verification = tokenIn(await aMailTo(old, /verify/))
    await api.auth.login.mutate({ email: old, password })
    await api.auth.requestEmailChange.mutate({ email, password })
    await api.auth.confirmEmailChange.mutate({ token: tokenIn(await aMailTo(email, /confirm your new/)) })
    expect(await reasonOf(api.auth.verifyEmail.mutate({ token: verification }))).toBe('TOKEN_INVALID')
  })

  test('asked for with a line break in it sends no mail anywhere', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    for (const email of ['a@example.com\r\nBcc: b@example.com', 'a@example.com,b@example.com', '"a\nb"@example.com']) {
      expect(await reasonOf(api.auth.requestEmailChange.mutate({ email, password: user.password }))).toBe(
        'INVALID_INPUT',
      )
    }
    expect(await mailsTo('b@example.com')).toEqual([])
  })
})
