import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMember, anOrganization } from '../../../test/organizations.ts'
import { reasonOf, refusal } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

describe('accounts', () => {
  test('are listed with the personal one first, then by name', async () => {
    const user = await aMember(app)
    for (const name of ['beta', 'Alpha']) await user.api.accounts.create.mutate({ name })
    const accounts = await user.api.accounts.list.query()
    expect(accounts.map(({ name, kind, role }) => [name, kind, role])).toEqual([
      [user.username, 'personal', 'owner'],
      ['Alpha', 'organization', 'owner'],
      ['beta', 'organization', 'owner'],
    ])
    expect(accounts[0]?.id).toBe(user.id)
    expect(await user.api.accounts.get.query({ accountId: user.id.toUpperCase() })).toEqual({
      ...accounts[0],
      ...{ members: 1, seats: null },
    })
  })

  test('have to be named in each call', async () => {
    const user = await aMember(app)
    const { accounts } = user.api
    const [nothing, named] = [{}, { name: 'Mine' }]
    const calls = [
      accounts.get.query(nothing as never),
      accounts.update.mutate(named as never),
      accounts.delete.mutate(nothing as never),
      accounts.leave.mutate(nothing as never),
      accounts.members.list.query(nothing as never),
      accounts.invitations.list.query(nothing as never),
    ]
    const refused = await Promise.allSettled(calls)
    const noAccount = { status: 'rejected', reason: { data: { fieldErrors: { accountId: expect.any(String) } } } }
    expect(refused).toMatchObject(calls.map(() => noAccount))
  })

  test('of an unverified user are listed, and can’t be created', async () => {
    const { api } = await aMember(app, { isVerified: false })
    expect(await api.accounts.list.query()).toHaveLength(1)
    expect(await reasonOf(api.accounts.create.mutate({ name: 'Team' }))).toBe('EMAIL_NOT_VERIFIED')
  })
})

describe('an organization', () => {
  test('is not the 21st that a user owns, even if two are created at the same time', async () => {
    const user = await aMember(app)
    const create = (name: string) => user.api.accounts.create.mutate({ name })
    const owned = await Promise.all(Array.from({ length: 19 }, (_, number) => create(`Team ${number}`)))
    const outcomes = await Promise.all([reasonOf(create('Team 20')), reasonOf(create('Team 21'))])
    expect(outcomes.toSorted()).toEqual(['TOO_MANY_ACCOUNTS', 'fine'])
    await user.api.accounts.delete.mutate({ accountId: owned[0]?.id ?? '' })
    expect(await reasonOf(create('Team 22'))).toBe('fine')
    await expect(create('Team 23')).rejects.toMatchObject(refusal('CONFLICT', 'TOO_MANY_ACCOUNTS'))
  })

  test('is renamed by owners and admins, and keeps a name', async () => {
    const [owner, admin, billing] = [await aMember(app), await aMember(app), await aMember(app)]
    const { id: accountId } = await anOrganization(app, owner, [
      [admin, 'admin'],
      [billing, 'billing'],
    ])
    const renamed = await admin.api.accounts.update.mutate({ accountId, name: '  New name ' })
    expect(renamed).toMatchObject({ id: accountId, name: 'New name', role: 'admin' })
    const rename = (name: string | null) => reasonOf(billing.api.accounts.update.mutate({ accountId, name }))
    expect(await rename('Mine')).toBe('ROLE_REQUIRED')
    expect(await reasonOf(owner.api.accounts.update.mutate({ accountId, name: null }))).toBe('INVALID_INPUT')
  })

  test('is deleted by owners only, and then unknown to everyone', async () => {
    const [owner, admin] = [await aMember(app), await aMember(app)]
    const { id: accountId } = await anOrganization(app, owner, [[admin, 'admin']])
    expect(await reasonOf(admin.api.accounts.delete.mutate({ accountId }))).toBe('ROLE_REQUIRED')
    await owner.api.accounts.delete.mutate({ accountId })
    for (const { api } of [owner, admin]) {
      expect(await reasonOf(api.accounts.get.query({ accountId }))).toBe('ACCOUNT_NOT_FOUND')
      expect(await api.accounts.list.query()).toHaveLength(1)
    }
    expect(await reasonOf(owner.api.accounts.delete.mutate({ accountId }))).toBe('ACCOUNT_NOT_FOUND')
    expect(await app.deps.boss.findJobs('organization-closed', { data: { accountId } })).toHaveLength(1)
  })
})

describe('a personal account', () => {
  test('has a name of its own only while it is given one', async () => {
    const user = await aMember(app)
    const rename = (name: string | null) => user.api.accounts.update.mutate({ accountId: user.id, name })
    expect((await rename('My things')).name).toBe('My things')
    expect((await rename(null)).name).toBe(user.username)
  })

  test('has no members or invitations, is not left, and not deleted', async () => {
    const [user, other] = [await aMember(app), await aMember(app)]
    const { delete: remove, leave, members, invitations } = user.api.accounts
    const own = { accountId: user.id }
    const outcomes = [
      await reasonOf(remove.mutate(own)),
      await reasonOf(leave.mutate(own)),
      await reasonOf(members.setRole.mutate({ ...own, userId: user.id, role: 'member' })),
      await reasonOf(members.remove.mutate({ ...own, userId: user.id })),
      await reasonOf(invitations.create.mutate({ ...own, email: other.email, role: 'member' })),
      await reasonOf(invitations.revoke.mutate({ ...own, invitationId: user.id })),
      await reasonOf(invitations.resend.mutate({ ...own, invitationId: user.id })),
    ]
    expect(outcomes).toEqual(outcomes.map(() => 'PERSONAL_ACCOUNT'))
    expect(await reasonOf(other.api.accounts.get.query(own))).toBe('ACCOUNT_NOT_FOUND')
  })
})
