import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aPayingUser, calm, eventsDone, failNext, LOST_ANSWER, stripeClient } from '../../test/billing.ts'
import { aMailTo, mailsTo, until } from '../../test/inbox.ts'
import { reasonOf } from '../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { after } from '../platform/clock.ts'
import { DAY } from '../platform/durations.ts'

const NOBODY = '0199d3a0-0000-7000-8000-000000000000'

describe('an admin', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await app.as(await app.aUser({ isAdmin: true }))).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const inAMonth = () => after(new Date(), 30 * DAY)
  const auditOf = (targetId: string) =>
    app
      .scope()
      .em.execute<{ action: string; before: object | null; after: object }[]>(
        'select action, before, after from audit_entries where target_id = ? order by id',
        [targetId],
      )
  const statusAtStripe = async (customer: string) =>
    (await stripeClient(app).subscriptions.list({ customer, status: 'all' })).data.map(
      ({ status, cancel_at_period_end }) => [status, cancel_at_period_end],
    )

  test('grants a plan for nothing until a day, with a trail', async () => {
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
    expect(await auditOf(granted.id)).toMatchObject([{ action: 'subscription.grant', after: { planCode: 'vip' } }])
  })

  test('grants nothing to nobody, of no plan, in the past, or twice', async () => {
    const { id: userId } = await app.aUser()
    const grant = (changes: object) =>
      reasonOf(api.admin.subscriptions.grant.mutate({ userId, planCode: 'pro', until: inAMonth(), ...changes }))
    expect(await grant({ userId: NOBODY })).toBe('USER_NOT_FOUND')
    expect(await grant({ planCode: 'nothing' })).toBe('PLAN_NOT_FOUND')
    expect(await grant({ until: after(new Date(), -DAY) })).toBe('INVALID_INPUT')
    expect(await grant({ until: new Date(8.64e15) })).toBe('INVALID_INPUT')
    expect(await grant({})).toBe('fine')
    expect(await grant({})).toBe('ALREADY_SUBSCRIBED')
    expect(await grant({ userId: (await aPayingUser(app, 'pro')).id })).toBe('ALREADY_SUBSCRIBED')
  })

  test('granting ten times at once gives one subscription', async () => {
    const { id: userId } = await app.aUser()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        reasonOf(api.admin.subscriptions.grant.mutate({ userId, planCode: 'pro', until: inAMonth() })),
      ),
    )
    expect(outcomes.toSorted()).toEqual([...Array.from({ length: 9 }, () => 'ALREADY_SUBSCRIBED'), 'fine'])
  })

  test('is refused a grant by the index when a subscription comes to life behind the lock', async () => {
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
      await until('the grant to wait', async () => {
        const waiting = await app
          .scope()
          .em.execute(
            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into \"subscriptions\"%'",
          )
        return waiting.length > 0
      })
    })
    expect(await grant).toBe('ALREADY_SUBSCRIBED')
  })

  test('cancels a grant, at its end or now', async () => {
    const user = await app.aUser()
    const { id } = await api.admin.subscriptions.grant.mutate({ userId: user.id, planCode: 'pro', until: inAMonth() })
    const ending = await api.admin.subscriptions.cancel.mutate({ id, at: 'period_end' })
    expect(ending).toMatchObject({ status: 'active', cancelAtPeriodEnd: true, hasAccess: true, accessReason: 'ending' })
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'period_end' })).toEqual(ending)
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })).toMatchObject({
      ...{ status: 'canceled', hasAccess: false, accessReason: 'ended', endedAt: expect.any(Date) },
    })
    expect((await auditOf(id)).map(({ action }) => action)).toEqual([
      'subscription.grant',
      ...['subscription.cancel', 'subscription.cancel', 'subscription.cancel'],
    ])
    await aMailTo(user.email, /has ended/)
    expect(await (await app.as(user)).api.billing.subscriptions.current.query()).toBeNull()
  })

  test('cancels a paid subscription at its end, then at once, at Stripe as here, and its owner gets one mail', async () => {
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

  test.each([
    ['is down', {}],
    ['does not say that it has done it', LOST_ANSWER],
  ])('canceling while Stripe %s leaves nothing half-done, and a repeat finishes', async (_, failure) => {
    const payer = await aPayingUser(app, 'pro')
    const { id } = (await (await app.as(payer)).api.billing.subscriptions.current.query()) ?? { id: '' }
    await failNext(app, failure)
    expect(await reasonOf(api.admin.subscriptions.cancel.mutate({ id, at: 'now' }))).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    expect(await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })).toMatchObject({ status: 'canceled' })
    expect((await statusAtStripe(payer.stripeCustomerId)).map(([status]) => status)).toEqual(['canceled'])
    expect(await auditOf(id)).toHaveLength(1)
  })

  test('can cancel only what is there', async () => {
    expect(await reasonOf(api.admin.subscriptions.cancel.mutate({ id: NOBODY, at: 'now' }))).toBe(
      'SUBSCRIPTION_NOT_FOUND',
    )
  })

  test('sees all subscriptions page by page, newest first, and those that are asked for', async () => {
    const everything: { id: string; startedAt: Date }[] = []
    let cursor: string | null | undefined
    do {
      const page = await api.admin.subscriptions.list.query({ limit: 3, cursor })
      everything.push(...page.items)
      cursor = page.nextCursor
    } while (cursor)
    const [counted] = await app.scope().em.execute<{ count: number }[]>('select count(*)::int from subscriptions')
    expect(new Set(everything.map(({ id }) => id)).size).toBe(counted?.count)
    expect(everything).toHaveLength(counted?.count ?? 0)
    const starts = everything.map(({ startedAt }) => startedAt.getTime())
    expect(starts).toEqual(starts.toSorted((one, other) => other - one))

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

  test('is asked for, and nobody else will do', async () => {
    const user = (await app.as(await app.aUser())).api
    const visitor = app.client().api
    const uses = (who: TollgateClient['api']) => [
      who.admin.subscriptions.list.query({}),
      who.admin.subscriptions.grant.mutate({ userId: NOBODY, planCode: 'pro', until: inAMonth() }),
      who.admin.subscriptions.cancel.mutate({ id: NOBODY, at: 'now' }),
      who.admin.payments.list.query({}),
      who.admin.payments.refund.mutate({ id: NOBODY }),
      who.admin.webhookEvents.list.query({}),
      who.admin.webhookEvents.replay.mutate({ id: NOBODY }),
      who.admin.jobs.failed.query({}),
      who.admin.jobs.retry.mutate({ id: NOBODY }),
    ]
    expect(new Set(await Promise.all(uses(user).map(reasonOf)))).toEqual(new Set(['ADMIN_ONLY']))
    expect(new Set(await Promise.all(uses(visitor).map(reasonOf)))).toEqual(new Set(['INVALID_TOKEN']))
  })
})
