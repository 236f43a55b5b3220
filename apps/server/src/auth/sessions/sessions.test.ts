import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { DAY, MINUTE } from '../../platform/durations.ts'
import { removeOld } from '../../platform/retention/remove-old.ts'
import { retentionRules } from '../../retention-rules.ts'

describe('sessions', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple' }, { worker: false })))
  afterAll(() => app[Symbol.asyncDispose]())

  test('are listed with their device, and the current one is marked', async () => {
    const user = await app.aUser()
    const agent =
      (userAgent: string): typeof fetch =>
      (input, init) =>
        fetch(input, {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init?.headers)), 'user-agent': userAgent },
        })
    const login = async (userAgent: string) => {
      const client = app.client({ fetch: agent(userAgent) })
      await client.api.auth.login.mutate({ email: user.email, password: user.password })
      return client
    }
    const [phone] = [await login('Phone'), await login('Laptop')]
    const listed = await phone.api.sessions.list.query()
    expect(listed.map(({ userAgent, current }) => [userAgent, current]).toSorted()).toEqual([
      ['Laptop', false],
      ['Phone', true],
    ])
    expect(listed[0]?.ip).toBe('127.0.0.1')
  })

  test('are listed by last use, and a refresh counts as a use', async () => {
    const user = await app.aUser()
    const [older, newer] = [await app.as(user), await app.as(user)]
    const listed = async () => {
      const sessions = await newer.api.sessions.list.query()
      return sessions.map(({ current, createdAt, lastUsedAt }) => [current, lastUsedAt.getTime() - createdAt.getTime()])
    }
    expect(await listed()).toEqual([
      [true, 0],
      [false, 0],
    ])
    app.clock.advance(MINUTE)
    await older.api.auth.refresh.mutate()
    const [[isCurrent, usedAfter] = [], ...rest] = await listed()
    expect(isCurrent).toBe(false)
    expect(usedAfter).toBeGreaterThanOrEqual(MINUTE)
    expect(rest).toEqual([[true, 0]])
  })

  test('are revoked one by one, including their access tokens, and only by their own user', async () => {
    const [user, other] = [await app.aUser(), await app.aUser()]
    const [here, there] = [await app.as(user), await app.as(user)]
    const others = await (await app.as(other)).api.sessions.list.query()
    const target = (await here.api.sessions.list.query()).find(({ current }) => !current)
    await here.api.sessions.revoke.mutate({ id: target?.id ?? '' })
    expect(await reasonOf(there.api.auth.me.query())).toBe('INVALID_TOKEN')
    for (const id of [target?.id ?? '', others[0]?.id ?? '', randomUUID()]) {
      expect(await reasonOf(here.api.sessions.revoke.mutate({ id }))).toBe('SESSION_NOT_FOUND')
    }
  })

  test('are all revoked except the current one', async () => {
    const user = await app.aUser()
    const [here, ...others] = await Promise.all([1, 2, 3].map(() => app.as(user)))
    expect(await here?.api.sessions.revokeOthers.mutate()).toEqual({ revoked: 2 })
    expect(await Promise.all(others.map(({ api }) => reasonOf(api.auth.me.query())))).toEqual([
      'INVALID_TOKEN',
      'INVALID_TOKEN',
    ])
    expect(await reasonOf(here?.api.auth.me.query() ?? Promise.resolve())).toBe('fine')
  })

  test('are removed with their tokens once they have expired, and not before', async () => {
    await app.as(await app.aUser())
    const scope = app.scope()
    const removed = (days: number) =>
      removeOld(scope, retentionRules(app.deps.config, new Date(Date.now() + days * DAY)))
    expect((await removed(1))['sessions']).toBe(0)
    const late = await removed(91)
    expect(late['sessions']).toBeGreaterThan(0)
    expect(await scope.em.execute('select 1 from refresh_tokens')).toEqual([])
  })
})

/** 2 × 3 pixels. */
const PICTURE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAF0lEQVR4AWJiYGD4D8QMIAYjjAGiGQAAAAD//7ViX7AAAAAGSURBVAMAF34BB6K85fAAAAAASUVORK5CYII='

describe('a profile', () => {
  test('starts empty, changes only the given fields, and refuses text that cannot be shown', async () => {
    await using app = await createTestApp({}, { worker: false })
    const { api } = await app.as(await app.aUser())
    expect(await api.profile.get.query()).toMatchObject({
      firstName: null,
      lastName: null,
      avatarUrl: null,
      timeZone: null,
    })
    await api.profile.update.mutate({ firstName: ' Ada ', lastName: 'Lovelace' })
    const avatarUrl = 'https://example.com/ada.png'
    expect(await api.profile.update.mutate({ firstName: null, avatarUrl })).toMatchObject({
      firstName: null,
      lastName: 'Lovelace',
      avatarUrl,
    })
    const bad = api.profile.update.mutate({
      firstName: 'x'.repeat(101),
      lastName: 'a\0b',
      avatarUrl: 'http://example.com',
    })
    await expect(bad).rejects.toMatchObject({
      data: {
        reason: 'INVALID_INPUT',
        fieldErrors: {
          firstName: expect.stringMatching(/100/),
          lastName: expect.stringMatching(/characters/),
          avatarUrl: expect.stringMatching(/https/),
        },
      },
    })
    const unstorable = api.profile.update.mutate({ firstName: 'a\ud800b', avatarUrl: 'https://example.com/\0' })
    await expect(unstorable).rejects.toMatchObject({
      data: {
        reason: 'INVALID_INPUT',
        fieldErrors: { firstName: expect.stringMatching(/characters/), avatarUrl: expect.stringMatching(/https/) },
      },
    })
    const script = `data:text/html;base64,${Buffer.from('<script>').toString('base64')}`
    await expect(api.profile.update.mutate({ avatarUrl: script })).rejects.toMatchObject({
      data: { fieldErrors: { avatarUrl: 'must be a JPEG or PNG of at most 512 × 512 pixels' } },
    })
    await api.profile.update.mutate({ timeZone: 'Asia/Calcutta' })
    for (const timeZone of ['Nowhere/Else', '+02:00', '', 'UTC\0']) {
      await expect(api.profile.update.mutate({ timeZone })).rejects.toMatchObject({
        data: { reason: 'INVALID_INPUT', fieldErrors: { timeZone: 'must be a time zone such as Europe/Berlin' } },
      })
    }
    await api.profile.update.mutate({ avatarUrl: PICTURE })
    expect(await api.profile.get.query()).toMatchObject({
      lastName: 'Lovelace',
      avatarUrl: PICTURE,
      timeZone: 'Asia/Calcutta',
    })
    expect(await api.profile.update.mutate({ timeZone: null })).toMatchObject({ timeZone: null })
  })
})
