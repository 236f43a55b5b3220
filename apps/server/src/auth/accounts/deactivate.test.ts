import { describe, expect, test } from 'vitest'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp } from '../../../test/test-app.ts'

describe('a deactivated account', () => {
  test('is refused by every procedure at once', async () => {
    await using app = await createTestApp({ SESSION_POLICY: 'multiple' }, { worker: false })
    const user = await app.aUser()
    const [here, elsewhere] = [await app.as(user), await app.as(user)]
    await here.api.auth.deactivate.mutate()

    const { api, session } = elsewhere
    const accessToken = session.current?.accessToken ?? ''
    const reasons = {
      me: await reasonOf(api.auth.me.query()),
      refresh: await reasonOf(api.auth.refresh.mutate()),
      profile: await reasonOf(api.profile.update.mutate({ firstName: 'Ada' })),
      subscribe: await reasonOf(api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })),
      again: await reasonOf(api.auth.deactivate.mutate()),
      password: await reasonOf(app.as(user)),
    }
    expect(new Set(Object.values(reasons))).toEqual(new Set(['ACCOUNT_DISABLED']))
    const raw = await fetch(`${app.url}/trpc/auth.me`, { headers: { authorization: `Bearer ${accessToken}` } })
    expect(raw.status).toBe(403)
    expect(await reasonOf(app.as({ ...user, password: 'wrong password' }))).toBe('INVALID_CREDENTIALS')
    expect(await app.deps.boss.findJobs('account-closed', { data: { userId: user.id } })).toHaveLength(1)
  })

  test('is never the last admin, even when the last two deactivate at the same time', async () => {
    await using app = await createTestApp({}, { worker: false })
    const admins = [await app.aUser({ isAdmin: true }), await app.aUser({ isAdmin: true })]
    const clients = await Promise.all(admins.map((admin) => app.as(admin)))
    const outcomes = await Promise.all(clients.map(({ api }) => reasonOf(api.auth.deactivate.mutate())))
    expect(outcomes.toSorted()).toEqual(['LAST_ADMIN', 'fine'])
    const left = await app.scope().em.execute('select 1 from users where is_admin and is_active')
    expect(left).toHaveLength(1)
  })
})
