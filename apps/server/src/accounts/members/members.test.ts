import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, codeIn, mailsTo } from '../../../test/inbox.ts'
import { addMember, aMember, anOrganization, membersOf, type TestMember } from '../../../test/organizations.ts'
import { jobsDone } from '../../../test/progress.ts'
import { reasonOf, refusal } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { expectAllIsTold } from '../../../test/told-events.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({ SESSION_POLICY: 'multiple' })))
afterAll(() => app[Symbol.asyncDispose]())

const remove = (by: TestMember, accountId: string, { id: userId }: { id: string }) =>
  reasonOf(by.api.accounts.members.remove.mutate({ accountId, userId }))
const leave = (by: TestMember, accountId: string) => reasonOf(by.api.accounts.leave.mutate({ accountId }))
const setRole = (
  by: TestMember,
  accountId: string,
  { id: userId }: { id: string },
  role: 'owner' | 'admin' | 'member',
) => reasonOf(by.api.accounts.members.setRole.mutate({ accountId, userId, role }))
const ownersOf = async (accountId: string) =>
  Object.values(await membersOf(app, accountId)).filter((role) => role === 'owner').length

describe('the members of an organization', () => {
  test('see each other, page by page; other users don’t', async () => {
    const [owner, first, second, stranger] = [
      await aMember(app),
      await aMember(app),
      await aMember(app),
      await aMember(app),
    ]
    const { id: accountId } = await anOrganization(app, owner, [
      [first, 'billing'],
      [second, 'member'],
    ])
    const list = second.api.accounts.members.list
    const page = await list.query({ accountId, limit: 2 })
    const rest = await list.query({ accountId, limit: 2, cursor: page.nextCursor })
    expect([...page.items, ...rest.items].map(({ user, role }) => [user, role])).toEqual(
      [[second, 'member'] as const, [first, 'billing'] as const, [owner, 'owner'] as const].map(
        ([{ id, username, email }, role]) => [{ id, username, email }, role],
      ),
    )
    expect(rest.nextCursor).toBeNull()
    for (const unknown of [accountId, '0198c5f2-70aa-7b10-8c55-1d2e3f405162', second.id]) {
      expect(await reasonOf(stranger.api.accounts.members.list.query({ accountId: unknown }))).toBe('ACCOUNT_NOT_FOUND')
    }
  })

  test('get other roles only from owners and admins, and only owners make and unmake owners', async () => {
    const [owner, admin, billing, member] = [
      await aMember(app),
      await aMember(app),
      await aMember(app),
      await aMember(app),
    ]
    const { id: accountId } = await anOrganization(app, owner, [
      [admin, 'admin'],
      [billing, 'billing'],
      [member, 'member'],
    ])
    for (const actor of [billing, member]) {
      expect(await setRole(actor, accountId, actor, 'owner')).toBe('ROLE_REQUIRED')
      expect(await setRole(actor, accountId, admin, 'member')).toBe('ROLE_REQUIRED')
      expect(await remove(actor, accountId, admin)).toBe('ROLE_REQUIRED')
    }
    expect(await setRole(admin, accountId, admin, 'owner')).toBe('ROLE_REQUIRED')
    expect(await setRole(admin, accountId, owner, 'member')).toBe('ROLE_REQUIRED')
    expect(await remove(admin, accountId, owner)).toBe('ROLE_REQUIRED')
    expect(await setRole(admin, accountId, member, 'admin')).toBe('fine')
    expect(await setRole(owner, accountId, await aMember(app), 'admin')).toBe('MEMBER_NOT_FOUND')
    const odd = { accountId, userId: member.id, role: 'superuser' }
    expect(await reasonOf(owner.api.accounts.members.setRole.mutate(odd as never))).toBe('INVALID_INPUT')
    expect(await membersOf(app, accountId)).toMatchObject({ [owner.username]: 'owner', [member.username]: 'admin' })
  })

  test('are mailed when an owner is made or unmade', async () => {
    const [owner, second] = [await aMember(app), await aMember(app)]
    const { id: accountId } = await anOrganization(app, owner, [[second, 'member']])
    expect(await setRole(owner, accountId, second, 'owner')).toBe('fine')
    await aMailTo(second.email, /^You are now an owner/)
    await aMailTo(owner.email, new RegExp(`^${second.username} is now an owner`))
    expect(await setRole(second, accountId, owner, 'admin')).toBe('fine')
    await aMailTo(second.email, new RegExp(`^${owner.username} is no longer an owner`))
    expect((await aMailTo(owner.email, /^You are no longer an owner/)).text).toContain(`Changed by: ${second.username}`)
    expect(await setRole(second, accountId, owner, 'owner')).toBe('fine')
    expect(await remove(owner, accountId, second)).toBe('fine')
    await aMailTo(owner.email, new RegExp(`^${second.username} is no longer an owner`))
  })

  test('are out at the next call after their removal, and get a mail', async () => {
    const [owner, member] = [await aMember(app), await aMember(app)]
    const team = await anOrganization(app, owner, [[member, 'admin']])
    expect(await remove(owner, team.id, member)).toBe('fine')
    expect(await reasonOf(member.api.accounts.get.query({ accountId: team.id }))).toBe('ACCOUNT_NOT_FOUND')
    expect(await reasonOf(member.api.accounts.update.mutate({ accountId: team.id, name: 'Mine' }))).toBe(
      'ACCOUNT_NOT_FOUND',
    )
    expect((await member.api.accounts.list.query()).map(({ kind }) => kind)).toEqual(['personal'])
    expect(await remove(owner, team.id, member)).toBe('MEMBER_NOT_FOUND')
    await aMailTo(member.email, /^You're no longer a member/)
    expect(await app.deps.boss.findJobs('members-changed', { data: { accountId: team.id } })).toHaveLength(1)
  })
})

describe('an organization always has an owner who can act:', () => {
  test('the last one can’t leave, be demoted or be removed', async () => {
    const [owner, admin] = [await aMember(app), await aMember(app)]
    const { id: accountId } = await anOrganization(app, owner, [[admin, 'admin']])
    await expect(owner.api.accounts.leave.mutate({ accountId })).rejects.toMatchObject(
      refusal('CONFLICT', 'LAST_OWNER'),
    )
    expect(await setRole(owner, accountId, owner, 'admin')).toBe('LAST_OWNER')
    expect(await remove(owner, accountId, owner)).toBe('LAST_OWNER')
    expect(await leave(admin, accountId)).toBe('fine')
  })

  test('an owner whom an administrator has disabled does not count', async () => {
    const [owner, disabled] = [await aMember(app), await aMember(app)]
    const { id: accountId } = await anOrganization(app, owner, [[disabled, 'owner']])
    const admin = await aMember(app, { isAdmin: true })
    await admin.api.admin.users.update.mutate({ id: disabled.id, isActive: false })
    expect(await leave(owner, accountId)).toBe('LAST_OWNER')
    // Their membership stays, so that enabling them gives it back.
    await admin.api.admin.users.update.mutate({ id: disabled.id, isActive: true })
    const again = await app.as(disabled)
    expect((await again.api.accounts.get.query({ accountId })).role).toBe('owner')
    expect(await leave(owner, accountId)).toBe('fine')
  })

  test.each([
    ['demote each other', (by: TestMember, id: string, other: TestMember) => setRole(by, id, other, 'member')],
    ['demote themselves', (by: TestMember, id: string) => setRole(by, id, by, 'member')],
    ['remove each other', (by: TestMember, id: string, other: TestMember) => remove(by, id, other)],
    ['leave', (by: TestMember, id: string) => leave(by, id)],
    ['close their logins', (by: TestMember) => reasonOf(by.api.auth.deactivate.mutate())],
  ])('two owners %s at the same time', async (_what, act) => {
    const witness = await aMember(app)
    for (let round = 0; round < 3; round++) {
      const [first, second] = [await aMember(app), await aMember(app)]
      const { id: accountId } = await anOrganization(app, first, [
        [second, 'owner'],
        [witness, 'member'],
      ])
      const outcomes = await Promise.all([act(first, accountId, second), act(second, accountId, first)])
      expect(outcomes).toContain('fine')
      expect(outcomes.filter((outcome) => outcome !== 'fine')).toHaveLength(1)
      expect(await ownersOf(accountId)).toBe(1)
    }
  })

  test('a member who is removed in the middle of a call changes nothing anymore', async () => {
    const owner = await aMember(app)
    for (let round = 0; round < 3; round++) {
      const admin = await aMember(app)
      const { id: accountId } = await anOrganization(app, owner, [[admin, 'admin']])
      const guest = await aMember(app)
      // The removal holds the account's lock while the call waits for it.
      const { em } = app.scope()
      const call = await em.transactional(async (em) => {
        await em.execute('select 1 from accounts where id = ? for update', [accountId])
        const pending = reasonOf(
          admin.api.accounts.invitations.create.mutate({ accountId, email: guest.email, role: 'admin' }),
        )
        await waiting()
        await em.execute('delete from members where account_id = ? and user_id = ?', [accountId, admin.id])
        return { pending }
      })
      expect(await call.pending).toBe('ACCOUNT_NOT_FOUND')
      expect((await owner.api.accounts.invitations.list.query({ accountId })).items).toEqual([])
    }
  })

  /** Waits until a statement waits for a lock. */
  async function waiting(): Promise<void> {
    for (;;) {
      const [row] = await app
        .scope()
        .em.execute<{ count: number }[]>(
          "select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        )
      if (row && row.count > 0) return
    }
  }
})

describe('a user who closes their login', () => {
  test('leaves organizations that have other owners, and those where they are alone are closed', async () => {
    const [user, owner] = [await aMember(app), await aMember(app)]
    const shared = await anOrganization(app, owner, [[user, 'owner']])
    const own = await anOrganization(app, user)
    await user.api.auth.deactivate.mutate()
    expect(await membersOf(app, shared.id)).toEqual({ [owner.username]: 'owner' })
    const [closed] = await app
      .scope()
      .em.execute<{ closed: boolean }[]>('select closed_at is not null as closed from accounts where id = ?', [own.id])
    expect(closed?.closed).toBe(true)
    expect(await app.deps.boss.findJobs('organization-closed', { data: { accountId: own.id } })).toHaveLength(1)
    expect(await app.deps.boss.findJobs('members-changed', { data: { accountId: shared.id } })).toHaveLength(1)
  })

  test('is refused as the last owner of others, with the organization’s name, and nothing changes', async () => {
    const [user, member, owner] = [await aMember(app), await aMember(app), await aMember(app)]
    const [left, kept] = [
      await anOrganization(app, owner, [[user, 'admin']]),
      await anOrganization(app, user, [[member, 'admin']]),
    ]
    const alone = await anOrganization(app, user)
    await expect(user.api.auth.deactivate.mutate()).rejects.toMatchObject({
      message: expect.stringContaining(kept.name),
      data: { code: 'CONFLICT', reason: 'LAST_OWNER' },
    })
    expect((await user.api.accounts.list.query()).map(({ id }) => id).toSorted()).toEqual(
      [user.id, left.id, kept.id, alone.id].toSorted(),
    )
  })

  test('by an administrator’s hand keeps all memberships', async () => {
    const [user, member, admin] = [await aMember(app), await aMember(app), await aMember(app, { isAdmin: true })]
    const { id: accountId } = await anOrganization(app, user, [[member, 'member']])
    await admin.api.admin.users.update.mutate({ id: user.id, isActive: false })
    expect(await membersOf(app, accountId)).toMatchObject({ [user.username]: 'owner' })
    expect(await leave(member, accountId)).toBe('fine')
  })
})

test('a user whom an administrator has made unverified keeps memberships when they prove their address', async () => {
  const [owner, user, admin] = [await aMember(app), await aMember(app), await aMember(app, { isAdmin: true })]
  const { id: accountId } = await anOrganization(app, owner, [[user, 'billing']])
  await admin.api.admin.users.update.mutate({ id: user.id, isVerified: false })
  expect(await reasonOf(user.api.accounts.get.query({ accountId }))).toBe('EMAIL_NOT_VERIFIED')
  const { api } = app.client()
  await api.auth.requestLoginCode.mutate({ email: user.email })
  await api.auth.loginWithCode.mutate({ email: user.email, code: codeIn(await aMailTo(user.email, /login code/)) })
  expect((await api.accounts.get.query({ accountId })).role).toBe('billing')
})

test('every change is audited with the account as its target, and the user who made it', async () => {
  const [owner, second, third] = [await aMember(app), await aMember(app), await aMember(app)]
  const { id: accountId } = await anOrganization(app, owner)
  await addMember(app, accountId, second, 'member')
  await addMember(app, accountId, third, 'member')
  await owner.api.accounts.update.mutate({ accountId, name: 'Renamed' })
  await setRole(owner, accountId, second, 'admin')
  await remove(owner, accountId, third)
  await leave(second, accountId)
  const { invitation } = await owner.api.accounts.invitations.create.mutate({
    ...{ accountId, email: third.email, role: 'member' },
  })
  await owner.api.accounts.invitations.revoke.mutate({ accountId, invitationId: invitation.id })
  await owner.api.accounts.delete.mutate({ accountId })
  const admin = await aMember(app, { isAdmin: true })
  const { items } = await admin.api.admin.audit.list.query({ targetId: accountId })
  expect(items.map(({ action, actor }) => [action, actor?.id]).toReversed()).toEqual([
    ['account.create', owner.id],
    ['account.rename', owner.id],
    ['member.set_role', owner.id],
    ['member.remove', owner.id],
    ['member.leave', second.id],
    ['invitation.send', owner.id],
    ['invitation.revoke', owner.id],
    ['account.delete', owner.id],
  ])
  expect(items.find(({ action }) => action === 'member.set_role')).toMatchObject({
    before: { userId: second.id, role: 'member' },
    after: { userId: second.id, role: 'admin' },
  })
  await jobsDone(app, 'send-mail')
  expect((await mailsTo(owner.email)).map(({ subject }) => subject)).toEqual([])
})

test('the event feed has every change that these tests made', async () => {
  expect(await expectAllIsTold(app)).toBeGreaterThan(0)
})
