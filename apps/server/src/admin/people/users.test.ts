import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPages, anAdmin, expectNewestFirst, UNKNOWN_ID } from '../../../test/admin.ts'
import { aMailTo, tokenIn, until } from '../../../test/inbox.ts'
import { aMember, anOrganization } from '../../../test/organizations.ts'
import { jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
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

  test('filters users by sign-up, subscription, plan, debts and linked account', async () => {
    const { em } = app.scope()
    const [payer, debtor, linked] = [await app.aUser(), await app.aUser(), await app.aUser()]
    await aGrant(app, payer, 'vip')
    await aGrant(app, debtor, 'pro')
    await em.execute("update subscriptions set status = 'past_due' where account_id = ?", [debtor.id])
    await em.execute(
      `insert into identities (id, user_id, provider, subject, linked_at) values (gen_random_uuid(), ?, 'github', 'gh-1', now())`,
      [linked.id],
    )
    await em.execute("update users set created_at = '2020-02-02T00:00:00Z' where id = any(?)", [
      `{${[payer, debtor, linked].map(({ id }) => id).join(',')}}`,
    ])
    const day = { createdFrom: new Date('2020-02-02'), createdTo: new Date('2020-02-03') }
    const list = async (filters: object) =>
      (await api.admin.users.list.query({ ...day, limit: 100, ...filters })).items.map(({ id }) => id).toSorted()
    const ids = (...users: TestUser[]) => users.map(({ id }) => id).toSorted()
    expect(await list({})).toEqual(ids(payer, debtor, linked))
    expect(await list({ createdTo: new Date('2020-02-02') })).toEqual([])
    expect(await list({ hasSubscription: true })).toEqual(ids(payer, debtor))
    expect(await list({ hasSubscription: false })).toEqual(ids(linked))
    expect(await list({ planCode: 'vip' })).toEqual(ids(payer))
    expect(await list({ planCode: 'nothing' })).toEqual([])
    expect(await list({ isPastDue: true })).toEqual(ids(debtor))
    expect(await list({ isPastDue: false, hasSubscription: true })).toEqual(ids(payer))
    expect(await list({ identity: 'github' })).toEqual(ids(linked))
    expect(await list({ identity: 'google' })).toEqual([])
    expect(await list({ search: debtor.username, planCode: 'pro' })).toEqual(ids(debtor))
    expect(await list({ search: debtor.id, planCode: 'vip' })).toEqual([])
  })

  test('sees in the list what each user has bought, where they belong, and when they logged in', async () => {
    const member = await aMember(app)
    await aGrant(app, member, 'vip')
    await anOrganization(app, member)
    const [item] = (await api.admin.users.list.query({ search: member.id })).items
    expect(item).toMatchObject({
      ...{ id: member.id, organizations: 1, identities: [], lastLoginAt: expect.any(Date) },
      subscription: { planCode: 'vip', status: 'active', hasAccess: true, accessReason: 'active', provider: 'manual' },
    })
    const { id } = await app.aUser()
    expect((await api.admin.users.list.query({ search: id })).items).toMatchObject([
      { subscription: null, organizations: 0, lastLoginAt: null },
    ])
  })

  test('sees a user with their accounts, open sessions and mails', async () => {
    const member = await aMember(app)
    const { id: accountId, name } = await anOrganization(app, member)
    await api.admin.users.sendPasswordReset.mutate({ id: member.id })
    await aMailTo(member.email, /password/)
    const shown = await api.admin.users.get.query({ id: member.id })
    expect(shown).toMatchObject({
      accounts: [
        { id: member.id, kind: 'personal', name: member.username, role: 'owner', members: 1, subscription: null },
        { id: accountId, kind: 'organization', name, role: 'owner', members: 1 },
      ],
      sessions: [{ ip: expect.stringMatching(/127\.0\.0\.1/), lastUsedAt: expect.any(Date) }],
      mails: { recent: [{ template: 'reset-password' }] },
      ...{ hasPassword: true, lastLoginAt: expect.any(Date) },
    })
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

  test('is shown what disabling a user would end, before anything changes', async () => {
    const payer = await aPayingUser(app, 'pro')
    const owner = { ...payer, api: (await app.as(payer)).api }
    const other = await app.aUser()
    const { id: accountId } = await anOrganization(app, owner, [[other, 'admin']])
    const preview = await api.admin.users.previewUpdate.query({ id: payer.id, isActive: false, isVerified: true })
    expect(preview).toMatchObject({
      ...{ refusal: null, changes: ['disable'], links: 0, checkouts: 0 },
      subscription: { planCode: 'pro', effect: 'ends_with_period' },
      organizations: [{ id: accountId, role: 'owner', members: 2, losesLastOwner: true }],
    })
    expect(preview.sessions).toBeGreaterThanOrEqual(1)
    expect(await owner.api.auth.me.query()).toMatchObject({ isActive: true })

    await api.admin.users.update.mutate({ id: payer.id, isActive: false })
    expect(await api.admin.users.previewUpdate.query({ id: payer.id, isActive: false })).toMatchObject({ changes: [] })
    await jobsDone(app, 'account-closed')
    expect(await api.admin.users.previewUpdate.query({ id: payer.id, isActive: true })).toMatchObject({
      ...{ changes: ['enable'], sessions: 0, organizations: [{ id: accountId, losesLastOwner: false }] },
      subscription: { effect: 'can_be_resumed' },
    })
  })

  test('sees which moves of subscribers continue before disabling the admin who ordered them', async () => {
    await app.stopWorker()
    const { id } = await app.aUser({ isAdmin: true })
    const { em } = app.scope()
    const [move] = await em.execute<{ id: string; from: string }[]>(
      `insert into plan_moves (id, from_plan_id, price_id, at, actor_id, created_at)
       select gen_random_uuid(), plan.id, price.id, 'now', ?, now()
       from plan_prices price join plans plan on plan.id = price.plan_id order by plan.code limit 1
       returning id, (select name from plans where plans.id = from_plan_id) as "from"`,
      [id],
    )
    const moves = async (change: object) => (await api.admin.users.previewUpdate.query({ id, ...change })).moves
    for (const change of [{ isActive: false }, { isAdmin: false }])
      expect(await moves(change)).toEqual([{ ...move, to: move?.from }])
    expect(await moves({ isVerified: false })).toEqual([])
    await em.execute('update plan_moves set finished_at = now() where id = ?', [move?.id])
    expect(await moves({ isActive: false })).toEqual([])
    await app.startWorker()
  })

  test('is shown why a change would be refused, before making it', async () => {
    const preview = async (id: string, change: object) =>
      (await api.admin.users.previewUpdate.query({ id, ...change })).refusal
    expect(await preview(admin.id, { isAdmin: false })).toBe('CANNOT_CHANGE_SELF')
    const { id } = await app.aUser()
    expect(await preview(id, { isAdmin: true })).toBeNull()
    expect(await reasonOf(api.admin.users.previewUpdate.query({ id: UNKNOWN_ID }))).toBe('USER_NOT_FOUND')
  })

  test("can end all of a user's sessions, and the user is out at the next call", async () => {
    const user = await app.aUser()
    const [one, other] = [await app.as(user), await app.as(user)]
    // The default policy has ended the first session at the second login.
    expect(await api.admin.users.endSessions.mutate({ id: user.id })).toEqual({ ended: 1 })
    for (const { api: theirs } of [one, other]) expect(await reasonOf(theirs.auth.me.query())).toBe('INVALID_TOKEN')
    expect(await app.as(user)).toBeDefined()
    expect(await reasonOf(api.admin.users.endSessions.mutate({ id: admin.id }))).toBe('CANNOT_CHANGE_SELF')
    expect(await reasonOf(api.admin.users.endSessions.mutate({ id: UNKNOWN_ID }))).toBe('USER_NOT_FOUND')
  })

  test('can send a user the verification link and a reset link, which work, but not to a disabled user', async () => {
    const user = await app.aUser({ isVerified: false })
    expect(await api.admin.users.resendVerification.mutate({ id: user.id })).toEqual({ sent: true })
    const token = tokenIn(await aMailTo(user.email, /Confirm|Verify/i))
    await app.client().api.auth.verifyEmail.mutate({ token })
    expect(await api.admin.users.resendVerification.mutate({ id: user.id })).toEqual({ sent: false })
    expect(await api.admin.users.sendPasswordReset.mutate({ id: user.id })).toEqual({ sent: true })
    const reset = tokenIn(await aMailTo(user.email, /password/))
    await app.client().api.auth.resetPassword.mutate({ token: reset, password: 'another horse battery' })
    expect(await app.as({ ...user, password: 'another horse battery' })).toBeDefined()

    await api.admin.users.update.mutate({ id: user.id, isActive: false })
    expect(await api.admin.users.sendPasswordReset.mutate({ id: user.id })).toEqual({ sent: false })
    expect(await reasonOf(api.admin.users.resendVerification.mutate({ id: UNKNOWN_ID }))).toBe('USER_NOT_FOUND')
  })

  test('cannot change an unknown user or themselves', async () => {
    expect(await reasonOf(api.admin.users.update.mutate({ id: UNKNOWN_ID, isActive: false }))).toBe('USER_NOT_FOUND')
    for (const id of [admin.id, admin.id.toUpperCase()]) {
      expect(await reasonOf(api.admin.users.update.mutate({ id, isVerified: true }))).toBe('CANNOT_CHANGE_SELF')
    }
  })
})
