import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPayingUser, jobsDone, stripeClient } from '../../test/billing.ts'
import { until } from '../../test/inbox.ts'
import { reasonOf } from '../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../test/test-app.ts'

const NOBODY = '0199d3a0-0000-7000-8000-000000000000'

describe('users, for an admin', () => {
  let app: TestApp
  let admin: TestUser
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    admin = await app.aUser({ isAdmin: true })
    api = (await app.as(admin)).api
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const find = async (search: string) => (await api.admin.users.list.query({ search })).items.map(({ id }) => id)

  test('are found by any part of address or username, whatever the case, and by id', async () => {
    const { id } = await app.aUser({ email: 'ada.lovelace%x@sub.example.com', username: 'Countess_1815' })
    const sought = [
      'ada.lovelace%x@sub.example.com',
      'ADA.LOVE',
      'velace',
      'sub.example',
      'countess',
      'TESS_18',
      '%x',
      id,
    ]
    for (const search of [...sought, id.toUpperCase()]) expect([search, await find(search)]).toEqual([search, [id]])
  })

  test('are not found by what only looks like a pattern, and no input is a fault of ours', async () => {
    const { id } = await app.aUser({ email: 'plain@pattern.example', username: 'plainpattern' })
    const unsought = [
      'pl%n',
      'pl_in',
      '%%%',
      '___',
      '\\',
      '\\%',
      "'; drop table users; --",
      'a\0b',
      '\ud800',
      '💥',
      NOBODY,
    ]
    for (const search of unsought) expect(await find(search)).not.toContain(id)
    expect(await find('   ')).toContain(id)
    expect(await reasonOf(api.admin.users.list.query({ search: 'x'.repeat(321) }))).toBe('INVALID_INPUT')
    expect(await reasonOf(api.admin.users.list.query({ cursor: 'a\0' }))).toBe('INVALID_INPUT')
    expect(await reasonOf(api.admin.users.list.query({ limit: 101 }))).toBe('INVALID_INPUT')
  })

  test('come newest first and page by page, each once, also while others are added', async () => {
    const known = new Set<string>()
    for (let i = 0; i < 7; i++) known.add((await app.aUser({ email: `page${i}@pages.example` })).id)
    const shown: { id: string; createdAt: Date }[] = []
    let cursor: string | null | undefined
    do {
      const page = await api.admin.users.list.query({ search: '@pages.example', limit: 2, cursor })
      shown.push(...page.items)
      cursor = page.nextCursor
      await app.aUser({ email: `late${shown.length}@pages.example` })
    } while (cursor)
    expect(shown.map(({ id }) => id).toSorted()).toEqual([...known].toSorted())
    const times = shown.map(({ createdAt }) => createdAt.getTime())
    expect(times).toEqual(times.toSorted((one, other) => other - one))
  })

  test('are listed by what they are', async () => {
    const unverified = await app.aUser({ isVerified: false })
    const list = async (flags: object) => (await api.admin.users.list.query({ limit: 100, ...flags })).items
    expect((await list({ isVerified: false })).map(({ id }) => id)).toEqual([unverified.id])
    expect((await list({ isAdmin: true })).map(({ id }) => id)).toContain(admin.id)
    expect((await list({ isAdmin: false, isVerified: true, isActive: true })).map(({ id }) => id)).not.toContain(
      admin.id,
    )
    await api.admin.users.update.mutate({ id: unverified.id, isActive: false })
    expect((await list({ isActive: false })).map(({ id }) => id)).toEqual([unverified.id])
  })

  test('are shown with profile, log-ins, subscriptions and their id at Stripe, and without secrets', async () => {
    const payer = await aPayingUser(app, 'pro')
    const shown = await api.admin.users.get.query({ id: payer.id })
    expect(shown).toMatchObject({
      ...{ id: payer.id, email: payer.email, identities: [], stripeCustomerId: payer.stripeCustomerId },
      ...{
        profile: { firstName: null },
        subscriptions: [{ plan: { code: 'pro' }, status: 'active', hasAccess: true }],
      },
    })
    expect(JSON.stringify(shown)).not.toContain('argon2')
    const { id } = await app.aUser()
    expect(await api.admin.users.get.query({ id })).toMatchObject({ subscriptions: [], stripeCustomerId: null })
    expect(await reasonOf(api.admin.users.get.query({ id: NOBODY }))).toBe('USER_NOT_FOUND')
  })

  test('that are disabled are out at once, their paid subscription ends with its period, and enabling lets them in again', async () => {
    const payer = await aPayingUser(app, 'pro')
    const theirs = await app.as(payer)
    expect(await api.admin.users.update.mutate({ id: payer.id, isActive: false })).toMatchObject({ isActive: false })
    expect(await reasonOf(theirs.api.auth.me.query())).toBe('ACCOUNT_DISABLED')
    expect(await reasonOf(theirs.api.auth.refresh.mutate())).toBe('ACCOUNT_DISABLED')
    expect(await reasonOf(theirs.api.billing.entitlement.query())).toBe('ACCOUNT_DISABLED')
    await jobsDone(app, 'account-closed')
    const [atStripe] = (await stripeClient(app).subscriptions.list({ customer: payer.stripeCustomerId })).data
    expect(atStripe).toMatchObject({ status: 'active', cancel_at_period_end: true })

    await api.admin.users.update.mutate({ id: payer.id, isActive: true })
    expect(await reasonOf(theirs.api.auth.me.query())).toBe('INVALID_TOKEN')
    const again = (await app.as(payer)).api
    await until('the end to be known here', async () => {
      const current = await again.billing.subscriptions.current.query()
      return current?.accessReason === 'ending' && current.hasAccess
    })
    expect(await again.billing.subscriptions.resume.mutate()).toMatchObject({ accessReason: 'active' })
  })

  test('change as an admin says, with a trail that tells who, what, and from where', async () => {
    const { id } = await app.aUser({ isVerified: false })
    const changed = await api.admin.users.update.mutate({ id, isVerified: true, isAdmin: true })
    expect(changed).toMatchObject({ id, isVerified: true, isAdmin: true, isActive: true })
    await api.admin.users.update.mutate({ id, isAdmin: false })
    const { items } = await api.admin.audit.list.query({ targetId: id })
    expect(items).toMatchObject([
      { action: 'user.update', before: { isAdmin: true }, after: { isAdmin: false } },
      {
        ...{ action: 'user.update', targetType: 'user', targetId: id, actor: { id: admin.id, email: admin.email } },
        ...{ before: { isActive: true, isAdmin: false, isVerified: false }, requestId: expect.stringMatching(/.+/) },
        ...{ after: { isActive: true, isAdmin: true, isVerified: true }, ip: expect.stringMatching(/127\.0\.0\.1/) },
      },
    ])
  })

  test('that are unknown, or oneself, can not be changed', async () => {
    expect(await reasonOf(api.admin.users.update.mutate({ id: NOBODY, isActive: false }))).toBe('USER_NOT_FOUND')
    for (const id of [admin.id, admin.id.toUpperCase()]) {
      expect(await reasonOf(api.admin.users.update.mutate({ id, isVerified: true }))).toBe('CANNOT_CHANGE_SELF')
    }
  })
})

test.each([{ isAdmin: false }, { isActive: false }, { isVerified: false }])(
  'two admins who set %o for each other at the same moment leave one',
  async (change) => {
    await using app = await createTestApp({}, { worker: false })
    const [one, other] = [await app.aUser({ isAdmin: true }), await app.aUser({ isAdmin: true })]
    await app.aUser({ isAdmin: true, isVerified: false }) // an admin who can't act is none
    const clients = await Promise.all([app.as(one), app.as(other)])
    const outcomes = await app.scope().em.transactional(async (em) => {
      // Both are past their guards, and wait here.
      await em.execute('select 1 from users where is_admin for update')
      const calls = [
        reasonOf(clients[0].api.admin.users.update.mutate({ id: other.id, ...change })),
        reasonOf(clients[1].api.admin.users.update.mutate({ id: one.id, ...change })),
      ]
      await until('both to wait', async () => {
        const waiting = await app
          .scope()
          .em.execute("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
        return waiting.length === 2
      })
      return calls
    })
    expect((await Promise.all(outcomes)).toSorted()).toEqual(['LAST_ADMIN', 'fine'])
    expect(
      await app.scope().em.execute('select 1 from users where is_admin and is_active and is_verified'),
    ).toHaveLength(1)
  },
)

test('an admin whose rights are taken away while he changes somebody changes nothing', async () => {
  await using app = await createTestApp({}, { worker: false })
  const [admin] = [await app.aUser({ isAdmin: true }), await app.aUser({ isAdmin: true })]
  const { id } = await app.aUser()
  const { api } = await app.as(admin)
  let change: Promise<string> | undefined
  await app.scope().em.transactional(async (em) => {
    await em.execute('update users set is_admin = false where id = ?', [admin.id])
    change = reasonOf(api.admin.users.update.mutate({ id, isAdmin: true }))
    await until('the change to wait', async () => {
      const waiting = await app
        .scope()
        .em.execute("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
      return waiting.length === 1
    })
  })
  expect(await change).toBe('ADMIN_ONLY')
  expect(await app.scope().em.execute('select 1 from users where is_admin and id = ?', [id])).toEqual([])
})
