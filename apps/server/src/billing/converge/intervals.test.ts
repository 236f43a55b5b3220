import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstOf } from '../../../test/long.ts'
import { aPlan } from '../../../test/plans.ts'
import { eventsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { DAY } from '../../platform/durations.ts'
import { summarizeBilling } from '../payments/summarize-billing.ts'

describe('a subscription that is charged at another interval than our plans', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const mrr = async () => (await summarizeBilling(app.scope())).revenue.mrr[0]?.cents ?? 0
  const productOf = async (price: string) => {
    const { product } = await stripeClient(app).prices.retrieve(price)
    return typeof product === 'string' ? product : product.id
  }
  /** A user of `pro` whose price an operator has replaced. */
  const aUserPaying = async (unit_amount: number, recurring: Stripe.PriceCreateParams.Recurring) => {
    const user = await aPayingUser(app, 'pro')
    const before = (await mrr()) - 1_900
    const stripe = stripeClient(app)
    const { id, items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const [item] = items.data
    const price = await stripe.prices.create({
      ...{ unit_amount, recurring, currency: 'usd', product: await productOf(item?.price.id ?? '') },
    })
    await stripe.subscriptions.update(id, { items: [{ id: item?.id ?? '', price: price.id }] })
    await eventsDone(app)
    const { subscriptions } = (await app.as(user)).api.billing
    const current = await subscriptions.current.query()
    const days = (Number(current?.currentPeriodEnd) - Number(current?.currentPeriodStart)) / DAY
    return { subscriptions, current, days, monthly: (await mrr()) - before }
  }

  test.each(
    firstOf(2, [
      [3_000, { interval: 'month', interval_count: 3 }, 'monthly', 1_000, 88],
      [250, { interval: 'week', interval_count: 1 }, 'monthly', Math.round((250 * 52) / 12), 6],
      [24_000, { interval: 'year', interval_count: 2 }, 'yearly', 1_000, 729],
      [120, { interval: 'day', interval_count: 10 }, 'monthly', Math.round((12 * 365) / 12), 9],
      [12_000, { interval: 'month', interval_count: 12 }, 'monthly', 1_000, 364],
    ]),
  )('%i per %o is shown with its period, and counted per month', async (cents, recurring, period, mrr, least) => {
    const { current, days, monthly } = await aUserPaying(cents, recurring)
    expect(current).toMatchObject({
      ...{ plan: { code: 'pro' }, hasAccess: true, priceCents: cents, billingPeriod: period },
      interval: { unit: recurring.interval, count: recurring.interval_count },
    })
    expect(days).toBeGreaterThan(least)
    expect(monthly).toBe(mrr)
  })

  test('is compared by what it costs in a year', async () => {
    await aPlan(app, { code: 'more', priceCents: 1_100 })
    const { subscriptions } = await aUserPaying(3_000, { interval: 'month', interval_count: 3 })
    const { takesEffectAt, prorationDate } = await subscriptions.previewChange.query({ planCode: 'more' })
    expect(takesEffectAt).toEqual(prorationDate)
    const { subscriptions: weekly } = await aUserPaying(300, { interval: 'week' })
    await expect(weekly.upgrade.mutate({ planCode: 'more' })).rejects.toMatchObject(
      refusal('CONFLICT', 'NOT_AN_UPGRADE'),
    )
  })
})
