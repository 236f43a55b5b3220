import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { anAddOn, aPlan, priceIdOf } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone, replayEvents } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { failCharges, ledgerOf, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

type Subscriptions = TollgateClient['api']['billing']['subscriptions']

describe('an upgrade by checkout', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const upgraded = (api: Awaited<ReturnType<TestApp['as']>>['api'], planCode: string) =>
    until('the new plan', async () => {
      const current = await api.billing.subscriptions.current.query()
      return current?.plan.code === planCode && current
    })

  describe('with an add-on that does not go along', () => {
    const CONFLICT = refusal('CONFLICT', 'ADD_ON_CONFLICT')
    const withAddOn = async () => {
      const [user, addOn] = [await aPayingUser(app, 'pro'), await anAddOn(app, 700)]
      const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
      await stripeClient(app).subscriptionItems.create({ subscription: id, price: addOn, proration_behavior: 'none' })
      await eventsDone(app)
      return { user, addOn, subscriptions: (await app.as(user)).api.billing.subscriptions }
    }

    test('because it is no longer sold is refused, but a change keeps it', async () => {
      const { user, addOn, subscriptions } = await withAddOn()
      await stripeClient(app).prices.update(addOn, { active: false })
      await expect(subscriptions.upgrade.mutate({ planCode: 'vip' })).rejects.toMatchObject(CONFLICT)
      await subscriptions.change.mutate({ planCode: 'vip' })
      const { items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
      expect(items.data.map(({ price }) => price.id)).toEqual([await priceIdOf(app, 'vip'), addOn])
    })

    test('because of its interval is refused, and so is a change in classic billing mode', async () => {
      await aPlan(app, { code: 'dear-yearly', priceCents: 30_000, billingPeriod: 'yearly' })
      await aPlan(app, { code: 'cheap-yearly', priceCents: 12_000, billingPeriod: 'yearly' })
      const { user, addOn, subscriptions } = await withAddOn()
      await expect(subscriptions.upgrade.mutate({ planCode: 'dear-yearly' })).rejects.toMatchObject(CONFLICT)

      const stripe = stripeClient(app)
      const { id, default_payment_method: card } = await stripeSubscriptionOf(app, user.stripeCustomerId)
      await stripe.subscriptions.cancel(id)
      await stripe.subscriptions.create({
        ...{ customer: user.stripeCustomerId, default_payment_method: typeof card === 'string' ? card : '' },
        items: [{ price: await priceIdOf(app, 'pro') }, { price: addOn }],
        billing_mode: { type: 'classic' },
      })
      await eventsDone(app)
      for (const planCode of ['dear-yearly', 'cheap-yearly']) {
        await expect(subscriptions.previewChange.query({ planCode })).rejects.toMatchObject(CONFLICT)
        await expect(subscriptions.change.mutate({ planCode })).rejects.toMatchObject(CONFLICT)
      }
      expect((await stripeSubscriptionOf(app, user.stripeCustomerId)).schedule).toBeNull()
      expect(await subscriptions.change.mutate({ planCode: 'vip' })).toMatchObject({ plan: { code: 'vip' } })
    })
  })

  test('in the middle of a period charges the new plan in full and credits the unused rest of the old one', async () => {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    const old = await api.billing.subscriptions.current.query()
    await advance(app, { days: 15 })

    const { checkoutUrl } = await api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })
    expect(await api.billing.subscriptions.current.query()).toMatchObject({ id: old?.id, plan: { code: 'pro' } })
    await payOnPage(checkoutUrl)
    const now = await upgraded(api, 'vip')
    expect(now.id).not.toBe(old?.id)
    await jobsDone(app, 'cancel-superseded', 'expire-checkouts')

    const { charged, credit, refunded, invoices } = await ledgerOf(app, user.stripeCustomerId)
    const days = ((old?.currentPeriodEnd.getTime() ?? 0) - (old?.currentPeriodStart.getTime() ?? 0)) / 86_400_000
    expect({ charged, refunded }).toEqual({ charged: 1_900 + 4_900, refunded: 0 })
    expect(Math.abs(credit - (1_900 * (days - 15)) / days)).toBeLessThan(2)
    expect(invoices).toEqual([
      ['subscription_create', 1_900],
      ['subscription_create', 4_900],
      ['subscription_update', -credit],
    ])

    // The next renewal uses the credit first.
    await advance(app, { days: 32 })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_900 + 4_900 + 4_900 - credit)
    const { items } = await api.billing.payments.list.query({})
    expect(items.map(({ amountCents }) => amountCents)).toEqual([4_900 - credit, 4_900, 1_900])

    const { text } = await aMailTo(user.email, /You're now on VIP/)
    expect(text).toContain('We received your payment of $49.00 for the change.')
    const subjects = (await mailsTo(user.email)).map(({ subject }) => subject)
    expect(subjects.filter((subject) => /has ended/.test(subject))).toEqual([])
    expect(subjects.filter((subject) => /has started/.test(subject))).toEqual(['Your Pro subscription has started'])
  })

  test('ends the old subscription for good, and its late events change nothing', async () => {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    const stripe = stripeClient(app)
    const [old] = (await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data
    await payOnPage((await api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })).checkoutUrl)
    const now = await upgraded(api, 'vip')
    await jobsDone(app, 'cancel-superseded')
    expect((await stripe.subscriptions.retrieve(old?.id ?? '')).status).toBe('canceled')
    const [created] = (await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data
    expect(created?.metadata['upgrade_from_subscription_id']).toBe(old?.id)

    const rows = async () => {
      const { em } = app.scope()
      const all = 'select * from subscriptions where user_id = ? order by created_at'
      return [await em.execute(all, [user.id]), await mailsTo(user.email)] as const
    }
    const before = await rows()
    await replayEvents(app, old?.id ?? '')
    expect((await rows())[0]).toEqual(before[0])
    expect((await rows())[1]).toHaveLength(before[1].length)
    expect(await api.billing.subscriptions.current.query()).toEqual(now)
  })

  test('keeps the first and refunds the second, when two upgrades are paid', async () => {
    await aPlan(app, { code: 'vip-two', priceCents: 7_700, tier: 'vip' })
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    const first = await api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })
    const second = await api.billing.subscriptions.upgrade.mutate({ planCode: 'vip-two' })
    await Promise.all([payOnPage(first.checkoutUrl), payOnPage(second.checkoutUrl)])
    await until(
      'the first to count',
      async () => (await api.billing.subscriptions.current.query())?.plan.tier === 'vip',
    )
    await jobsDone(app, 'cancel-superseded', 'reverse-subscription', 'expire-checkouts')

    const kept = (await api.billing.subscriptions.current.query())?.priceCents ?? 0
    const undone = kept === 4_900 ? 7_700 : 4_900
    const { charged, refunded } = await ledgerOf(app, user.stripeCustomerId)
    expect({ charged, refunded }).toEqual({ charged: 1_900 + 4_900 + 7_700, refunded: undone })
    expect((await stripeClient(app).subscriptions.list({ customer: user.stripeCustomerId })).data).toHaveLength(1)
  })

  test.each(
    firstOf(1, [
      ['to the same plan', 'pro', 'vip', 'vip'],
      ['to a higher plan', 'pro', 'vip', 'vip-three'],
    ]),
  )('is canceled and refunded when its page is paid after a change in place %s', async (_, from, paid, changedTo) => {
    if (changedTo !== paid) await aPlan(app, { code: changedTo, priceCents: 8_800, tier: 'vip' })
    const user = await aPayingUser(app, from)
    const { subscriptions } = (await app.as(user)).api.billing
    const { checkoutUrl } = await subscriptions.upgrade.mutate({ planCode: paid })
    await app.stopWorker()
    const changed = await subscriptions.change.mutate({ planCode: changedTo })
    const { charged } = await ledgerOf(app, user.stripeCustomerId)
    expect((await payOnPage(checkoutUrl)).location).toContain('success')
    await app.startWorker()
    await eventsDone(app)
    await jobsDone(app, 'reverse-subscription', 'cancel-superseded', 'expire-checkouts')

    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({
      charged: charged + 4_900,
      refunded: 4_900,
      credit: 0,
    })
    expect(await subscriptions.current.query()).toMatchObject({ id: changed.id, plan: { code: changedTo } })
    expect((await stripeClient(app).subscriptions.list({ customer: user.stripeCustomerId })).data).toHaveLength(1)
  })

  test.each(
    firstOf(1, [
      ['a change in place', (api: Subscriptions) => api.change.mutate({ planCode: 'vip' })],
      ['a change that waits', (api: Subscriptions) => api.change.mutate({ planCode: 'free' })],
      ['a cancellation', (api: Subscriptions) => api.cancel.mutate()],
    ]),
  )('expires its pages after %s', async (_, decide) => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    const { checkoutUrl, sessionId } = await subscriptions.upgrade.mutate({ planCode: 'vip' })
    await decide(subscriptions)
    await jobsDone(app, 'expire-checkouts')
    expect((await stripeClient(app).checkout.sessions.retrieve(sessionId)).status).toBe('expired')
    expect((await payOnPage(checkoutUrl)).location).toBeNull()
  })

  test('gives no second trial, and from a grant is a plain purchase', async () => {
    await aPlan(app, { code: 'pro-trial', priceCents: 1_500, trialDays: 14 })
    await aPlan(app, { code: 'vip-trial', priceCents: 2_500, tier: 'vip', trialDays: 14 })
    const user = await aPayingUser(app, 'pro-trial')
    const { api } = await app.as(user)
    expect(await api.billing.subscriptions.current.query()).toMatchObject({ status: 'trialing' })
    await payOnPage((await api.billing.subscriptions.upgrade.mutate({ planCode: 'vip-trial' })).checkoutUrl)
    expect(await upgraded(api, 'vip-trial')).toMatchObject({ status: 'active' })

    const granted = await app.aUser()
    const client = await app.as(granted)
    await aGrant(app, granted, 'pro')
    await expect(client.api.billing.subscriptions.upgrade.mutate({ planCode: 'pro' })).rejects.toMatchObject(
      refusal('CONFLICT', 'SAME_PLAN'),
    )
    await payOnPage((await client.api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })).checkoutUrl)
    expect(await upgraded(client.api, 'vip')).toMatchObject({ provider: 'stripe', status: 'active' })
    await aMailTo(granted.email, /VIP subscription has started/)
  })

  test('is refused for each of its reasons', async () => {
    await aPlan(app, { code: 'vip-eur', priceCents: 9_900, tier: 'vip', currency: 'eur' })
    await aPlan(app, { code: 'pro-cheap-year', priceCents: 1_900 * 12, billingPeriod: 'yearly' })
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    for (const [planCode, code, reason] of [
      ['nothing', 'NOT_FOUND', 'PLAN_NOT_FOUND'],
      ['pro', 'CONFLICT', 'SAME_PLAN'],
      ['free', 'CONFLICT', 'NOT_AN_UPGRADE'],
      ['pro-cheap-year', 'CONFLICT', 'NOT_AN_UPGRADE'],
      ['vip-eur', 'CONFLICT', 'CURRENCY_MISMATCH'],
    ] as const) {
      await expect(subscriptions.upgrade.mutate({ planCode })).rejects.toMatchObject(refusal(code, reason))
    }
    const newcomer = await app.as(await app.aUser())
    await expect(newcomer.api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })).rejects.toMatchObject(
      refusal('NOT_FOUND', 'NO_SUBSCRIPTION'),
    )
    await failCharges(app, user.stripeCustomerId, true)
    await advance(app, { days: 32 })
    await expect(subscriptions.upgrade.mutate({ planCode: 'vip' })).rejects.toMatchObject(
      refusal('CONFLICT', 'PAYMENT_DUE'),
    )
  })
})
