import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPages, anAdmin, expectNewestFirst, UNKNOWN_ID } from '../../../test/admin.ts'
import { aMailTo } from '../../../test/inbox.ts'
import { addMember, aMember, anOrganization, membersOf, type TestMember } from '../../../test/organizations.ts'
import { advance } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { aServiceKey } from '../../../test/service-keys.ts'
import { stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { plansToUse, usageCalls } from '../../../test/usage-calls.ts'
import { DAY } from '../../platform/durations.ts'

describe('an admin', () => {
  let app: TestApp
  let api: TollgateClient['api']
  let owner: TestMember
  let member: TestUser
  let team: { id: string; name: string }
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
    owner = await aMember(app, { email: 'grace@hopper.example', username: 'Grace_H' })
    member = await app.aUser()
    team = await anOrganization(app, owner, [[member, 'member']])
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const list = async (filters: object) => (await api.admin.accounts.list.query({ limit: 100, ...filters })).items
  const idsOf = async (filters: object) => (await list(filters)).map(({ id }) => id)

  test("finds accounts by any part of their name or their owner's address or username, and by id", async () => {
    expect(await idsOf({ search: 'TEAM of grace' })).toEqual([team.id])
    for (const search of ['hopper.example', 'GRACE_H']) {
      expect([search, (await idsOf({ search })).toSorted()]).toEqual([search, [owner.id, team.id].toSorted()])
    }
    expect(await idsOf({ search: team.id.toUpperCase() })).toEqual([team.id])
    expect(await idsOf({ search: member.email, kind: 'organization' })).toEqual([]) // no owner
    for (const search of ['%%%', 'a\0b', '\ud800', UNKNOWN_ID]) expect(await idsOf({ search })).toEqual([])
    await api.admin.accounts.update.mutate({ accountId: team.id, name: 'Cobol & Co_100%' })
    expect(await idsOf({ search: 'co_100%' })).toEqual([team.id])
    expect(await idsOf({ search: 'o_' })).toContain(team.id) // shorter than what the index has
  })

  test('filters accounts by kind, plan, status, members and whether they are closed', async () => {
    const payer = await app.aUser()
    await aGrant(app, payer, 'vip')
    const closed = await app.aUser()
    await api.admin.users.update.mutate({ id: closed.id, isActive: false })
    expect(await idsOf({ kind: 'organization' })).toEqual([team.id])
    expect(await idsOf({ planCode: 'vip' })).toEqual([payer.id])
    expect(await idsOf({ status: 'active' })).toEqual([payer.id])
    expect(await idsOf({ status: 'past_due' })).toEqual([])
    expect(await idsOf({ status: 'none' })).not.toContain(payer.id)
    expect(await idsOf({ minMembers: 2 })).toEqual([team.id])
    expect(await idsOf({ minMembers: 3 })).toEqual([])
    expect(await idsOf({ minMembers: 2, kind: 'personal' })).toEqual([])
    expect(await idsOf({ isClosed: true })).toEqual([closed.id])
    const [item] = await list({ kind: 'organization' })
    expect(item).toMatchObject({ members: 2, subscription: null, isClosed: false, owner: { email: owner.email } })
  })

  test('sees what credit an account has for its next payments', async () => {
    const payer = await aPayingUser(app, 'pro')
    const credit = async (id: string) => (await api.admin.accounts.credit.query({ id })).credit
    expect(await credit(payer.id)).toEqual([])
    const { customers } = stripeClient(app)
    await customers.createBalanceTransaction(payer.stripeCustomerId, { amount: -700, currency: 'usd' })
    expect(await credit(payer.id)).toEqual([{ currency: 'usd', cents: 700 }])
    expect(await credit(team.id)).toEqual([])
    expect(await reasonOf(credit(UNKNOWN_ID))).toBe('ACCOUNT_NOT_FOUND')
  })

  test('lists accounts newest first, in pages, each once', async () => {
    for (let count = 0; count < 5; count += 1) await app.aUser()
    const all = await allPages((cursor) => api.admin.accounts.list.query({ limit: 3, cursor }))
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expectNewestFirst(all.map(({ createdAt }) => createdAt))
    const [counted] = await app.scope().em.execute<{ count: number }[]>('select count(*)::int from accounts')
    expect(all).toHaveLength(counted?.count ?? 0)
    expect(await reasonOf(api.admin.accounts.list.query({ cursor: 'made up' }))).toBe('INVALID_INPUT')
  })

  test('sees an account with members, invitations, customer, payments, and why it has access', async () => {
    const payer = await aPayingUser(app, 'pro')
    expect(await api.admin.accounts.get.query({ id: payer.id })).toMatchObject({
      ...{ kind: 'personal', name: payer.username, closedAt: null, seats: null, members: 1, invitations: [] },
      access: { hasAccess: true, reason: 'active', planName: 'Pro', until: expect.any(Date), endsAt: null },
      customer: { providerCustomerId: payer.stripeCustomerId },
      payments: [{ currency: 'usd', paid: 1, refundedCents: 0, failed: 0, lastPaidAt: expect.any(Date) }],
      memberPage: { items: [{ user: { id: payer.id }, role: 'owner' }], nextCursor: null },
    })
    const email = 'invited@hopper.example'
    await owner.api.accounts.invitations.create.mutate({ accountId: team.id, email, role: 'billing' })
    expect(await api.admin.accounts.get.query({ id: team.id })).toMatchObject({
      ...{ kind: 'organization', members: 2, customer: null, payments: [], owners: [{ id: owner.id, isActive: true }] },
      ...{ invitations: [{ email, role: 'billing' }], access: { hasAccess: false, reason: 'no_subscription' } },
    })
    expect(await reasonOf(api.admin.accounts.get.query({ id: UNKNOWN_ID }))).toBe('ACCOUNT_NOT_FOUND')
  })

  test('sees that a disabled user and a deleted organization have no access, although they have paid', async () => {
    const user = await app.aUser()
    await aGrant(app, user, 'vip')
    await api.admin.users.update.mutate({ id: user.id, isActive: false })
    expect((await api.admin.accounts.get.query({ id: user.id })).access).toMatchObject({
      ...{ hasAccess: false, reason: 'user_disabled', until: null, planName: expect.any(String) },
    })
    const { id } = await anOrganization(app, owner)
    await owner.api.accounts.delete.mutate({ accountId: id })
    expect(await api.admin.accounts.get.query({ id })).toMatchObject({
      ...{ isClosed: true, closedAt: expect.any(Date), access: { reason: 'account_deleted' } },
    })
  })

  test('sees since when an account is past due, and when its grace period ends', async () => {
    const user = await app.aUser()
    await aGrant(app, user, 'pro')
    const since = new Date(Math.floor(Date.now() / 1000) * 1000)
    await app
      .scope()
      .em.execute("update subscriptions set status = 'past_due', past_due_since = ? where account_id = ?", [
        since,
        user.id,
      ])
    const { access } = await api.admin.accounts.get.query({ id: user.id })
    expect(access).toMatchObject({ hasAccess: true, reason: 'past_due_grace', pastDueSince: since })
    expect(access.graceEndsAt).toEqual(access.until)
    expect(access.graceEndsAt?.getTime()).toBeGreaterThan(since.getTime() + DAY)

    // Its own end comes first, and every page says so, before and after it.
    const endsAt = new Date(since.getTime() + 3_600_000)
    const [row] = await app
      .scope()
      .em.execute<{ id: string }[]>(
        'update subscriptions set cancel_at = ?, cancel_at_period_end = true where account_id = ? returning id',
        [endsAt, user.id],
      )
    const shown = async () => [
      (await api.admin.accounts.get.query({ id: user.id })).access.graceEndsAt,
      (await api.admin.subscriptions.get.query({ id: row?.id ?? '' })).graceEndsAt,
    ]
    expect(await shown()).toEqual([endsAt, endsAt])
    expect((await api.admin.accounts.get.query({ id: user.id })).access.until).toEqual(endsAt)
    await advance(app, { days: 30 })
    expect((await api.admin.accounts.get.query({ id: user.id })).access).toMatchObject({
      ...{ hasAccess: false, reason: 'past_due', graceEndsAt: endsAt },
    })
    expect(await shown()).toEqual([endsAt, endsAt])
    expect((await api.admin.explain.query({ accountId: user.id })).subscription?.graceEndsAt).toEqual(endsAt)
  })

  test('can rename an account, change roles and remove members without being a member', async () => {
    const [helper, leaver] = [await app.aUser(), await app.aUser()]
    const { id: accountId } = await anOrganization(app, owner, [
      [helper, 'member'],
      [leaver, 'billing'],
    ])
    const { accounts } = api.admin
    await accounts.update.mutate({ accountId, name: 'Renamed' })
    expect(await reasonOf(accounts.update.mutate({ accountId, name: null }))).toBe('INVALID_INPUT')
    await accounts.members.setRole.mutate({ accountId, userId: helper.id, role: 'admin' })
    await accounts.members.remove.mutate({ accountId, userId: leaver.id })
    expect(await membersOf(app, accountId)).toEqual({ [owner.username]: 'owner', [helper.username]: 'admin' })
    await aMailTo(leaver.email, /no longer a member of “Renamed”/)
    expect(await reasonOf(accounts.members.remove.mutate({ accountId, userId: owner.id }))).toBe('LAST_OWNER')
    expect(await reasonOf(accounts.members.remove.mutate({ accountId, userId: leaver.id }))).toBe('MEMBER_NOT_FOUND')
    const personal = { accountId: helper.id, userId: helper.id }
    expect(await reasonOf(accounts.members.remove.mutate(personal))).toBe('PERSONAL_ACCOUNT')
    expect(await reasonOf(accounts.update.mutate({ accountId: UNKNOWN_ID, name: 'x' }))).toBe('ACCOUNT_NOT_FOUND')
  })

  test('can make a member the owner of an organization whose last owner is disabled, and mails name no operator', async () => {
    const [last, heir] = [await aMember(app), await app.aUser()]
    const { id: accountId } = await anOrganization(app, last, [[heir, 'member']])
    await api.admin.users.update.mutate({ id: last.id, isActive: false })
    await api.admin.accounts.members.setRole.mutate({ accountId, userId: heir.id, role: 'owner' })
    expect(await (await app.as(heir)).api.accounts.get.query({ accountId })).toMatchObject({ role: 'owner' })
    const mail = await aMailTo(heir.email, /You are now an owner/)
    expect(mail.text).toMatch(/Changed by:?\s+Support/)
  })

  test('pages through the members of an account', async () => {
    const users = await Promise.all([1, 2, 3].map(() => app.aUser()))
    const { id: accountId } = await anOrganization(app, owner)
    for (const user of users) await addMember(app, accountId, user, 'member')
    const all = await allPages((cursor) => api.admin.accounts.members.list.query({ accountId, limit: 2, cursor }))
    expect(all.map(({ user }) => user.id).toSorted()).toEqual([owner, ...users].map(({ id }) => id).toSorted())
  })

  test('sees what an account uses: what is used and reserved, until when, and the latest calls', async () => {
    await plansToUse(app)
    const key = await aServiceKey(app, 'usage:write')
    const { use } = usageCalls(() => ({ app, key }))
    const user = await app.aUser()
    await aGrant(app, user, 'small')
    await use(user, { feature: 'ai.tokens', amount: 30 })
    const { reservation } = await use(user, { feature: 'ai.tokens', amount: 10, reserve: 600 })
    await use(user, { feature: 'exports', amount: 9 })
    await api.admin.entitlements.override.mutate({
      ...{ accountId: user.id, feature: 'beta', value: true, reason: 'A friend' },
    })
    const usage = await api.admin.accounts.usage.query({ id: user.id })
    const of = (feature: string) => usage.features.find((each) => each.feature === feature)
    expect(of('ai.tokens')).toMatchObject({
      ...{ allowed: true, limit: 100, used: 40, reserved: 10, remaining: 60, per: 'period', overage: null },
      ...{ resetsAt: expect.any(Date), lastUsedAt: expect.any(Date), isOverridden: false },
    })
    expect(of('projects')).toMatchObject({ limit: 2, used: 0, per: 'total', resetsAt: null, lastUsedAt: null })
    expect(of('beta')).toMatchObject({ limit: null, isOverridden: true })
    expect(usage.reservations).toMatchObject([{ id: reservation, feature: 'ai.tokens', amount: 10 }])
    expect(usage.lastUses).toMatchObject([
      { feature: 'exports', state: 'denied', asked: 9, amount: 0 },
      { id: reservation, state: 'open', amount: 10 },
      { feature: 'ai.tokens', state: 'counted', amount: 30 },
    ])
    await app
      .scope()
      .em.execute('update subscriptions set current_period_start = now() where account_id = ?', [user.id])
    const later = await api.admin.accounts.usage.query({ id: user.id })
    const laterTokens = later.features.find((each) => each.feature === 'ai.tokens')
    expect(laterTokens).toMatchObject({ used: 0, reserved: 0 }) // what is reserved counts in the earlier period
    expect(later.reservations).toHaveLength(1)
    const { usage: ofOthers } = (await app.as(user)).api.admin.accounts
    expect(await reasonOf(ofOthers.query({ id: user.id }))).toBe('ADMIN_ONLY')
    expect(await reasonOf(api.admin.accounts.usage.query({ id: UNKNOWN_ID }))).toBe('ACCOUNT_NOT_FOUND')
  })
})
