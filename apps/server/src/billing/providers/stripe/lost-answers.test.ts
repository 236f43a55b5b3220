import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../test/inbox.ts'
import { firstOf, longTest } from '../../../../test/long.ts'
import { createLossyApp, type LossyApp } from '../../../../test/lossy-app.ts'
import { payOnPage } from '../../../../test/pay.ts'
import { aPlan } from '../../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../../test/progress.ts'
import { aPayingUser, expectBoughtOnce } from '../../../../test/purchases.ts'
import { reasonOf, refusal } from '../../../../test/rejection.ts'
import { calm, chargeOf, failNext, ledgerOf, stripeClient, stripeSubscriptionOf } from '../../../../test/stripe.ts'
import { HOUR } from '../../../platform/durations.ts'

/** Each call is made up to three times: Stripe's client repeats it twice. */
const WITH_REPEATS = 3

describe('when the answers of Stripe are lost', () => {
  let app: LossyApp
  beforeAll(async () => (app = await createLossyApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const noAnswer = refusal('BAD_GATEWAY', 'PAYMENT_PROVIDER_ERROR')
  const rowsOf = async (table: string, userId: string) => {
    const [row] = await app
      .scope()
      .em.execute<{ count: number }[]>(`select count(*)::int as count from ${table} where user_id = ?`, [userId])
    return row?.count
  }

  test.each(
    firstOf(1, [
      ['the checkout page', 'POST /v1/checkout/sessions'],
      ['the customer', 'POST /v1/customers'],
      ["the plan's product", 'POST /v1/products'],
      ["the plan's price", 'POST /v1/prices'],
    ]),
  )('a repeated subscribe finds %s that was created, and creates nothing twice', async (what, call) => {
    const { code } = await aPlan(app, { code: what.replaceAll(/\W/g, '') })
    const user = await app.aUser()
    const { api } = await app.as(user)
    app.proxy.loseAnswers(call, WITH_REPEATS)
    await expect(api.billing.subscriptions.subscribe.mutate({ planCode: code })).rejects.toMatchObject(noAnswer)
    expect(await rowsOf('subscriptions', user.id)).toBe(0)

    const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: code })
    await payOnPage(checkoutUrl)
    await until('access', async () => (await api.billing.subscriptions.current.query())?.hasAccess)
    await expectBoughtOnce(app, user, code)
  })

  test('a repeated plan change finishes the first one and charges once, even if its code is used up', async () => {
    const stripe = stripeClient(app)
    const { id: coupon } = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const promotion = { type: 'coupon' as const, coupon }
    await stripe.promotionCodes.create({ promotion, code: 'ONCE', max_redemptions: 1 })
    const input = { planCode: 'vip', promotionCode: 'once' }
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    await advance(app, { days: 5 })
    const { prorationDate, dueNowCents } = await subscriptions.previewChange.query(input)
    app.proxy.loseAnswers('POST /v1/subscriptions/', WITH_REPEATS)
    const change = () => subscriptions.change.mutate({ ...input, prorationDate })
    await expect(change()).rejects.toMatchObject(noAnswer)

    expect(await change()).toMatchObject({ plan: { code: 'vip' }, discountCents: 2_450 })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_900 + dueNowCents)
    await eventsDone(app)
    expect((await subscriptions.current.query())?.plan.code).toBe('vip')
  })

  test.each(
    firstOf(1, [
      ['the answer to the change', 'POST /v1/subscriptions/'],
      ['the answer to its credit', 'POST /v1/customers/'],
    ]),
  )(
    '%s is lost, and the credit of a change that restarts the period is given once, even without a repeat',
    async (what, call) => {
      const { code } = await aPlan(app, {
        code: what.replaceAll(' ', '-'),
        priceCents: 19_000,
        billingPeriod: 'yearly',
      })
      const user = await aPayingUser(app, code)
      const { id: charge } = await chargeOf(app, user.stripeCustomerId)
      await stripeClient(app).refunds.create({ charge, amount: 9_500 })
      await eventsDone(app)
      const { subscriptions } = (await app.as(user)).api.billing
      app.proxy.loseAnswers(call, WITH_REPEATS)
      await expect(subscriptions.change.mutate({ planCode: 'vip' })).rejects.toMatchObject(noAnswer)
      await eventsDone(app)

      expect((await subscriptions.current.query())?.plan.code).toBe('vip')
      await until('the credit', async () => (await ledgerOf(app, user.stripeCustomerId)).credit !== 0)
      await jobsDone(app, 'settle-change')
      const { credit } = await ledgerOf(app, user.stripeCustomerId)
      expect(Math.abs(credit - 9_500)).toBeLessThan(2)
    },
  )

  test.each(
    firstOf(1, [
      // The schedule that was made is found, and used.
      ['POST /v1/subscription_schedules', 'fine'],
      ['POST /v1/subscription_schedules/', 'PAYMENT_PROVIDER_ERROR'],
    ]),
  )('a repeated change at the period end is scheduled once (%s)', async (call, first) => {
    const user = await aPayingUser(app, 'vip')
    const { subscriptions } = (await app.as(user)).api.billing
    app.proxy.loseAnswers(call, WITH_REPEATS)
    expect(await reasonOf(subscriptions.change.mutate({ planCode: 'pro' }))).toBe(first)
    expect(await subscriptions.change.mutate({ planCode: 'pro' })).toMatchObject({
      plan: { code: 'vip' },
      scheduledChange: { plan: { code: 'pro' } },
    })
    const schedules = await stripeClient(app).subscriptionSchedules.list({ customer: user.stripeCustomerId })
    // One of a try that failed was released.
    expect(schedules.data.filter(({ status }) => status === 'active')).toHaveLength(1)
  })

  longTest('a cancellation and its undoing are applied here as soon as their events arrive', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    app.proxy.loseAnswers('POST /v1/subscriptions/', WITH_REPEATS)
    await expect(subscriptions.cancel.mutate()).rejects.toMatchObject(noAnswer)
    await until('the cancellation', async () => (await subscriptions.current.query())?.cancelAtPeriodEnd)
    app.proxy.loseAnswers('POST /v1/subscriptions/', WITH_REPEATS)
    await expect(subscriptions.resume.mutate()).rejects.toMatchObject(noAnswer)
    await until(
      'the undone cancellation',
      async () => (await subscriptions.current.query())?.cancelAtPeriodEnd === false,
    )
  })

  test('a subscription that an upgrade replaced is credited once', async () => {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    await advance(app, { days: 10 })
    const { checkoutUrl } = await api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })
    app.proxy.loseAnswers('DELETE /v1/subscriptions/', WITH_REPEATS)
    await payOnPage(checkoutUrl)
    await until('the new plan', async () => (await api.billing.subscriptions.current.query())?.plan.code === 'vip')
    await jobsDone(app, 'cancel-superseded')
    const { credit, invoices } = await ledgerOf(app, user.stripeCustomerId)
    expect(credit).toBeGreaterThan(1_000)
    expect(credit).toBeLessThan(1_900)
    expect(invoices).toHaveLength(3)
  })

  test('a repeated change of a partly refunded period gives its credit once', async () => {
    await aPlan(app, { code: 'a-year', priceCents: 19_000, billingPeriod: 'yearly' })
    const user = await aPayingUser(app, 'a-year')
    const { subscriptions } = (await app.as(user)).api.billing
    const { id: charge } = await chargeOf(app, user.stripeCustomerId)
    await stripeClient(app).refunds.create({ charge, amount: 9_000 })
    const { creditCents, prorationDate } = await subscriptions.previewChange.query({ planCode: 'vip' })
    expect(creditCents).toBeGreaterThan(9_990)
    const change = () => subscriptions.change.mutate({ planCode: 'vip', prorationDate })
    for (const call of ['subscriptions/', `customers/${user.stripeCustomerId}/balance_transactions`]) {
      app.proxy.loseAnswers(`POST /v1/${call}`, WITH_REPEATS)
      await expect(change()).rejects.toMatchObject(noAnswer)
    }
    expect(await change()).toMatchObject({ plan: { code: 'vip' } })
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 19_000 + 4_900, credit: creditCents })
  })

  longTest('an upgrade of a partly refunded period gives its credit once', async () => {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    const { id: charge } = await chargeOf(app, user.stripeCustomerId)
    await stripeClient(app).refunds.create({ charge, amount: 900 })
    const { checkoutUrl } = await api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })
    app.proxy.loseAnswers(`POST /v1/customers/${user.stripeCustomerId}/balance_transactions`, WITH_REPEATS)
    await payOnPage(checkoutUrl)
    await until('the new plan', async () => (await api.billing.subscriptions.current.query())?.plan.code === 'vip')
    await jobsDone(app, 'cancel-superseded')
    const { credit } = await ledgerOf(app, user.stripeCustomerId)
    expect(credit).toBeGreaterThan(990)
    expect(credit).toBeLessThanOrEqual(1_000)
  })

  test('an event that fails while Stripe is down is kept with the reason, and applied afterwards', async () => {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await app.stopWorker()
    await stripeClient(app).subscriptions.update(id, { cancel_at_period_end: true })
    await app.stripe.drained()
    await failNext(app)
    await app.startWorker()
    await until('a failed row', async () => {
      const rows = await app
        .scope()
        .em.execute(
          "select 1 from provider_events where status = 'failed' and attempts > 0 and last_error like '%fail-next%'",
        )
      return rows.length > 0
    })
    expect((await api.billing.subscriptions.current.query())?.cancelAtPeriodEnd).toBe(false)
    await calm(app)
    await until(
      'the event to be applied',
      async () => (await api.billing.subscriptions.current.query())?.cancelAtPeriodEnd,
    )
  })

  longTest('a call ends with its time budget, before the client would give up on a silent Stripe', async () => {
    const { api } = await app.as(await app.aUser())
    await failNext(app, { timeout: true })
    const withoutBudget = app.deps.billing.provider.withTimeBudget(HOUR).hasCustomer('cus_1')
    const subscribe = api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    const first = await Promise.race([
      subscribe.catch((error: unknown) => error),
      withoutBudget.catch(() => 'the client has given up'),
    ])
    expect(first).toMatchObject(noAnswer)
    await withoutBudget.catch(() => undefined)
    await calm(app)
    expect(await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })).toMatchObject({
      sessionId: expect.stringMatching(/^cs_/),
    })
  })
})
