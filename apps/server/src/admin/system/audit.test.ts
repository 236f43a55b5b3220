import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allPages, anAdmin, aPayment } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { aMember, anOrganization } from '../../../test/organizations.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { createAppRouter } from '../../router.ts'
import { queues } from '../../worker.ts'

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

/** Calls each procedure with which an admin changes something, and returns the target's id. */
const USES: Record<string, () => Promise<string>> = {
  'admin.users.update': async () => {
    const { id } = await app.aUser()
    return (await api.admin.users.update.mutate({ id, isActive: false })).id
  },
  'admin.users.endSessions': async () => {
    const user = await app.aUser()
    await app.as(user)
    await api.admin.users.endSessions.mutate({ id: user.id })
    return user.id
  },
  'admin.users.resendVerification': async () => {
    const { id } = await app.aUser({ isVerified: false })
    await api.admin.users.resendVerification.mutate({ id })
    return id
  },
  'admin.users.sendPasswordReset': async () => {
    const { id } = await app.aUser()
    await api.admin.users.sendPasswordReset.mutate({ id })
    return id
  },
  'admin.accounts.update': async () => {
    const { accountId } = await aTeamOfTwo()
    await api.admin.accounts.update.mutate({ accountId, name: 'Another name' })
    return accountId
  },
  'admin.accounts.members.setRole': async () => {
    const { accountId, userId } = await aTeamOfTwo()
    await api.admin.accounts.members.setRole.mutate({ accountId, userId, role: 'owner' })
    return accountId
  },
  'admin.accounts.members.remove': async () => {
    const { accountId, userId } = await aTeamOfTwo()
    await api.admin.accounts.members.remove.mutate({ accountId, userId })
    return accountId
  },
  'admin.subscriptions.grant': async () => grant(),
  'admin.subscriptions.cancel': async () => {
    const id = await grant()
    return (await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })).id
  },
  'admin.subscriptions.change': async () => {
    const payer = await aPayingUser(app, 'pro')
    const [subscription] = (await api.admin.subscriptions.list.query({ userId: payer.id })).items
    const id = subscription?.id ?? ''
    const change = { id, planCode: 'vip', at: 'now' } as const
    const { prorationDate } = await api.admin.subscriptions.previewChange.query(change)
    await api.admin.subscriptions.change.mutate({ ...change, prorationDate })
    return id
  },
  'admin.subscriptions.cancelChange': async () => {
    const payer = await aPayingUser(app, 'vip')
    await (await app.as(payer)).api.billing.subscriptions.change.mutate({ planCode: 'pro' })
    const [subscription] = (await api.admin.subscriptions.list.query({ userId: payer.id })).items
    return (await api.admin.subscriptions.cancelChange.mutate({ id: subscription?.id ?? '' })).id
  },
  'admin.plans.move': async () => (await aMove('audited-4')).planId,
  'admin.plans.stopMove': async () => {
    const { id, planId } = await aMove('audited-5')
    await api.admin.plans.stopMove.mutate({ id })
    return planId
  },
  'admin.payments.refund': async () => {
    const { id } = await aPayment(app, api)
    return (await api.admin.payments.refund.mutate({ id, amountCents: 100 })).id
  },
  'admin.webhookEvents.replay': async () => {
    await aPayingUser(app, 'pro')
    const [event] = (await api.admin.webhookEvents.list.query({ type: 'invoice.paid' })).items
    await api.admin.webhookEvents.replay.mutate({ id: event?.id ?? '' })
    return event?.id ?? ''
  },
  'admin.jobs.retry': async () => {
    const job = await aFailedJob()
    await api.admin.jobs.retry.mutate({ id: job.id })
    return job.id
  },
  'admin.webhookEvents.replayFailed': async () => {
    await aPayingUser(app, 'pro')
    await app
      .scope()
      .em.execute("update provider_events set status = 'failed' where type = 'invoice.paid' and status = 'processed'")
    await api.admin.webhookEvents.replayFailed.mutate()
    return 'all'
  },
  'admin.jobs.retryAll': async () => {
    await aFailedJob()
    await api.admin.jobs.retryAll.mutate({ queue: 'apply-stripe-event' })
    return 'apply-stripe-event'
  },
  'admin.jobs.discard': async () => {
    const { id } = await aFailedJob()
    await api.admin.jobs.discard.mutate({ id })
    return id
  },
  'admin.mails.resend': async () => {
    const { email } = await aPayingUser(app, 'pro')
    const mail = await until(
      'the mail',
      async () => (await api.admin.mails.list.query({ email, state: 'sent' })).items[0],
    )
    await api.admin.mails.resend.mutate({ id: mail.id })
    return mail.id
  },
  'admin.findings.resolve': async () => {
    const id = crypto.randomUUID()
    await app.scope().em.execute(
      `insert into reconciliation_findings (id, found_at, kind, object_type, object_id)
       values (?, now(), 'unknown_at_provider', 'subscription', 'sub_audited')`,
      [id],
    )
    await api.admin.findings.resolve.mutate({ id, note: 'Ended at Stripe.' })
    return id
  },
  'admin.serviceKeys.create': async () =>
    (await api.admin.serviceKeys.create.mutate({ name: 'Audited', scopes: ['users:read'] })).id,
  'admin.serviceKeys.revoke': async () => {
    const { id } = await api.admin.serviceKeys.create.mutate({ name: 'Audited', scopes: ['users:read'] })
    await api.admin.serviceKeys.revoke.mutate({ id })
    return id
  },
  'admin.discounts.create': async () => aDiscount(),
  'admin.discounts.end': async () => (await api.admin.discounts.end.mutate({ id: await aDiscount() })).id,
  'admin.subscriptions.applyDiscount': async () => {
    const payer = await aPayingUser(app, 'pro')
    const [subscription] = (await api.admin.subscriptions.list.query({ userId: payer.id })).items
    const id = subscription?.id ?? ''
    await api.admin.subscriptions.applyDiscount.mutate({ id, discountId: await aDiscount() })
    return id
  },
  'admin.entitlements.override': async () => anOverride(),
  'admin.entitlements.remove': async () => {
    const accountId = await anOverride()
    return (await api.admin.entitlements.remove.mutate({ accountId, feature: 'sso' })).accountId
  },
  'billing.plans.create': async () => aPlan('audited-1'),
  'billing.plans.update': async () => {
    const id = await aPlan('audited-2')
    return (await api.billing.plans.update.mutate({ id, name: 'Another name' })).id
  },
  'admin.webhooks.endpoints.create': async () => anEndpoint(),
  'admin.webhooks.endpoints.update': async () => {
    const id = await anEndpoint()
    return (await api.admin.webhooks.endpoints.update.mutate({ id, description: 'Another one' })).id
  },
  'admin.webhooks.endpoints.rollSecret': async () => {
    const id = await anEndpoint()
    return (await api.admin.webhooks.endpoints.rollSecret.mutate({ id })).id
  },
  'admin.webhooks.endpoints.test': async () => {
    const id = await anEndpoint()
    await api.admin.webhooks.endpoints.test.mutate({ id })
    return id
  },
  'admin.webhooks.endpoints.delete': async () => {
    const id = await anEndpoint()
    await api.admin.webhooks.endpoints.delete.mutate({ id })
    return id
  },
  'admin.webhooks.deliveries.resend': async () => {
    const endpointId = await anEndpoint()
    await api.admin.webhooks.deliveries.resend.mutate({ endpointId, since: new Date(0) })
    return endpointId
  },
  'billing.plans.delete': async () => (await api.billing.plans.delete.mutate({ id: await aPlan('audited-3') })).id,
}
const aMove = async (code: string) => {
  const planId = await aPlan(code)
  const terms = { planId, toPlanCode: 'vip', at: 'period_end' } as const
  const { priceRef } = await api.admin.plans.previewMove.query(terms)
  return { planId, id: (await api.admin.plans.move.mutate({ ...terms, priceRef })).id }
}
const aDiscount = async () =>
  (await api.admin.discounts.create.mutate({ name: 'Audited', percentOff: 20, duration: 'once' })).id
const anOverride = async () => {
  const { id: accountId } = await app.aUser()
  await api.admin.entitlements.override.mutate({ accountId, feature: 'sso', value: true, reason: 'Audited' })
  return accountId
}
const aTeamOfTwo = async () => {
  const member = await app.aUser()
  const { id } = await anOrganization(app, await aMember(app), [[member, 'member']])
  return { accountId: id, userId: member.id }
}
const aFailedJob = async () => {
  await app.deps.boss.send('apply-stripe-event', { eventId: 'none' }, { retryLimit: 0 })
  return until('the job to fail for good', async () => (await api.admin.jobs.failed.query({})).items[0])
}
const grant = async () => {
  const { id: userId } = await app.aUser()
  const until = after(new Date(), 30 * DAY)
  return (await api.admin.subscriptions.grant.mutate({ userId, planCode: 'pro', until })).id
}
const anEndpoint = async () => {
  const types: ['member.removed'] = ['member.removed']
  return (await api.admin.webhooks.endpoints.create.mutate({ url: 'http://127.0.0.1:9/hooks', types })).id
}
const aPlan = async (code: string) => {
  const terms = { name: 'Audited', priceCents: 500, billingPeriod: 'monthly', tier: 'pro' } as const
  return (await api.billing.plans.create.mutate({ code, ...terms })).id
}

/** They need fields of a configuration, so `extension.test.ts` calls them. */
const WITH_OWN_FIELDS = ['admin.accounts.setData', 'admin.users.setData']

test('this file calls every procedure with which an admin changes something', () => {
  const { procedures } = createAppRouter({ ...app.deps, queues })._def
  const changing = Object.entries(Object(procedures) as Record<string, { _def: { type: string } }>)
    .filter(([path, { _def }]) => _def.type === 'mutation' && /^(admin|billing\.plans)\./.test(path))
    .map(([path]) => path)
  expect([...Object.keys(USES), ...WITH_OWN_FIELDS].toSorted()).toEqual(changing.toSorted())
})

test.each(Object.keys(USES))(
  '%s writes an audit row with the actor, action, target, request and IP address',
  async (path) => {
    const targetId = (await USES[path]?.()) ?? ''
    const [entry] = (await api.admin.audit.list.query({ targetId })).items
    expect(entry).toMatchObject({
      ...{ actor: { id: admin.id, email: admin.email }, action: expect.stringMatching(/^[a-z_]+\.[a-z_]+$/), targetId },
      ...{
        requestId: expect.stringMatching(/.+/),
        ip: expect.stringMatching(/127\.0\.0\.1/),
        createdAt: expect.any(Date),
      },
    })
    expect(path === 'admin.jobs.retry' ? entry?.after : entry?.after && Object.keys(entry.after).length).not.toBe(0)
    expect(JSON.stringify(entry)).not.toMatch(/argon2|secret|password|token/i)
  },
)

test('refused changes write no audit row', async () => {
  const before = await app.scope().em.execute('select count(*) from audit_entries')
  expect(await reasonOf(api.admin.users.update.mutate({ id: admin.id, isAdmin: false }))).toBe('CANNOT_CHANGE_SELF')
  expect(await reasonOf(api.admin.jobs.retry.mutate({ id: crypto.randomUUID() }))).toBe('JOB_NOT_FOUND')
  expect(await app.scope().em.execute('select count(*) from audit_entries')).toEqual(before)
})

test('the audit log is listed newest first, in pages, and filtered by actor, action and target', async () => {
  const { id: actorId, api: theirs } = await anAdmin(app)
  const ids: string[] = []
  for (let i = 0; i < 5; i++) {
    const { id } = await app.aUser()
    ids.unshift(id)
    await theirs.admin.users.update.mutate({ id, isVerified: false })
  }
  const entries = await allPages(
    (cursor) => api.admin.audit.list.query({ actorId, action: 'user.update', limit: 2, cursor }),
    () => theirs.admin.users.update.mutate({ id: ids[0] ?? '', isVerified: true }), // a newer entry
  )
  expect(entries.map(({ targetId }) => targetId)).toEqual(ids)
  expect((await api.admin.audit.list.query({ action: 'plan.never' })).items).toEqual([])
  for (const filter of [{ action: 'a\0' }, { targetId: 'x\0' }, { actorId: 'me' }, { cursor: '\0' }]) {
    expect(await reasonOf(api.admin.audit.list.query(filter))).toBe('INVALID_INPUT')
  }
})
