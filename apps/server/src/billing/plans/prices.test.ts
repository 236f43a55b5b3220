import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { GOOD_CARD, payOnPage } from '../../../test/pay.ts'
import { aPaymobPayer, callbacksDone } from '../../../test/paymob-purchases.ts'
import { planAtStripe } from '../../../test/plans.ts'
import { eventsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { fieldErrorsOf, reasonOf } from '../../../test/rejection.ts'
import { calm, failNext, stripeClient } from '../../../test/stripe.ts'
import { billingFor } from '../../../test/switches.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'

type Prices = NonNullable<Parameters<TollgateClient['api']['billing']['plans']['create']['mutate']>[0]['prices']>

const MONTHLY = { billingPeriod: 'monthly', currency: 'usd', priceCents: 1_900 } as const
const YEARLY = { billingPeriod: 'yearly', currency: 'usd', priceCents: 19_000 } as const
/** Costs more per month than {@link MONTHLY}. */
const DEAR_YEARLY = { ...YEARLY, priceCents: 30_000 }
const EUROS = { billingPeriod: 'monthly', currency: 'eur', priceCents: 1_800 } as const
const POUNDS = { billingPeriod: 'monthly', currency: 'egp', priceCents: 90_000, provider: 'paymob' } as const

describe('a plan with several prices', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp({}, { paymob: true })
    api = (await anAdmin(app)).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  let count = 0
  const create = async (prices: Prices, terms: object = {}) =>
    api.billing.plans.create.mutate({ code: `priced-${(count += 1)}`, name: 'Priced', tier: 'pro', prices, ...terms })
  const subscriptionsOf = async (user: TestUser) => (await billingFor(app, user)).subscriptions
  const buy = async (input: { planCode: string; billingPeriod?: 'monthly' | 'yearly'; currency?: string }) => {
    const user = await app.aUser()
    const subscriptions = await subscriptionsOf(user)
    const { checkoutUrl, sessionId } = await subscriptions.subscribe.mutate(input)
    await payOnPage(checkoutUrl, GOOD_CARD)
    const bought = await subscriptions.sync.mutate({ sessionId })
    await eventsDone(app)
    return { user, subscriptions, bought }
  }
  const chargedTo = async ({ id }: TestUser) => {
    const [row] = await app
      .scope()
      .em.execute<{ customer: string }[]>(
        "select provider_customer_id as customer from customers where account_id = ? and provider = 'stripe'",
        [id],
      )
    const { data } = await stripeClient(app).charges.list({ customer: row?.customer ?? '', limit: 100 })
    return data.reduce((sum, { amount, paid }) => sum + (paid ? amount : 0), 0)
  }

  test('is one product at Stripe, with each of them', async () => {
    const plan = await create([MONTHLY, YEARLY, EUROS, POUNDS])
    expect(plan).toMatchObject({ ...MONTHLY, provider: 'stripe' })
    expect(plan.prices).toMatchObject([MONTHLY, YEARLY, EUROS, POUNDS])
    const { offered } = await planAtStripe(app, plan.id)
    expect(offered.toSorted()).toEqual([
      [1_800, 'eur', 'month'],
      [1_900, 'usd', 'month'],
      [19_000, 'usd', 'year'],
    ])
    const listed = (await api.billing.plans.list.query()).find(({ id }) => id === plan.id)
    expect(listed?.prices).toEqual(plan.prices)
    expect((await api.admin.plans.get.query({ id: plan.id })).prices).toMatchObject(
      plan.prices.map((price) => ({ ...price, isCurrent: true, subscribers: 0 })),
    )
  })

  test('is bought for the one that is named, or else for the first', async () => {
    const { code: planCode } = await create([MONTHLY, YEARLY, EUROS, POUNDS])
    expect((await buy({ planCode })).bought).toMatchObject({ ...MONTHLY, plan: { code: planCode } })
    expect((await buy({ planCode, billingPeriod: 'yearly' })).bought).toMatchObject(YEARLY)
    expect((await buy({ planCode, currency: 'eur' })).bought).toMatchObject(EUROS)
    expect((await buy({ planCode, currency: 'usd', billingPeriod: 'yearly' })).bought).toMatchObject(YEARLY)
  })

  test('is bought through the provider of the price', async () => {
    const { code: planCode } = await create([MONTHLY, POUNDS])
    const user = await aPaymobPayer(app, planCode, { currency: 'egp' })
    const subscriptions = await subscriptionsOf(user)
    expect(await subscriptions.current.query()).toMatchObject({ ...POUNDS, plan: { code: planCode } })
    // The account's currency counts from now on.
    const { code: higher } = await create(
      [
        { ...MONTHLY, priceCents: 4_900 },
        { ...POUNDS, priceCents: 200_000 },
      ],
      {
        tier: 'vip',
      },
    )
    const preview = await subscriptions.previewChange.query({ planCode: higher })
    expect(preview).toMatchObject({ currency: 'egp', nextPaymentCents: 200_000 })
    await subscriptions.change.mutate({ planCode: higher, prorationDate: preview.prorationDate })
    await callbacksDone(app)
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: higher }, currency: 'egp' })
    expect(await reasonOf(subscriptions.change.mutate({ planCode, currency: 'usd' }))).toBe('PROVIDER_UNSUPPORTED')
  })

  test('that is not sold so is refused by the field, with how it is sold', async () => {
    const { code: planCode } = await create([MONTHLY, { ...EUROS, billingPeriod: 'yearly' }])
    const { subscriptions } = await buy({ planCode })
    const newcomer = await subscriptionsOf(await app.aUser())
    const wrong = [
      [{ billingPeriod: 'yearly' }, { billingPeriod: 'must be monthly for this plan in usd' }],
      [{ currency: 'gbp' }, { currency: 'must be usd or eur for this plan' }],
      [{ billingPeriod: 'monthly', currency: 'eur' }, { billingPeriod: 'must be yearly for this plan in eur' }],
    ] as const
    for (const [wish, errors] of wrong) {
      const input = { planCode, ...wish }
      expect(await fieldErrorsOf(newcomer.subscribe.mutate(input))).toEqual(errors)
      expect(await fieldErrorsOf(subscriptions.upgrade.mutate(input))).toEqual(errors)
      expect(await fieldErrorsOf(subscriptions.previewChange.query(input))).toEqual(errors)
      expect(await fieldErrorsOf(subscriptions.change.mutate(input))).toEqual(errors)
    }
    expect(await reasonOf(subscriptions.change.mutate({ planCode, currency: 'eur' }))).toBe('CURRENCY_MISMATCH')
  })

  test('from a month to a year that is cheaper by the month: at the end of the period, and undone', async () => {
    const { code: planCode } = await create([MONTHLY, YEARLY])
    const { user, subscriptions } = await buy({ planCode })
    const before = await chargedTo(user)
    const preview = await subscriptions.previewChange.query({ planCode, billingPeriod: 'yearly' })
    expect(preview).toMatchObject({ dueNowCents: 0, nextPaymentCents: 19_000 })
    const input = { planCode, billingPeriod: 'yearly', prorationDate: preview.prorationDate } as const
    const scheduled = await subscriptions.change.mutate(input)
    expect(scheduled).toMatchObject({
      ...MONTHLY,
      scheduledChange: { plan: { code: planCode }, billingPeriod: 'yearly', unitPriceCents: 19_000 },
    })
    expect(await subscriptions.change.mutate({ planCode })).toMatchObject({ scheduledChange: null })
    expect(await reasonOf(subscriptions.change.mutate({ planCode, billingPeriod: 'monthly' }))).toBe('SAME_PLAN')
    await subscriptions.change.mutate({ planCode, billingPeriod: 'yearly' })
    await app.stripe.advance({ days: 32 })
    await eventsDone(app)
    expect(await subscriptions.current.query()).toMatchObject({ ...YEARLY, scheduledChange: null })
    expect((await chargedTo(user)) - before).toBe(preview.nextPaymentCents)
  })

  test('from a month to a year that is dearer by the month: at once, for what the preview says', async () => {
    const { code: planCode } = await create([MONTHLY, DEAR_YEARLY])
    const { user, subscriptions } = await buy({ planCode })
    await app.stripe.advance({ days: 10 })
    const before = await chargedTo(user)
    const { dueNowCents, prorationDate } = await subscriptions.previewChange.query({
      planCode,
      billingPeriod: 'yearly',
    })
    expect(dueNowCents).toBeGreaterThan(28_000)
    await subscriptions.change.mutate({ planCode, billingPeriod: 'yearly', prorationDate })
    expect((await chargedTo(user)) - before).toBe(dueNowCents)
    await eventsDone(app)
    expect(await subscriptions.current.query()).toMatchObject(DEAR_YEARLY)
    // Another plan is offered for the period that they have.
    const { code: higher } = await create(
      [
        { ...MONTHLY, priceCents: 4_900 },
        { ...YEARLY, priceCents: 49_000 },
      ],
      {
        tier: 'vip',
      },
    )
    expect(await subscriptions.previewChange.query({ planCode: higher })).toMatchObject({ nextPaymentCents: 49_000 })
  })

  test('is bought for another period as an upgrade on a checkout page', async () => {
    const { code: planCode } = await create([MONTHLY, DEAR_YEARLY])
    const { user, subscriptions } = await buy({ planCode })
    expect(await reasonOf(subscriptions.upgrade.mutate({ planCode }))).toBe('SAME_PLAN')
    const { checkoutUrl, sessionId } = await subscriptions.upgrade.mutate({ planCode, billingPeriod: 'yearly' })
    await payOnPage(checkoutUrl, GOOD_CARD)
    expect(await subscriptions.sync.mutate({ sessionId })).toMatchObject(DEAR_YEARLY)
    await eventsDone(app)
    const { items } = await api.admin.subscriptions.list.query({ accountId: user.id })
    expect(items.filter(({ status }) => status !== 'canceled')).toHaveLength(1)
  })

  test('gets another, changes one and loses one, and its subscribers keep what they have', async () => {
    const { id, code: planCode } = await create([MONTHLY, YEARLY])
    const monthly = await buy({ planCode })
    const yearly = await buy({ planCode, billingPeriod: 'yearly' })

    const prices = [MONTHLY, { ...YEARLY, priceCents: 21_000 }, EUROS]
    const preview = await api.admin.plans.previewUpdate.query({ id, prices })
    expect(preview).toMatchObject({ subscribers: 2, keepPrice: 1, isNewPrice: true, after: { prices } })
    expect(preview.prices.map(({ change }) => change)).toEqual(['none', 'new_price', 'added'])
    expect((await api.billing.plans.update.mutate({ id, prices })).prices).toMatchObject(prices)
    expect((await planAtStripe(app, id)).offered.toSorted()).toEqual([
      [1_800, 'eur', 'month'],
      [1_900, 'usd', 'month'],
      [21_000, 'usd', 'year'],
    ])
    expect(await yearly.subscriptions.current.query()).toMatchObject(YEARLY)
    expect(await reasonOf(yearly.subscriptions.change.mutate({ planCode, billingPeriod: 'yearly' }))).toBe('SAME_PLAN')

    const left = [{ ...MONTHLY, priceCents: 2_000 }, EUROS]
    const retiring = await api.admin.plans.previewUpdate.query({ id, prices: left })
    expect(retiring.prices.map(({ change }) => change)).toEqual(['new_price', 'none', 'retired'])
    await api.billing.plans.update.mutate({ id, prices: left })
    expect((await planAtStripe(app, id)).offered.toSorted()).toEqual([
      [1_800, 'eur', 'month'],
      [2_000, 'usd', 'month'],
    ])
    expect(await yearly.subscriptions.current.query()).toMatchObject(YEARLY)
    expect(await monthly.subscriptions.current.query()).toMatchObject(MONTHLY)
    // What was sold before is the same price when it is sold again.
    const again = [MONTHLY, YEARLY]
    await api.billing.plans.update.mutate({ id, prices: again })
    const { prices: all } = await api.admin.plans.get.query({ id })
    expect(all.filter(({ isCurrent }) => isCurrent)).toMatchObject(again)
    const yearlyAtStripe = (await planAtStripe(app, id)).prices.filter(({ unit_amount }) => unit_amount === 19_000)
    expect(yearlyAtStripe).toMatchObject([{ active: true }])

    // An input that only knows the first price leaves the others alone.
    const { prices: kept } = await api.billing.plans.update.mutate({ id, priceCents: 2_100 })
    expect(kept).toMatchObject([{ ...MONTHLY, priceCents: 2_100 }, YEARLY])
  })

  test('that fails half way is finished by a repeat, without a second price at Stripe', async () => {
    const { id } = await create([MONTHLY])
    const prices = [MONTHLY, YEARLY, EUROS]
    await failNext(app)
    expect(await reasonOf(api.billing.plans.update.mutate({ id, prices }))).toBe('PAYMENT_PROVIDER_ERROR')
    expect((await api.billing.plans.get.query({ id })).prices).toHaveLength(1)
    await calm(app)
    await Promise.all([1, 2].map(() => api.billing.plans.update.mutate({ id, prices })))
    const { offered, prices: made } = await planAtStripe(app, id)
    expect(offered).toHaveLength(3)
    expect(made).toHaveLength(3)
  })

  test('is moved to by those who pay for the same period', async () => {
    const { id, code: planCode } = await create([MONTHLY, YEARLY])
    const monthly = await buy({ planCode })
    const yearly = await buy({ planCode, billingPeriod: 'yearly' })
    await api.billing.plans.update.mutate({
      ...{
        id,
        prices: [
          { ...MONTHLY, priceCents: 2_500 },
          { ...YEARLY, priceCents: 25_000 },
        ],
      },
    })
    const move = { planId: id, toPlanCode: planCode, at: 'period_end' } as const
    expect(await api.admin.plans.previewMove.query(move)).toMatchObject({
      ...{ subscribers: 1, movable: 1, price: { priceCents: 2_500 }, kinds: [{ unitPriceCents: 1_900 }] },
    })
    const other = await api.admin.plans.previewMove.query({ ...move, toBillingPeriod: 'yearly' })
    expect(other).toMatchObject({ subscribers: 1, movable: 1, kinds: [{ unitPriceCents: 19_000, afterCents: 25_000 }] })
    await api.admin.plans.move.mutate({ ...move, toBillingPeriod: 'yearly', priceRef: other.priceRef })
    await expect
      .poll(async () => (await yearly.subscriptions.current.query())?.scheduledChange, { timeout: 20_000 })
      .toMatchObject({ billingPeriod: 'yearly', unitPriceCents: 25_000 })
    expect(await monthly.subscriptions.current.query()).toMatchObject({ scheduledChange: null })
  })

  test('charges per member for each of its prices, or for none', async () => {
    const seats = { included: 1, perSeatCents: 500, max: null }
    const prices = [MONTHLY, { ...YEARLY, perSeatCents: 5_000 }]
    const { id, code: planCode } = await create(prices, { seats })
    expect((await buy({ planCode, billingPeriod: 'yearly' })).bought).toMatchObject({ priceCents: 19_000, quantity: 1 })
    const { prices: more } = await api.billing.plans.update.mutate({ id, seats: { ...seats, included: 3 } })
    expect(more).toMatchObject([{ perSeatCents: 500 }, { perSeatCents: 5_000 }])
    const bad = [
      [{ prices: [MONTHLY, YEARLY], seats }, 'prices.1.perSeatCents'],
      [{ prices }, 'prices.1.perSeatCents'],
      [{ prices: [MONTHLY, MONTHLY] }, 'prices.1.billingPeriod'],
      [{ prices: [MONTHLY, { ...EUROS, currency: 'ugx', priceCents: 1_850 }] }, 'prices.1.priceCents'],
      [{ prices: [MONTHLY], priceCents: 5 }, 'priceCents'],
      [{ prices: [] }, 'prices'],
      [{ prices: [MONTHLY, { ...POUNDS, perSeatCents: 7 }], seats }, null],
    ] as const
    for (const [terms, field] of bad) {
      const failed: unknown = await create([], terms).catch(
        (error: { data?: { fieldErrors?: object; reason?: string } }) =>
          error.data?.fieldErrors ? Object.keys(error.data.fieldErrors) : error.data?.reason,
      )
      expect([terms, failed]).toEqual([terms, field ? [field] : 'PROVIDER_UNSUPPORTED'])
    }
  })

  test('has a switch to the price at the other provider', async () => {
    const { code: planCode } = await create([MONTHLY, POUNDS])
    const user = await aPayingUser(app, planCode)
    const subscriptions = await subscriptionsOf(user)
    expect(await subscriptions.previewSwitch.query({ planCode })).toMatchObject({
      ...{ currency: 'egp', nextPaymentCents: 90_000, cardCheckCents: 100 },
    })
    expect(await reasonOf(subscriptions.previewSwitch.query({ planCode, currency: 'usd' }))).toBe('INVALID_INPUT')
    expect(await reasonOf(subscriptions.previewSwitch.query({ planCode: 'pro' }))).toBe('NOT_A_SWITCH')
  })
})
