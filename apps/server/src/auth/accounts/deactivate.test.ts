import type { TollgateClient } from '@tollgate/client'
import { describe, expect, test } from 'vitest'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp } from '../../../test/test-app.ts'

describe('a deactivated account', () => {
  test('is refused by every procedure at once', async () => {
    await using app = await createTestApp({ SESSION_POLICY: 'multiple' }, { worker: false })
    const user = await app.aUser()
    const here = await app.as(user)
    const calls: ((api: TollgateClient['api']) => Promise<unknown>)[] = [
      async (api) => api.auth.me.query(),
      async (api) => api.auth.refresh.mutate(),
      async (api) => api.profile.update.mutate({ firstName: 'Ada' }),
      async (api) => api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' }),
      async (api) => api.auth.deactivate.mutate(),
    ]
    // A client drops its session at the first refusal, so each call uses a separate client.
    const elsewhere = await Promise.all(calls.map(async (call) => ({ call, client: await app.as(user) })))
    const accessToken = elsewhere[0]?.client.session.current?.accessToken ?? ''
    await here.api.auth.deactivate.mutate()

    const refused = await Promise.all(elsewhere.map(async ({ call, client }) => reasonOf(call(client.api))))
    const reasons = [...refused, await reasonOf(app.as(user))]
    expect(reasons).toEqual(reasons.map(() => 'ACCOUNT_DISABLED'))
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
