import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPages, anAdmin, expectNewestFirst, lockWaits, UNKNOWN_ID } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { jobsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'

describe('an admin', () => {
  let app: TestApp
  let admin: TestUser
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    const created = await anAdmin(app)
    admin = created
    api = created.api
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const find = async (search: string) => (await api.admin.users.list.query({ search })).items.map(({ id }) => id)

  test('finds users by id, and by any part of the address or username in any case', async () => {
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

  test('can search for any text: wildcards are literal, and odd input causes no internal error', async () => {
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
      UNKNOWN_ID,
    ]
    for (const search of unsought) expect(await find(search)).not.toContain(id)
    expect(await find('   ')).toContain(id)
    expect(await reasonOf(api.admin.users.list.query({ search: 'x'.repeat(321) }))).toBe('INVALID_INPUT')
    expect(await reasonOf(api.admin.users.list.query({ cursor: 'a\0' }))).toBe('INVALID_INPUT')
    expect(await reasonOf(api.admin.users.list.query({ limit: 101 }))).toBe('INVALID_INPUT')
  })

  test('lists users newest first, in pages, each once, even while users are added', async () => {
    const known: string[] = []
    for (let i = 0; i < 7; i++) known.push((await app.aUser({ email: `page${i}@pages.example` })).id)
    const shown = await allPages(
      (cursor) => api.admin.users.list.query({ search: '@pages.example', limit: 2, cursor }),
      () => app.aUser({ email: `${crypto.randomUUID()}@pages.example` }),
    )
    expect(shown.map(({ id }) => id).toSorted()).toEqual(known.toSorted())
    expectNewestFirst(shown.map(({ createdAt }) => createdAt))
    // The search index has no text of two characters.
    const short = (await api.admin.users.list.query({ search: '@p', limit: 100 })).items
    expect(short.map(({ id }) => id)).toEqual(expect.arrayContaining(known))
    expectNewestFirst(short.map(({ createdAt }) => createdAt))
  })

  test('filters users by admin, verified and active', async () => {
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

  test('sees a user with profile, identities, subscriptions and Stripe customer id, but without secrets', async () => {
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
    expect(await reasonOf(api.admin.users.get.query({ id: UNKNOWN_ID }))).toBe('USER_NOT_FOUND')
  })

  test('can disable a user, whose sessions end now and subscription at its end, and enable them again', async () => {
    const payer = await aPayingUser(app, 'pro')
    // A client drops its session at the first refusal, so each call uses a separate client.
    const theirs = [await app.as(payer), await app.as(payer), await app.as(payer), await app.as(payer)] as const
    expect(await api.admin.users.update.mutate({ id: payer.id, isActive: false })).toMatchObject({ isActive: false })
    expect(await reasonOf(theirs[0].api.auth.me.query())).toBe('ACCOUNT_DISABLED')
    expect(await reasonOf(theirs[1].api.auth.refresh.mutate())).toBe('ACCOUNT_DISABLED')
    expect(await reasonOf(theirs[2].api.billing.entitlement.query())).toBe('ACCOUNT_DISABLED')
    await jobsDone(app, 'account-closed')
    const [atStripe] = (await stripeClient(app).subscriptions.list({ customer: payer.stripeCustomerId })).data
    expect(atStripe).toMatchObject({ status: 'active', cancel_at_period_end: true })

    await api.admin.users.update.mutate({ id: payer.id, isActive: true })
    expect(await reasonOf(theirs[3].api.auth.me.query())).toBe('INVALID_TOKEN')
    const again = (await app.as(payer)).api
    await until('the cancellation to arrive from Stripe', async () => {
      const current = await again.billing.subscriptions.current.query()
      return current?.accessReason === 'ending' && current.hasAccess
    })
    expect(await again.billing.subscriptions.resume.mutate()).toMatchObject({ accessReason: 'active' })
  })

  test('can change what a user is, which is audited with actor, values, request and IP address', async () => {
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

  test('cannot change an unknown user or themselves', async () => {
    expect(await reasonOf(api.admin.users.update.mutate({ id: UNKNOWN_ID, isActive: false }))).toBe('USER_NOT_FOUND')
    for (const id of [admin.id, admin.id.toUpperCase()]) {
      expect(await reasonOf(api.admin.users.update.mutate({ id, isVerified: true }))).toBe('CANNOT_CHANGE_SELF')
    }
  })
})

test.each([{ isAdmin: false }, { isActive: false }, { isVerified: false }])(
  'two admins who set %o for each other at the same moment leave one admin',
  async (change) => {
    await using app = await createTestApp({}, { worker: false })
    const [one, other] = [await app.aUser({ isAdmin: true }), await app.aUser({ isAdmin: true })]
    await app.aUser({ isAdmin: true, isVerified: false }) // can't act, so doesn't count as an admin
    const clients = await Promise.all([app.as(one), app.as(other)])
    const outcomes = await app.scope().em.transactional(async (em) => {
      // Makes both calls wait behind their guards.
      await em.execute('select 1 from users where is_admin for update')
      const calls = [
        reasonOf(clients[0].api.admin.users.update.mutate({ id: other.id, ...change })),
        reasonOf(clients[1].api.admin.users.update.mutate({ id: one.id, ...change })),
      ]
      await lockWaits(app, 2)
      return calls
    })
    expect((await Promise.all(outcomes)).toSorted()).toEqual(['LAST_ADMIN', 'fine'])
    expect(
      await app.scope().em.execute('select 1 from users where is_admin and is_active and is_verified'),
    ).toHaveLength(1)
  },
)

test('an admin who loses their rights during a change changes nothing', async () => {
  await using app = await createTestApp({}, { worker: false })
  const { id: adminId, api } = await anAdmin(app)
  await app.aUser({ isAdmin: true }) // so that the first is not the last admin
  const { id } = await app.aUser()
  let change: Promise<string> | undefined
  await app.scope().em.transactional(async (em) => {
    await em.execute('update users set is_admin = false where id = ?', [adminId])
    change = reasonOf(api.admin.users.update.mutate({ id, isAdmin: true }))
    await lockWaits(app, 1)
  })
  expect(await change).toBe('ADMIN_ONLY')
  expect(await app.scope().em.execute('select 1 from users where is_admin and id = ?', [id])).toEqual([])
})
