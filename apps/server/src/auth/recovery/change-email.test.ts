import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, tokenIn, until } from '../../../test/inbox.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { expectAllIsTold } from '../../../test/told-events.ts'
import { queueMail } from '../../mail/index.ts'

/** The time, device and address of a request by this process. */
const FROM_HERE = /^Time: .+ UTC\nDevice: node\nIP address: 127\.0\.0\.1$/m

describe('changing the email address', () => {
  let app: TestApp
  let number = 0
  const anAddress = () => `new${Date.now()}-${number++}@example.com`
  beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple' })))
  afterAll(() => app[Symbol.asyncDispose]())

  test('requires a link mailed to the new address, notifies the old one, and ends other sessions', async () => {
    const user = await app.aUser({ isVerified: false })
    const [here, elsewhere] = [await app.as(user), await app.as(user)]
    const email = anAddress()
    await here.api.auth.requestEmailChange.mutate({ email, password: user.password })
    expect((await here.api.auth.me.query()).email).toBe(user.email)
    expect((await aMailTo(user.email, /about to change/)).text).toMatch(FROM_HERE)

    const token = tokenIn(await aMailTo(email, /confirm your new/))
    const changed = await here.api.auth.confirmEmailChange.mutate({ token })
    expect(changed.user).toMatchObject({ email, isVerified: true })
    expect(await reasonOf(elsewhere.api.auth.me.query())).toBe('INVALID_TOKEN')
    expect(await reasonOf(here.api.auth.confirmEmailChange.mutate({ token }))).toBe('TOKEN_INVALID')
    expect((await aMailTo(user.email, /was changed/)).text).toMatch(FROM_HERE)
  })

  test('needs the password, except for an account that has neither one nor an address to set one by', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    await expect(api.auth.requestEmailChange.mutate({ email: anAddress() })).rejects.toMatchObject({
      data: { reason: 'INVALID_INPUT', fieldErrors: { password: 'is missing' } },
    })
    const { em } = app.scope()
    await em.execute('update users set password_hash = null where id = ?', [user.id])
    expect(await reasonOf(api.auth.requestEmailChange.mutate({ email: anAddress() }))).toBe('NO_PASSWORD')

    const standIn = `${user.id}@github.local`
    await em.execute('update users set email = ? where id = ?', [standIn, user.id])
    const email = anAddress()
    await api.auth.requestEmailChange.mutate({ email })
    const token = tokenIn(await aMailTo(email, /confirm your new/))
    expect((await api.auth.me.query()).email).toBe(standIn)
    expect((await api.auth.confirmEmailChange.mutate({ token })).user).toMatchObject({ email, isVerified: true })
    expect(await mailsTo(standIn)).toEqual([])
    expect(await reasonOf(api.auth.requestEmailChange.mutate({ email: anAddress() }))).toBe('NO_PASSWORD')
  })

  test('drops mails that waited until another person proved the address; a mere claim keeps none back', async () => {
    await app.stopWorker()
    const [mover, other] = [await app.aUser(), await app.aUser()]
    const { em } = app.scope()
    for (const { id: userId, email: to, username } of [mover, other]) {
      const scope = app.scope()
      const content = { template: 'password-changed', props: { username, at: new Date().toISOString() } } as const
      await scope.em.transactional((em) => queueMail(em, scope, { fact: `test:${userId}`, to, userId, ...content }))
      await em.execute('update users set email = ? where id = ?', [`moved-${to}`, userId])
    }
    await em.execute(`update profiles set time_zone = 'Asia/Tokyo' where user_id = ?`, [other.id])
    await app.aUser({ email: mover.email })
    await app.aUser({ email: other.email, isVerified: false })
    await app.startWorker()
    expect((await aMailTo(other.email, /was changed/)).text).toMatch(/^Time: .+ GMT\+9$/m)
    await until('the mail to be dropped', async () => {
      const dropped = 'select 1 from mails where user_id = ? and dropped_at is not null'
      return (await em.execute<object[]>(dropped, [mover.id])).length > 0
    })
    expect(await mailsTo(mover.email)).toEqual([])
  })

  test('can be confirmed only by the account that asked, so the owner of an address cannot be tricked', async () => {
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

  test('requires the password and a free address', async () => {
    const [user, other] = [await app.aUser(), await app.aUser()]
    const { api } = await app.as(user)
    const ask = (email: string, password: string) => reasonOf(api.auth.requestEmailChange.mutate({ email, password }))
    expect(await ask(anAddress(), 'not this one')).toBe('WRONG_PASSWORD')
    expect(await ask(other.email, user.password)).toBe('EMAIL_TAKEN')
    expect(await ask('x@github.local', user.password)).toBe('INVALID_INPUT')
    await app.scope().em.execute('update users set password_hash = null where id = ?', [user.id])
    expect(await ask(anAddress(), user.password)).toBe('NO_PASSWORD')
  })

  test('fails if another account has taken the address in the meantime', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const email = anAddress()
    await api.auth.requestEmailChange.mutate({ email, password: user.password })
    const token = tokenIn(await aMailTo(email, /confirm your new/))
    await app.aUser({ email })
    expect(await reasonOf(api.auth.confirmEmailChange.mutate({ token }))).toBe('EMAIL_TAKEN')
    expect((await api.auth.me.query()).email).toBe(user.email)
  })

  test('voids the links that were mailed to the old address', async () => {
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

  test('to an address with a line break or a second address is refused and sends no mail', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    for (const email of ['a@example.com\r\nBcc: b@example.com', 'a@example.com,b@example.com', '"a\nb"@example.com']) {
      expect(await reasonOf(api.auth.requestEmailChange.mutate({ email, password: user.password }))).toBe(
        'INVALID_INPUT',
      )
    }
    expect(await mailsTo('b@example.com')).toEqual([])
  })

  test('appears in the event feed, like every other change in these tests', async () => {
    expect(await expectAllIsTold(app)).toBeGreaterThan(0)
  })
})
