import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { allPages, anAdmin, auditOf, expectNewestFirst, lockWaits, UNKNOWN_ID } from '../../../test/admin.ts'
import { aMailTo, mailsTo } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { eventsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { calm, failNext, LOST_ANSWER, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'

describe('an admin', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const inAMonth = () => after(new Date(), 30 * DAY)
  const statusAtStripe = async (customer: string) =>
    (await stripeClient(app).subscriptions.list({ customer, status: 'all' })).data.map(
      ({ status, cancel_at_period_end }) => [status, cancel_at_period_end],
    )

  test('can grant a plan free of charge until a date, which is audited', async () => {
    const user = await app.aUser()
    const until = inAMonth()
    const granted = await api.admin.subscriptions.grant.mutate({ userId: user.id, planCode: 'vip', until })
    expect(granted).toMatchObject({
      ...{ provider: 'manual', status: 'active', priceCents: 0, hasAccess: true, accessReason: 'active' },
      ...{ plan: { code: 'vip' }, currentPeriodEnd: until, accessUntil: until },
    })
    const own = (await app.as(user)).api
    expect(await own.billing.subscriptions.current.query()).toEqual(granted)
    expect(await own.billing.entitlement.query()).toEqual({ tier: 'vip', planCode: 'vip', until })
    expect(await auditOf(app, granted.id)).toMatchObject([{ action: 'subscription.grant', after: { planCode: 'vip' } }])
  })

  test('cannot grant with an unknown user or plan or an invalid date, nor to a subscriber', async () => {
    const { id: userId } = await app.aUser()
    const grant = (changes: object) =>
      reasonOf(api.admin.subscriptions.grant.mutate({ userId, planCode: 'pro', until: inAMonth(), ...changes }))
    expect(await grant({ userId: UNKNOWN_ID })).toBe('USER_NOT_FOUND')
    expect(await grant({ planCode: 'nothing' })).toBe('PLAN_NOT_FOUND')
    expect(await grant({ until: after(new Date(), -DAY) })).toBe('INVALID_INPUT')
    expect(await grant({ until: new Date(8.64e15) })).toBe('INVALID_INPUT')
    expect(await grant({})).toBe('fine')
    expect(await grant({})).toBe('ALREADY_SUBSCRIBED')
    expect(await grant({ userId: (await aPayingUser(app, 'pro')).id })).toBe('ALREADY_SUBSCRIBED')
  })

  test('who sends ten grants at the same moment creates one subscription', async () => {
    const { id: userId } = await app.aUser()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        reasonOf(api.admin.subscriptions.grant.mutate({ userId, planCode: 'pro', until: inAMonth() })),
      ),
    )
    expect(outcomes.toSorted()).toEqual([...Array.from({ length: 9 }, () => 'ALREADY_SUBSCRIBED'), 'fine'])
  })

  test('cannot grant a second subscription even if the first bypassed the lock', async () => {
    const { id: userId } = await app.aUser()
    const plan = (await api.billing.plans.list.query()).find(({ code }) => code === 'pro')
    let grant: Promise<string> | undefined
    await app.scope().em.transactional(async (em) => {
      await em.execute(
        `insert into subscriptions (id, user_id, plan_id, provider, status, price_cents, currency, billing_period,
           started_at, current_period_start, current_period_end, created_at, updated_at)
         values (gen_random_uuid(), ?, ?, 'manual', 'active', 0, 'usd', 'monthly', now(), now(), now() + interval '1 day', now(), now())`,
        [userId, plan?.id],
      )
      grant = reasonOf(api.admin.subscriptions.grant.mutate({ userId, planCode: 'pro', until: inAMonth() }))
      await lockWaits(app, 1, 'insert into "subscriptions"')
    })
    expect(await grant).toBe('ALREADY_SUBSCRIBED')
  })

  test('can cancel a grant at its end or now', async () => {
    const user = await app.aUser()
    const { id } = await api.admin.subscriptions.grant.mutate({ userId: user.id, planCode: 'pro', until: inAMonth() })
    const ending = await api.admin.subscriptions.cancel.mutate({ id, at: 'period_end' })
    expect(ending).toMatchObject({ status: 'active', cancelAtPeriodEnd: true, hasAccess: true, accessReason: 'ending' })
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'period_end' })).toEqual(ending)
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })).toMatchObject({
      ...{ status: 'canceled', hasAccess: false, accessReason: 'ended', endedAt: expect.any(Date) },
    })
    expect((await auditOf(app, id)).map(({ action }) => action)).toEqual([
      'subscription.grant',
      ...['subscription.cancel', 'subscription.cancel', 'subscription.cancel'],
    ])
    await aMailTo(user.email, /has ended/)
    expect(await (await app.as(user)).api.billing.subscriptions.current.query()).toBeNull()
  })

  test('can cancel a paid subscription at its end and then now, and its owner gets one email', async () => {
    const payer = await aPayingUser(app, 'pro')
    const { id } = (await (await app.as(payer)).api.billing.subscriptions.current.query()) ?? { id: '' }
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'period_end' })).toMatchObject({
      ...{ status: 'active', cancelAtPeriodEnd: true, accessReason: 'ending' },
    })
    expect(await statusAtStripe(payer.stripeCustomerId)).toEqual([['active', true]])
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })).toMatchObject({
      status: 'canceled',
      hasAccess: false,
    })
    expect((await statusAtStripe(payer.stripeCustomerId)).map(([status]) => status)).toEqual(['canceled'])
    await eventsDone(app)
    await aMailTo(payer.email, /has ended/)
    expect((await mailsTo(payer.email)).filter(({ subject }) => /has ended/.test(subject))).toHaveLength(1)
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })).toMatchObject({ status: 'canceled' })
  })

  test.each(
    firstOf(1, [
      ['cancels but its answer is lost', LOST_ANSWER],
      ['is down', {}],
    ]),
  )('can repeat a cancellation that failed because Stripe %s', async (_, failure) => {
    const payer = await aPayingUser(app, 'pro')
    const { id } = (await (await app.as(payer)).api.billing.subscriptions.current.query()) ?? { id: '' }
    await failNext(app, failure)
    expect(await reasonOf(api.admin.subscriptions.cancel.mutate({ id, at: 'now' }))).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })).toMatchObject({ status: 'canceled' })
    expect((await statusAtStripe(payer.stripeCustomerId)).map(([status]) => status)).toEqual(['canceled'])
    expect(await auditOf(app, id)).toHaveLength(1)
  })

  test('cannot cancel an unknown subscription', async () => {
    expect(await reasonOf(api.admin.subscriptions.cancel.mutate({ id: UNKNOWN_ID, at: 'now' }))).toBe(
      'SUBSCRIPTION_NOT_FOUND',
    )
  })

  test('can list subscriptions newest first, in pages, by user, plan and status', async () => {
    const everything = await allPages((cursor) => api.admin.subscriptions.list.query({ limit: 3, cursor }))
    const [counted] = await app.scope().em.execute<{ count: number }[]>('select count(*)::int from subscriptions')
    expect(new Set(everything.map(({ id }) => id)).size).toBe(counted?.count)
    expect(everything).toHaveLength(counted?.count ?? 0)
    expectNewestFirst(everything.map(({ startedAt }) => startedAt))

    const payer = await aPayingUser(app, 'vip')
    const mine = await api.admin.subscriptions.list.query({ userId: payer.id })
    expect(mine.items).toMatchObject([{ plan: { code: 'vip' }, user: { id: payer.id, email: payer.email } }])
    const vips = await api.admin.subscriptions.list.query({ planCode: 'vip', status: 'active' })
    for (const { plan, status } of vips.items) expect([plan.code, status]).toEqual(['vip', 'active'])
    expect(vips.items.length).toBeGreaterThan(0)
    expect(await reasonOf(api.admin.subscriptions.list.query({ cursor: 'made up' }))).toBe('INVALID_INPUT')
    expect(await reasonOf(api.admin.subscriptions.list.query({ planCode: 'pro\0' }))).toBe('INVALID_INPUT')
    expect(await reasonOf(api.admin.subscriptions.list.query({ userId: '\0' }))).toBe('INVALID_INPUT')
  })
})
