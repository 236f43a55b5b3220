import type { TollgateClient } from '@tollgate/client'
import { expect, test } from 'vitest'
import { anAdmin, lockWaits } from '../../../test/admin.ts'
import { aMember, anOrganization } from '../../../test/organizations.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp } from '../../../test/test-app.ts'

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

test('an admin who loses their rights during an act on a user or an account does nothing', async () => {
  await using app = await createTestApp({}, { worker: false })
  const user = await app.aUser()
  const { id: accountId } = await anOrganization(app, await aMember(app), [[user, 'member']])
  await app.aUser({ isAdmin: true })
  const acts = (api: TollgateClient['api']) => [
    api.admin.users.endSessions.mutate({ id: user.id }),
    api.admin.users.sendPasswordReset.mutate({ id: user.id }),
    api.admin.accounts.update.mutate({ accountId, name: 'Changed' }),
    api.admin.accounts.members.setRole.mutate({ accountId, userId: user.id, role: 'owner' }),
    api.admin.accounts.members.remove.mutate({ accountId, userId: user.id }),
  ]
  const { id: adminId, api } = await anAdmin(app)
  const refused: Promise<string>[] = []
  await app.scope().em.transactional(async (em) => {
    await em.execute('select 1 from users where is_admin for update') // as an update of admins does
    await em.execute('update users set is_admin = false where id = ?', [adminId])
    refused.push(...acts(api).map((act) => reasonOf(act)))
    await lockWaits(app, 5)
  })
  expect(new Set(await Promise.all(refused))).toEqual(new Set(['ADMIN_ONLY']))
  expect(await app.scope().em.execute("select 1 from audit_entries where action <> 'account.create'")).toEqual([])
})

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
