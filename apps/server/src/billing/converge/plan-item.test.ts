import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailsTo } from '../../../test/inbox.ts'
import { anAddOn, aPlan, priceIdOf } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, stripeCustomerOf, type PayingUser } from '../../../test/purchases.ts'
import { stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { pricesPerPeriod, sumOfPrices } from './plan-item.ts'

describe('a subscription with several items', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
    // Stripe knows a plan once it was sold.
    await aPayingUser(app, 'vip')
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const subscriptionsOf = async (user: TestUser) => (await app.as(user)).api.billing.subscriptions
  const update = async ({ stripeCustomerId }: PayingUser, params: Stripe.SubscriptionUpdateParams) => {
    const { id } = await stripeSubscriptionOf(app, stripeCustomerId)
    const updated = await stripeClient(app).subscriptions.update(id, params)
    await eventsDone(app)
    return updated
  }
  /** A subscription that an operator makes in the dashboard, for a customer whom Stripe knows. */
  const make = async (items: Stripe.SubscriptionCreateParams.Item[]) => {
    const user = await app.aUser()
    const subscriptions = await subscriptionsOf(user)
    await subscriptions.subscribe.mutate({ planCode: 'vip' })
    const customer = await stripeCustomerOf(app, user)
    const { id } = await stripeClient(app).paymentMethods.attach('pm_card_visa', { customer })
    await stripeClient(app).subscriptions.create({ customer, default_payment_method: id, items })
    await eventsDone(app)
    return subscriptions
  }

  test('is recognized whatever the place of the plan, and gives access', async () => {
    const subscriptions = await make([{ price: await anAddOn(app, 700) }, { price: await priceIdOf(app, 'vip') }])
    expect(await subscriptions.current.query()).toMatchObject({
      ...{ plan: { code: 'vip' }, status: 'active', hasAccess: true },
      ...{ priceCents: 5_600, unitPriceCents: 4_900, quantity: 1 },
    })
  })

  test('costs what all of its items cost, and an added one is not a change of plan', async () => {
    const user = await aPayingUser(app, 'pro')
    const subscriptions = await subscriptionsOf(user)
    const mails = (await mailsTo(user.email)).length
    await update(user, { items: [{ price: await anAddOn(app, 250), quantity: 4 }] })
    expect(await subscriptions.current.query()).toMatchObject({
      ...{ plan: { code: 'pro' }, priceCents: 2_900, unitPriceCents: 1_900, quantity: 1 },
    })
    const { items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const [, addOn] = items.data
    await update(user, { items: [{ id: addOn?.id ?? '', price: await anAddOn(app, 100), quantity: 1 }] })
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' }, priceCents: 2_000 })
    await update(user, { items: [{ id: addOn?.id ?? '', deleted: true }] })
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' }, priceCents: 1_900 })
    await jobsDone(app, 'send-mail')
    expect(await mailsTo(user.email)).toHaveLength(mails)
  })

  test('has the period of its plan, and counts a yearly add-on with a twelfth', async () => {
    const subscriptions = await make([
      { price: await anAddOn(app, 1_200, 'year') },
      { price: await priceIdOf(app, 'vip'), quantity: 2 },
    ])
    const present = await subscriptions.current.query()
    expect(present).toMatchObject({ priceCents: 2 * 4_900 + 100, quantity: 2, billingPeriod: 'monthly' })
    const days = (Number(present?.currentPeriodEnd) - Number(present?.currentPeriodStart)) / 86_400_000
    expect(days).toBeLessThan(32)
  })

  test('keeps its plan when an operator gives the plan a price of its own', async () => {
    const user = await aPayingUser(app, 'pro')
    const subscriptions = await subscriptionsOf(user)
    await update(user, { items: [{ price: await anAddOn(app, 300) }] })
    const { items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await update(user, { items: [{ id: items.data[0]?.id ?? '', price: await anAddOn(app, 1_500), quantity: 2 }] })
    expect(await subscriptions.current.query()).toMatchObject({
      ...{ plan: { code: 'pro' }, hasAccess: true, priceCents: 3_300, unitPriceCents: 1_500, quantity: 2 },
    })
    await advance(app, { days: 32 })
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' }, hasAccess: true })
  })

  test('with two plans gives the higher one', async () => {
    await aPlan(app, { code: 'small', priceCents: 500 })
    await aPayingUser(app, 'small')
    const items = [{ price: await priceIdOf(app, 'small') }, { price: await priceIdOf(app, 'vip') }]
    expect(await (await make(items)).current.query()).toMatchObject({ plan: { code: 'vip' }, priceCents: 5_400 })
  })

  test('none of which is a plan is unknown here', async () => {
    const subscriptions = await make([{ price: await anAddOn(app, 700) }, { price: await anAddOn(app, 800) }])
    expect(await subscriptions.current.query()).toBeNull()
  })

  test('in a quantity shows it, and the sum', async () => {
    const user = await aPayingUser(app, 'pro')
    const { items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await update(user, { items: [{ id: items.data[0]?.id ?? '', quantity: 3 }] })
    expect(await (await subscriptionsOf(user)).current.query()).toMatchObject({
      ...{ priceCents: 5_700, unitPriceCents: 1_900, quantity: 3 },
    })
  })
})

test('the price per period counts every item in its quantity, and rounds once', () => {
  const period = { currentPeriodStart: new Date(0), currentPeriodEnd: new Date(1) }
  const item = (unitPriceCents: number, quantity: number, unit: 'month' | 'year', count = 1) => {
    return { id: '', priceId: '', productId: null, unitPriceCents, quantity, interval: { unit, count }, ...period }
  }
  const priceOf = (...of: Parameters<typeof pricesPerPeriod>) => sumOfPrices(pricesPerPeriod(...of))
  const of = (plan: ReturnType<typeof item>) => ({ item: plan, planPrices: [] })
  const [monthly, yearly] = [item(1_000, 3, 'month'), item(100, 1, 'year')]
  expect(priceOf([yearly, monthly], of(monthly))).toBe(3_008)
  expect(priceOf([yearly, monthly], of(yearly))).toBe(36_100)
  expect(priceOf([monthly, item(300, 1, 'month', 3)], of(monthly))).toBe(3_100)
  expect(priceOf([item(0.4, 3, 'month')], of(monthly))).toBe(1)
})
