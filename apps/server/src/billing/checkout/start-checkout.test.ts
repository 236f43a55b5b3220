import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../test/inbox.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('subscribing', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  test('20 times at once gives one customer and one checkout page', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const pages = await Promise.all(
      Array.from({ length: 20 }, () => api.billing.subscriptions.subscribe.mutate({ planCode: 'vip' })),
    )
    expect(new Set(pages.map(({ sessionId }) => sessionId)).size).toBe(1)
    expect(new Set(pages.map(({ checkoutUrl }) => checkoutUrl)).size).toBe(1)
    const stripe = stripeClient(app)
    expect((await stripe.customers.list({ email: user.email })).data).toHaveLength(1)
    const products = (await stripe.products.list({ limit: 100 })).data
    expect(products.filter(({ name }) => name === 'VIP')).toHaveLength(1)
  })

  test('needs a verified email address', async () => {
    const { api } = await app.as(await app.aUser({ isVerified: false }))
    await expect(api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })).rejects.toMatchObject({
      data: { code: 'FORBIDDEN', reason: 'EMAIL_NOT_VERIFIED' },
    })
  })

  test('to an unknown or retired plan is refused', async () => {
    const { api } = await app.as(await app.aUser())
    await app.scope().em.execute(
      `insert into plans (id, code, name, price_cents, currency, billing_period, tier, status, created_at, updated_at)
       values (gen_random_uuid(), 'old', 'Old', 100, 'usd', 'monthly', 'pro', 'retired', now(), now())`,
    )
    for (const planCode of ['nothing', 'old']) {
      await expect(api.billing.subscriptions.subscribe.mutate({ planCode })).rejects.toMatchObject({
        data: { code: 'NOT_FOUND', reason: 'PLAN_NOT_FOUND' },
      })
    }
  })

  test('in another currency than before is refused, and the message names the possible currency', async () => {
    await aPlan(app, { code: 'pro-in-eur', currency: 'eur' })
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    const stripe = stripeClient(app)
    const [live] = (await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data
    await stripe.subscriptions.cancel(live?.id ?? '')
    await until('the end', async () => (await subscriptions.current.query()) === null)
    await expect(subscriptions.subscribe.mutate({ planCode: 'pro-in-eur' })).rejects.toMatchObject({
      message: expect.stringContaining('USD'),
      data: { code: 'CONFLICT', reason: 'CURRENCY_MISMATCH' },
    })
    expect(await subscriptions.subscribe.mutate({ planCode: 'vip' })).toMatchObject({ sessionId: expect.any(String) })
  })

  test('to the free plan does not ask for a card', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'free' })
    expect(await (await fetch(checkoutUrl)).text()).not.toContain('cc-number')
    await payOnPage(checkoutUrl)
    const current = await until('access', async () => {
      const subscription = await api.billing.subscriptions.current.query()
      return subscription?.hasAccess && subscription
    })
    expect(current.plan.code).toBe('free')
    expect((await api.billing.payments.list.query({})).items).toEqual([])
  })

  test('with a declined card leaves the user on the checkout page, without a subscription', async () => {
    const { api } = await app.as(await app.aUser())
    const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    const { location, page } = await payOnPage(checkoutUrl, '4000000000000002')
    expect(location).toBeNull()
    expect(page).toContain('role="alert"')
    expect(await api.billing.subscriptions.current.query()).toBeNull()
    expect((await payOnPage(checkoutUrl)).location).toContain('/checkout/success')
  })
})

describe('the page after checkout', () => {
  test('shows the new subscription without waiting for the webhook, but only for the caller’s own session', async () => {
    await using app = await createTestApp({}, { worker: false })
    const payer = await aPayingUser(app, 'pro', { wait: false })
    const { api } = await app.as(payer)
    expect(await api.billing.subscriptions.current.query()).toBeNull()
    const synced = await api.billing.subscriptions.sync.mutate({ sessionId: payer.sessionId })
    expect(synced).toMatchObject({ status: 'active', hasAccess: true, plan: { code: 'pro' } })
    expect((await api.billing.payments.list.query({})).items).toHaveLength(1)

    const other = await app.as(await app.aUser())
    await expect(other.api.billing.subscriptions.sync.mutate({ sessionId: payer.sessionId })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND', reason: 'SESSION_NOT_FOUND' },
    })
    expect(await other.api.billing.subscriptions.current.query()).toBeNull()
  })

  test('shows no subscription for an unpaid session', async () => {
    await using app = await createTestApp({}, { worker: false })
    const { api } = await app.as(await app.aUser())
    const { sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    expect(await api.billing.subscriptions.sync.mutate({ sessionId })).toBeNull()
  })
})

describe('a renewal', () => {
  test('moves the subscription on by a month and records a second payment', async () => {
    await using app = await createTestApp()
    const { api } = await app.as(await aPayingUser(app, 'pro'))
    const before = await api.billing.subscriptions.current.query()
    await advance(app, { days: 32 })
    const after = await api.billing.subscriptions.current.query()
    expect(after).toMatchObject({ id: before?.id, status: 'active', hasAccess: true })
    expect(after?.currentPeriodStart).toEqual(before?.currentPeriodEnd)
    expect((await api.billing.payments.list.query({})).items.map(({ status }) => status)).toEqual([
      'succeeded',
      'succeeded',
    ])
  })
})
