import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { advanceTo, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
import { calm, chaos, failNext, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY, HOUR } from '../../platform/durations.ts'
import { expireSubscriptions } from './expire-subscriptions.ts'
import { reconcile } from './reconcile.ts'

describe('the sweep', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
  })
  afterEach(async () => {
    await calm(app)
    await chaos(app)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const sweepAt = (now: Date) => {
    const scope = app.scope()
    return expireSubscriptions({
      ...scope,
      billing: { ...scope.billing, time: { isWallTime: false, now: async () => now } },
    })
  }
  const current = async (user: Parameters<TestApp['as']>[0]) =>
    (await app.as(user)).api.billing.subscriptions.current.query()
  const endsTo = async (email: string) => (await mailsTo(email)).filter(({ subject }) => /has ended/.test(subject))
  const aCanceledSubscription = async () => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await stripeClient(app).subscriptions.update(id, { cancel_at_period_end: true })
    const end = await until('ending', async () => {
      const subscription = await current(user)
      return subscription?.accessReason === 'ending' && subscription.currentPeriodEnd
    })
    await eventsDone(app)
    return { ...user, subscriptionId: id, end }
  }

  test('ends a canceled subscription after its period and the leeway, sends one email, and leaves the others', async () => {
    const leaver = await aCanceledSubscription()
    const stayer = await aPayingUser(app, 'vip')
    expect(await sweepAt(after(leaver.end, HOUR))).toMatchObject({ ended: 0, asked: 0 })
    expect(await sweepAt(after(leaver.end, 3 * HOUR))).toMatchObject({ ended: 1, failures: [] })
    expect(await sweepAt(after(leaver.end, 40 * DAY))).toMatchObject({ ended: 0, corrected: 0 })

    expect(await current(leaver)).toBeNull()
    const mail = await aMailTo(leaver.email, /has ended/)
    expect(mail.text).toContain('Pro subscription ended on')
    expect((await current(stayer))?.status).toBe('active')
    expect(await endsTo(leaver.email)).toHaveLength(1)
  })

  test('ends a grant right after its end, and sends one email', async () => {
    const user = await app.aUser()
    await aGrant(app, user, 'vip')
    const end = (await current(user))?.currentPeriodEnd ?? new Date()
    expect(await sweepAt(after(end, -1))).toMatchObject({ ended: 0 })
    expect(await sweepAt(after(end, 1))).toMatchObject({ ended: 1 })
    await aMailTo(user.email, /has ended/)
    await sweepAt(after(end, HOUR))
    await jobsDone(app, 'mail-ended-subscriptions', 'send-mail')
    expect(await endsTo(user.email)).toHaveLength(1)
  })

  test('asks Stripe about an overdue renewal, and ends the subscription only if Stripe says so', async () => {
    const [renewed, ended] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
    await chaos(app, { drop: 1 })
    await app.stripe.advance({ days: 33 })
    await stripeClient(app).subscriptions.cancel((await stripeSubscriptionOf(app, ended.stripeCustomerId)).id)

    await failNext(app)
    await expect(expireSubscriptions(app.scope())).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_ERROR' })
    expect(await current(renewed)).toMatchObject({ status: 'active', hasAccess: false, accessReason: 'ended' })
    await calm(app)

    expect(await expireSubscriptions(app.scope())).toMatchObject({ ended: 0, failures: [] })
    expect(await current(renewed)).toMatchObject({ status: 'active', hasAccess: true })
    expect(await current(ended)).toBeNull()
    await aMailTo(ended.email, /has ended/)
    await reconcile(app.scope())
    await jobsDone(app, 'send-mail')
    expect(await endsTo(ended.email)).toHaveLength(1)
  })

  test('is undone by the reconciler if the subscription is still live at Stripe', async () => {
    const user = await aCanceledSubscription()
    await chaos(app, { drop: 1 })
    await stripeClient(app).subscriptions.update(user.subscriptionId, { cancel_at_period_end: false })
    expect(await sweepAt(after(user.end, 3 * HOUR))).toMatchObject({ ended: 1 })
    expect(await current(user)).toBeNull()
    await reconcile(app.scope())
    expect(await current(user)).toMatchObject({ status: 'active', cancelAtPeriodEnd: false, hasAccess: true })
  })

  test('does not end a subscription that is resumed while the sweep waits for its row', async () => {
    const user = await aCanceledSubscription()
    await chaos(app, { drop: 1 })
    await stripeClient(app).subscriptions.update(user.subscriptionId, { cancel_at_period_end: false })
    const { em } = app.scope()
    const swept = await em.transactional(async (em) => {
      await em.execute('update subscriptions set cancel_at_period_end = false, cancel_at = null where user_id = ?', [
        user.id,
      ])
      const sweep = sweepAt(after(user.end, 3 * HOUR))
      await until('the sweep to wait', async () => {
        const waiting = await app
          .scope()
          .em.execute("select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'update subscr%'")
        return waiting.length > 0
      })
      return { sweep }
    })
    expect(await swept.sweep).toMatchObject({ ended: 0 })
    expect(await current(user)).toMatchObject({ status: 'active', cancelAtPeriodEnd: false })
  })

  test('leaves no trace of an interrupted range, and the next sweep sends no email twice', async () => {
    const users = [await app.aUser(), await app.aUser(), await app.aUser()]
    for (const user of users) await aGrant(app, user, 'pro')
    const { em } = app.scope()
    const end = after(new Date(), 400 * DAY)
    await em.execute('update subscriptions set current_period_end = ? where user_id = any(?::uuid[])', [
      end,
      `{${users.map(({ id }) => id).join(',')}}`,
    ])
    const scope = app.scope()
    const dying: typeof scope.jobs = {
      ...scope.jobs,
      send: async () => {
        throw new Error('The process dies here.')
      },
    }
    const time = { isWallTime: false, now: async () => end }
    await expect(expireSubscriptions({ ...scope, jobs: dying, billing: { ...scope.billing, time } })).rejects.toThrow(
      'The process dies here.',
    )
    for (const user of users) expect((await current(user))?.status).toBe('active')
    expect((await sweepAt(end)).ended).toBeGreaterThanOrEqual(3)
    for (const user of users) await aMailTo(user.email, /has ended/)
    await em.execute(
      "update pgboss.job set state = 'retry', completed_on = null where name = 'mail-ended-subscriptions'",
    )
    await jobsDone(app, 'mail-ended-subscriptions', 'send-mail')
    for (const user of users) expect(await endsTo(user.email)).toHaveLength(1)
  })

  test('asks Stripe about a subscription that ends after its period, and does not end it', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const end = after(app.stripe.now(), 75 * DAY)
    await stripeClient(app).subscriptions.update(id, { cancel_at: Math.floor(end.getTime() / 1_000) })
    await eventsDone(app)
    const periodEnd = (await current(user))?.currentPeriodEnd ?? end
    await chaos(app, { drop: 1 })
    await advanceTo(app, after(periodEnd, 3 * HOUR))
    expect(await expireSubscriptions(app.scope())).toMatchObject({ ended: 0, failures: [] })
    expect(await current(user)).toMatchObject({ status: 'active', hasAccess: true })
    await jobsDone(app, 'mail-ended-subscriptions', 'send-mail')
    expect(await endsTo(user.email)).toEqual([])
  })

  test('asks Stripe about a row of an earlier version, which had the flag for any end', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const end = after(app.stripe.now(), 75 * DAY)
    await stripeClient(app).subscriptions.update(id, { cancel_at: Math.floor(end.getTime() / 1_000) })
    await eventsDone(app)
    const { em } = app.scope()
    await em.execute('update subscriptions set cancel_at_period_end = true, cancel_at = null where user_id = ?', [
      user.id,
    ])
    const row = await current(user)
    expect(row).toMatchObject({ cancelAt: row?.currentPeriodEnd, accessReason: 'ending' })
    await chaos(app, { drop: 1 })
    await advanceTo(app, after(row?.currentPeriodEnd ?? end, 3 * HOUR))
    expect(await expireSubscriptions(app.scope())).toMatchObject({ ended: 0, failures: [] })
    expect(await current(user)).toMatchObject({ status: 'active', hasAccess: true, cancelAtPeriodEnd: false })
  })

  test('asks Stripe about a subscription that ends before its period does', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const end = after(app.stripe.now(), 10 * DAY)
    await stripeClient(app).subscriptions.update(id, { cancel_at: Math.floor(end.getTime() / 1_000) })
    await eventsDone(app)
    await chaos(app, { drop: 1 })
    await advanceTo(app, after(end, 3 * HOUR))
    expect(await current(user)).toMatchObject({ status: 'active', hasAccess: false, accessReason: 'ended' })
    await expireSubscriptions(app.scope())
    expect(await current(user)).toBeNull()
    await aMailTo(user.email, /has ended/)
  })
})
