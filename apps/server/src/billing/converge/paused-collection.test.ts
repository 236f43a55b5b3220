import type Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, advanceTo, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { chaos, ledgerOf, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY, HOUR, SECOND } from '../../platform/durations.ts'
import { summarizeBilling } from '../payments/summarize-billing.ts'
import { expireSubscriptions } from '../upkeep/expire-subscriptions.ts'

describe('a pause of collection', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterEach(() => chaos(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const mrr = async () => (await summarizeBilling(app.scope())).revenue.mrr[0]?.cents ?? 0
  const aPausedUser = async (
    behavior: Stripe.SubscriptionUpdateParams.PauseCollection.Behavior = 'void',
    resumesInDays: number | null = null,
  ) => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const resumesAt = resumesInDays === null ? null : after(wholeSecond(app.stripe.now()), resumesInDays * DAY)
    const pause_collection = { behavior, ...(resumesAt && { resumes_at: resumesAt.getTime() / SECOND }) }
    await stripeClient(app).subscriptions.update(id, { pause_collection })
    await eventsDone(app)
    const { api } = await app.as(user)
    const current = async () => api.billing.subscriptions.current.query()
    return { user, api, id, current, resumesAt, periodEnd: (await current())?.currentPeriodEnd ?? new Date() }
  }
  const wholeSecond = (date: Date) => new Date(Math.floor(date.getTime() / SECOND) * SECOND)

  test.each(firstOf(1, ['void', 'mark_uncollectible', 'keep_as_draft']))(
    'with `%s` keeps what was paid, and then there is no access and no revenue until it is lifted',
    async (behavior) => {
      const before = await mrr()
      const { user, api, id, current, periodEnd } = await aPausedUser(behavior)
      expect(await current()).toMatchObject({
        ...{ status: 'active', pause: { from: periodEnd, until: null } },
        ...{ hasAccess: true, accessUntil: periodEnd, accessReason: 'active' },
      })
      expect((await aMailTo(user.email, /will be paused/)).text).toContain("aren't charged and have no access.")
      expect(await mrr()).toBe(before + 1_900)

      for (const hours of [0.5, 30, 24 * 35]) {
        await advanceTo(app, after(periodEnd, hours * HOUR))
        expect(await current()).toMatchObject({ status: 'paused', hasAccess: false, accessReason: 'paused' })
      }
      expect((await api.billing.entitlement.query()).tier).toBe('free')
      expect(await mrr()).toBe(before)
      expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 1_900 })

      await stripeClient(app).subscriptions.update(id, { pause_collection: '' })
      await eventsDone(app)
      expect(await current()).toMatchObject({ status: 'active', pause: null, hasAccess: true })
      await advance(app, { days: 33 })
      expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 2 * 1_900 })
      await jobsDone(app, 'send-mail')
      expect(
        (await mailsTo(user.email)).filter(({ subject }) => /paused|didn't go through/.test(subject)),
      ).toHaveLength(1)
    },
  )

  test('until a date is over then, even if no event says so', async () => {
    const { user, current, resumesAt, periodEnd } = await aPausedUser('void', 45)
    expect(await current()).toMatchObject({ pause: { from: periodEnd, until: resumesAt } })
    expect((await aMailTo(user.email, /will be paused/)).text).toContain('It continues on')
    await advanceTo(app, after(periodEnd, 2 * HOUR))
    expect(await current()).toMatchObject({ status: 'paused', pause: { until: resumesAt } })
    await chaos(app, { drop: 1 })
    await advanceTo(app, after(resumesAt ?? periodEnd, 3 * HOUR))
    expect(await current()).toMatchObject({ status: 'paused' })
    await expireSubscriptions(app.scope())
    expect(await current()).toMatchObject({ status: 'active', pause: null, hasAccess: true })
  })

  test('that is over before the next renewal changes nothing', async () => {
    const { user, current } = await aPausedUser('void', 10)
    expect(await current()).toMatchObject({ status: 'active', pause: null, accessReason: 'active' })
    await advance(app, { days: 33 })
    expect(await current()).toMatchObject({ status: 'active', hasAccess: true })
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 2 * 1_900 })
  })

  test('ends access with the paid period even if the renewal is late', async () => {
    const { current, periodEnd } = await aPausedUser()
    await chaos(app, { drop: 1 })
    await advanceTo(app, after(periodEnd, HOUR))
    expect(await current()).toMatchObject({ status: 'active', hasAccess: false, accessReason: 'paused' })
  })

  test('keeps a trial until it ends', async () => {
    await aPlan(app, { code: 'tried', trialDays: 14 })
    const user = await aPayingUser(app, 'tried')
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await stripeClient(app).subscriptions.update(id, { pause_collection: { behavior: 'void' } })
    await eventsDone(app)
    const { subscriptions } = (await app.as(user)).api.billing
    const trial = await subscriptions.current.query()
    expect(trial).toMatchObject({ status: 'trialing', hasAccess: true, pause: { from: trial?.currentPeriodEnd } })
    await advance(app, { days: 15 })
    expect(await subscriptions.current.query()).toMatchObject({ status: 'paused', hasAccess: false })
  })

  test('forbids a change of plan, which would not be paid, but no cancellation', async () => {
    const { api, user, periodEnd } = await aPausedUser()
    const { subscriptions } = api.billing
    for (const call of [subscriptions.change.mutate, subscriptions.previewChange.query]) {
      await expect(call({ planCode: 'vip' })).rejects.toMatchObject(refusal('CONFLICT', 'SUBSCRIPTION_PAUSED'))
    }
    await advanceTo(app, after(periodEnd, DAY))
    await expect(subscriptions.change.mutate({ planCode: 'vip' })).rejects.toMatchObject(
      refusal('CONFLICT', 'SUBSCRIPTION_PAUSED'),
    )
    await expect(subscriptions.resume.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'NOT_CANCELING'))
    expect(await subscriptions.cancel.mutate()).toMatchObject({ status: 'paused', cancelAtPeriodEnd: true })
    expect(await subscriptions.resume.mutate()).toMatchObject({ status: 'paused', cancelAt: null })

    await payOnPage((await subscriptions.subscribe.mutate({ planCode: 'vip' })).checkoutUrl)
    await eventsDone(app)
    await jobsDone(app, 'cancel-superseded')
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'vip' }, status: 'active', pause: null })
    const { data } = await stripeClient(app).subscriptions.list({ customer: user.stripeCustomerId })
    expect(data).toHaveLength(1)
  })
})
