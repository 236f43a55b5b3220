import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../test/inbox.ts'
import { firstOf } from '../../../../test/long.ts'
import { createLossyApp, type LossyApp } from '../../../../test/lossy-app.ts'
import { payOnPage } from '../../../../test/pay.ts'
import { aPlan } from '../../../../test/plans.ts'
import { advance, eventsDone } from '../../../../test/progress.ts'
import { aPayingUser, expectBoughtOnce } from '../../../../test/purchases.ts'
import { reasonOf } from '../../../../test/rejection.ts'
import { failNext, ledgerOf, stripeClient } from '../../../../test/stripe.ts'
import type { TestUser } from '../../../../test/test-app.ts'

const CASES = ['checkout/sessions', 'customers', 'products', 'prices'].flatMap((what) =>
  (['before', 'after'] as const).map((when) => [when, `POST /v1/${what}`] as const),
)

/** @see https://docs.stripe.com/api/idempotent_requests */
describe('when Stripe fails and stores the failure under the idempotency key', () => {
  let app: LossyApp
  beforeAll(async () => (app = await createLossyApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  test.each(firstOf(2, CASES))(
    '%s it carries out %s, a repeated subscribe succeeds and creates nothing twice',
    async (when, call) => {
      const { code } = await aPlan(app, { code: `${when}-${call.replaceAll(/\W/g, '').toLowerCase()}` })
      const user = await app.aUser()
      const { subscriptions } = (await app.as(user)).api.billing
      app.proxy.spoilKey(call, when)
      expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: code }))).toBe('PAYMENT_PROVIDER_ERROR')

      const { checkoutUrl, sessionId } = await subscriptions.subscribe.mutate({ planCode: code })
      expect((await subscriptions.subscribe.mutate({ planCode: code })).sessionId).toBe(sessionId)
      await payOnPage(checkoutUrl)
      await until('access', async () => (await subscriptions.current.query())?.hasAccess)
      await expectBoughtOnce(app, user, code)
    },
  )

  test.each(firstOf(1, ['after', 'before']))(
    '%s it changes the plan, a repeat finishes the change and charges once',
    async (when) => {
      const user = await aPayingUser(app, 'pro')
      const { subscriptions } = (await app.as(user)).api.billing
      await advance(app, { days: 5 })
      const { prorationDate, dueNowCents } = await subscriptions.previewChange.query({ planCode: 'vip' })
      app.proxy.spoilKey('POST /v1/subscriptions/', when)
      const change = () => subscriptions.change.mutate({ planCode: 'vip', prorationDate })
      expect(await reasonOf(change())).toBe('PAYMENT_PROVIDER_ERROR')
      expect(await change()).toMatchObject({ plan: { code: 'vip' } })
      expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_900 + dueNowCents)
      await eventsDone(app)
    },
  )

  test.each(firstOf(1, ['after', 'before']))('%s it schedules a change, a repeat schedules it once', async (when) => {
    const user = await aPayingUser(app, 'vip')
    const { subscriptions } = (await app.as(user)).api.billing
    app.proxy.spoilKey('POST /v1/subscription_schedules', when)
    const change = () => subscriptions.change.mutate({ planCode: 'pro' })
    // If the schedule was made all the same, it is found, and used.
    expect(await reasonOf(change())).toBe(when === 'after' ? 'fine' : 'PAYMENT_PROVIDER_ERROR')
    expect(await change()).toMatchObject({ plan: { code: 'vip' }, scheduledChange: { plan: { code: 'pro' } } })
    const schedules = await stripeClient(app).subscriptionSchedules.list({ customer: user.stripeCustomerId })
    expect(schedules.data).toHaveLength(1)
  })

  test.each(firstOf(1, ['after', 'before']))('%s it refunds a payment, a repeat refunds it once', async (when) => {
    const user = await aPayingUser(app, 'pro')
    const admin = (await app.as(await app.aUser({ isAdmin: true }))).api.admin
    const [payment] = (await admin.payments.list.query({ userId: user.id })).items
    app.proxy.spoilKey('POST /v1/refunds', when)
    const refund = () => admin.payments.refund.mutate({ id: payment?.id ?? '', amountCents: 700 })
    expect(await reasonOf(refund())).toBe('PAYMENT_PROVIDER_ERROR')
    expect(await refund()).toMatchObject({ refundedCents: 700 })
    expect((await ledgerOf(app, user.stripeCustomerId)).refunded).toBe(700)
  })

  test.each(
    firstOf(1, [
      ['after', true],
      ['before', false],
    ]),
  )(
    '%s it creates a checkout page, and its client meets the failure in its own retry, the call succeeds',
    async (_when, afterExecution) => {
      const user = await app.aUser()
      const { subscriptions } = (await app.as(user)).api.billing
      await subscriptions.subscribe.mutate({ planCode: 'pro' })
      await app.scope().em.execute("update checkouts set status = 'expired'")
      // Creating the checkout page is the next call.
      await failNext(app, { count: 1, kept: true, afterExecution })
      expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: 'pro' }))).toBe('fine')
      const [customer] = await customersOf(user)
      expect((await stripeClient(app).checkout.sessions.list({ customer: customer?.id ?? '' })).data).toHaveLength(2)
    },
  )

  test('a user whose email changes before the repeat can subscribe, and Stripe gets the new email', async () => {
    const user = await app.aUser()
    const { subscriptions } = (await app.as(user)).api.billing
    app.proxy.loseAnswers('POST /v1/customers', 3)
    expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: 'pro' }))).toBe('PAYMENT_PROVIDER_ERROR')
    await app.scope().em.execute("update users set email = 'new-' || email where id = ?", [user.id])
    expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: 'pro' }))).toBe('fine')
    const customers = await customersOf(user)
    expect(customers.map(({ email }) => email)).toEqual([`new-${user.email}`])
  })

  test('a customer whose creation got no answer is found even a day later', async () => {
    const user = await app.aUser()
    const { subscriptions } = (await app.as(user)).api.billing
    app.proxy.loseAnswers('POST /v1/customers', 3)
    expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: 'pro' }))).toBe('PAYMENT_PROVIDER_ERROR')
    await app.scope().em.execute("update customers set created_at = created_at - interval '1 day'")
    app.proxy.forgetKeys()
    expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: 'pro' }))).toBe('fine')
    expect(await customersOf(user)).toHaveLength(1)
  })

  const customersOf = async (user: TestUser) => {
    const { data } = await stripeClient(app).customers.list({ limit: 100 })
    return data.filter(({ metadata }) => metadata['user_id'] === user.id)
  }
})
