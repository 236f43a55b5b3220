import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan, anAddOn } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { calm, failNext, LOST_ANSWER, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { newId } from '../../platform/database/ids.ts'
import { requireFeature } from '../access/require-feature.ts'
import { withTimeBudget } from '../billing-scope.ts'
import { syncOverage } from '../changes/sync-overage.ts'
import { consume } from '../usage/consume.ts'
import { settleReservation } from '../usage/settle-reservation.ts'
import { reportOverage } from './report-overage.ts'

const calls = (limit: number, unitPriceCents: number) => ({
  calls: { limit, per: 'period', overage: { unitPriceCents } } as const,
})
const PLANS = [
  { code: 'small', priceCents: 1_000, tier: 'pro', features: calls(10, 5) },
  { code: 'large', priceCents: 5_000, tier: 'vip', features: calls(100, 2.5) },
  { code: 'large-yearly', priceCents: 50_000, tier: 'vip', billingPeriod: 'yearly', features: calls(1_000, 2) },
  { code: 'flat', priceCents: 4_000, tier: 'pro', features: { calls: { limit: 50, per: 'period' } } },
] as const

let app: TestApp
let stripe: Stripe
beforeAll(async () => {
  app = await createTestApp()
  stripe = stripeClient(app)
  for (const plan of PLANS) await aPlan(app, plan)
})
afterAll(() => app[Symbol.asyncDispose]())

/** The unit prices of a subscriber's metered items in cents, and how many other items there are. */
async function itemsOf(user: PayingUser): Promise<{ metered: number[]; others: number; id: string }> {
  const { id, items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
  const metered = items.data.filter(({ price }) => price.recurring?.usage_type === 'metered')
  const prices = metered.map(({ price }) => Number(price.unit_amount_decimal))
  return { id, metered: prices, others: items.data.length - metered.length }
}

async function termsOf({ id }: PayingUser): Promise<Record<string, { limit: number }> | null> {
  const [row] = await app
    .scope()
    .em.execute<{ overage: Record<string, { limit: number }> | null }[]>(
      "select overage from subscriptions where account_id = ? and status <> 'canceled'",
      [id],
    )
  return row?.overage ?? null
}
const settled = async () => {
  await eventsDone(app)
  await jobsDone(app, 'sync-overage')
}
const subscriptionsOf = async (user: PayingUser) => (await app.as(user)).api.billing.subscriptions

describe('the overage prices of a subscription follow its plan:', () => {
  test('they are bought with it, and its row knows their terms', async () => {
    const user = await aPayingUser(app, 'small')
    expect(await itemsOf(user)).toMatchObject({ metered: [5], others: 1 })
    expect(await termsOf(user)).toMatchObject({ calls: { limit: 10, usedBefore: 0 } })
    const current = await (await subscriptionsOf(user)).current.query()
    expect(current).toMatchObject({ priceCents: 1_000, quantity: 1, plan: { features: PLANS[0].features } })
  })

  test('a change at once swaps them, and other add-ons stay', async () => {
    const user = await aPayingUser(app, 'small')
    const addOn = await anAddOn(app, 700)
    const { id } = await itemsOf(user)
    await stripe.subscriptionItems.create({ subscription: id, price: addOn })
    await settled()
    const subscriptions = await subscriptionsOf(user)
    const preview = await subscriptions.previewChange.query({ planCode: 'large' })
    await subscriptions.change.mutate({ planCode: 'large', prorationDate: preview.prorationDate })
    expect(await itemsOf(user)).toMatchObject({ metered: [2.5], others: 2 })
    expect(await termsOf(user)).toMatchObject({ calls: { limit: 100 } })
  })

  test('a change between monthly and yearly swaps them as well', async () => {
    const user = await aPayingUser(app, 'large')
    const subscriptions = await subscriptionsOf(user)
    await subscriptions.change.mutate({ planCode: 'large-yearly' })
    await settled()
    await advance(app, { days: 32 })
    await settled()
    expect(await itemsOf(user)).toMatchObject({ metered: [2], others: 1 })
    expect(await termsOf(user)).toMatchObject({ calls: { limit: 1_000 } })
  })

  test('a change at the end of the period swaps them then', async () => {
    const user = await aPayingUser(app, 'large')
    await (await subscriptionsOf(user)).change.mutate({ planCode: 'small' })
    expect(await itemsOf(user)).toMatchObject({ metered: [2.5], others: 1 })
    await advance(app, { days: 32 })
    await settled()
    expect(await itemsOf(user)).toMatchObject({ metered: [5], others: 1 })
    expect(await termsOf(user)).toMatchObject({ calls: { limit: 10 } })
  })

  test('a plan without them has none', async () => {
    const user = await aPayingUser(app, 'small')
    await (await subscriptionsOf(user)).change.mutate({ planCode: 'flat' })
    await settled()
    expect(await itemsOf(user)).toMatchObject({ metered: [], others: 1 })
    expect(await termsOf(user)).toBeNull()
  })

  test('an upgrade on the checkout page buys those of the new plan only', async () => {
    const user = await aPayingUser(app, 'small')
    const { checkoutUrl } = await (await subscriptionsOf(user)).upgrade.mutate({ planCode: 'large' })
    await payOnPage(checkoutUrl)
    await until('the new plan', async () => (await termsOf(user))?.['calls']?.limit === 100)
    await settled()
    expect(await itemsOf(user)).toMatchObject({ metered: [2.5], others: 1 })
  })

  test('an operator who removes one gets it back, also if the answer of Stripe is lost', async () => {
    const user = await aPayingUser(app, 'small')
    const { items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const metered = items.data.find(({ price }) => price.recurring?.usage_type === 'metered')
    await stripe.subscriptionItems.del(metered?.id ?? '')
    await settled()
    expect(await itemsOf(user)).toMatchObject({ metered: [5], others: 1 })

    await app.stopWorker()
    const before = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const again = before.items.data.find(({ price }) => price.recurring?.usage_type === 'metered')
    await stripe.subscriptionItems.del(again?.id ?? '')
    const sync = () => syncOverage(withTimeBudget(app.scope()), { accountId: user.id })
    for (let tries = 0; (await itemsOf(user)).metered.length === 0 && tries < 5; tries += 1) {
      await failNext(app, { ...LOST_ANSWER, count: 2 })
      await sync().catch(() => undefined)
      await calm(app)
    }
    await sync()
    await app.startWorker()
    await settled()
    expect(await itemsOf(user)).toMatchObject({ metered: [5], others: 1 })
  })

  test('a plan that gets one gives it to its subscribers, who keep their price when it changes', async () => {
    const { api } = await anAdmin(app)
    const terms = { name: 'Grown', priceCents: 900, billingPeriod: 'monthly', tier: 'pro' } as const
    const { id } = await api.billing.plans.create.mutate({ code: 'grown', ...terms })
    const user = await aPayingUser(app, 'grown')
    await api.billing.plans.update.mutate({ id, features: calls(10, 3) })
    const touch = async (mark: string) => {
      await stripe.subscriptions.update((await itemsOf(user)).id, { metadata: { mark } })
      await settled()
    }
    await touch('one')
    expect(await itemsOf(user)).toMatchObject({ metered: [3], others: 1 })
    await api.billing.plans.update.mutate({ id, features: calls(10, 8) })
    await touch('two')
    expect(await itemsOf(user)).toMatchObject({ metered: [3], others: 1 })
    const later = await aPayingUser(app, 'grown')
    expect(await itemsOf(later)).toMatchObject({ metered: [8], others: 1 })
  })
})

test.each([
  ['per month', { limit: 10, per: 'month', overage: { unitPriceCents: 1 } }],
  ['without a limit', { limit: null, per: 'period', overage: { unitPriceCents: 1 } }],
  ['of nothing', { limit: 10, per: 'period', overage: { unitPriceCents: 0 } }],
  ['with too many decimals', { limit: 10, per: 'period', overage: { unitPriceCents: 0.000_000_1 } }],
] as const)('an overage %s is refused', async (_what, feature) => {
  const { api } = await anAdmin(app)
  const terms = { name: 'Odd', priceCents: 900, billingPeriod: 'monthly', tier: 'pro' } as const
  expect(await reasonOf(api.billing.plans.create.mutate({ code: 'odd', ...terms, features: { calls: feature } }))).toBe(
    'INVALID_INPUT',
  )
})

test('a plan of a provider that cannot bill by use is refused', async () => {
  const { api } = await anAdmin(app)
  const terms = { name: 'Cairo', priceCents: 900, currency: 'egp', billingPeriod: 'monthly', tier: 'pro' } as const
  const create = () =>
    api.billing.plans.create.mutate({ code: 'cairo', ...terms, provider: 'paymob', features: calls(10, 5) })
  expect(await reasonOf(create())).toBe('PROVIDER_UNSUPPORTED')
  expect(await app.scope().em.execute("select 1 from plans where code = 'cairo'")).toEqual([])
})

test('a plan that is sold in several currencies has no overage, and one for two periods has it in both', async () => {
  const { api } = await anAdmin(app)
  const price = (billingPeriod: 'monthly' | 'yearly', currency: string) => ({
    billingPeriod,
    currency,
    priceCents: 900,
  })
  const create = (code: string, prices: ReturnType<typeof price>[]) =>
    api.billing.plans.create.mutate({ code, name: code, tier: 'pro', prices, features: calls(10, 5) })
  const error = create('wide', [price('monthly', 'usd'), price('monthly', 'eur')])
  await expect(error).rejects.toMatchObject({ data: { fieldErrors: { 'features.calls.overage': expect.any(String) } } })
  const { id } = await create('both', [price('monthly', 'usd'), price('yearly', 'usd')])
  const wider = { id, prices: [price('monthly', 'usd'), price('monthly', 'eur')] }
  const refused = { data: { fieldErrors: { 'features.calls.overage': expect.any(String) } } }
  await expect(api.admin.plans.previewUpdate.query(wider)).rejects.toMatchObject(refused)
  await expect(api.billing.plans.update.mutate(wider)).rejects.toMatchObject(refused)
  const user = await aPayingUser(app, 'both')
  const meteredPer = async () => {
    const { items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    return items.data.flatMap(({ price: { recurring } }) =>
      recurring?.usage_type === 'metered' ? recurring.interval : [],
    )
  }
  expect(await meteredPer()).toEqual(['month'])
  await (await subscriptionsOf(user)).change.mutate({ planCode: 'both', billingPeriod: 'yearly' })
  await settled()
  await advance(app, { days: 32 })
  await settled()
  expect(await meteredPer()).toEqual(['year'])
})

test('an outage leaves one report, and the next one has all that was used meanwhile', async () => {
  const user = await aPayingUser(app, 'small')
  const use = (amount: number) => consume(app.scope(), { id: user.id, feature: 'calls', amount, key: newId() })
  const report = () => reportOverage(app.scope()).catch(() => undefined)
  const reports = () =>
    app.scope().em.execute(
      `select units::int, sent_at is not null as sent from overage_reports r join subscriptions s on s.id = r.subscription_id
       where s.account_id = ? order by counted_from`,
      [user.id],
    )
  await use(11)
  await failNext(app)
  for (const amount of [2, 3, 4]) {
    await report()
    await use(amount)
  }
  await report()
  expect(await reports()).toEqual([{ units: 1, sent: false }])
  await calm(app)
  await report()
  await report()
  expect(await reports()).toEqual([
    { units: 1, sent: true },
    { units: 9, sent: true },
  ])
})

test('a reservation of an account with an override is settled up to the limit', async () => {
  const { id } = await aPayingUser(app, 'small')
  const reserve = async (key: string) => {
    const use = { id, feature: 'calls', amount: 4, key, reserve: 600 }
    return (await consume(app.scope(), use)).reservation ?? ''
  }
  const settle = (reservation: string, amount: number) => settleReservation(app.scope(), { id, reservation, amount })
  const [billed, limited] = [await reserve('billed'), await reserve('limited')]
  expect(await settle(billed, 20)).toMatchObject({ allowed: true, used: 24, limit: 10 })
  const { override } = (await anAdmin(app)).api.admin.entitlements
  await override.mutate({ accountId: id, feature: 'calls', value: { limit: 10, per: 'period' }, reason: 'Misuse' })
  expect(await settle(limited, 5)).toMatchObject({ allowed: false, used: 24 })
  expect(await settle(limited, 4)).toMatchObject({ allowed: true, used: 24 })
})

test('a denial names a plan that bills what is above its limit, but no trial, and not the plan that is denied', async () => {
  const chat = { chat: { limit: 5, per: 'period', overage: { unitPriceCents: 1 } } } as const
  await aPlan(app, { code: 'chat-tried', priceCents: 1_100, trialDays: 7, features: chat })
  await aPlan(app, { code: 'chat-billed', priceCents: 1_200, features: chat })
  await aPlan(app, { code: 'chat-flat', priceCents: 9_000, features: { chat: { limit: 50, per: 'period' } } })
  const [visitor, granted] = [await app.aUser(), await app.aUser()]
  const denied = async ({ id }: { id: string }, amount: number) => {
    const { allowed, unlockedBy } = await consume(app.scope(), { id, feature: 'chat', amount, key: newId() })
    return allowed ? 'allowed' : (unlockedBy?.planCode ?? null)
  }
  const onSale = (isOnSale: boolean, code: string) =>
    app.scope().em.execute('update plans set status = ? where code = ?', [isOnSale ? 'active' : 'retired', code])

  expect(await denied(visitor, 5)).toBe('chat-tried')
  expect(await denied(visitor, 60)).toBe('chat-billed')
  await onSale(false, 'chat-billed')
  expect(await denied(visitor, 60)).toBeNull()
  await onSale(true, 'chat-billed')
  // A guard counts what is used, too, also of a limit that is 0 by now.
  const free = (limit: number) =>
    app.scope().em.execute(`update plans set features = ? where tier = 'free'`, [{ chat: { limit, per: 'period' } }])
  await free(5)
  expect(await denied(visitor, 5)).toBe('allowed')
  await free(0)
  const more = requireFeature(app.scope(), { accountId: visitor.id, feature: 'chat' })
  await expect(more).rejects.toMatchObject({ unlockedBy: { planCode: 'chat-billed' } })

  await aGrant(app, granted, 'chat-billed') // which bills nothing
  expect(await denied(granted, 5)).toBe('allowed')
  expect(await denied(granted, 1)).toBe('chat-flat') // because the other one would begin with a trial
  const required = requireFeature(app.scope(), { accountId: granted.id, feature: 'chat' })
  await expect(required).rejects.toMatchObject({ reason: 'FEATURE_REQUIRED', unlockedBy: { planCode: 'chat-flat' } })
  const become = async (what: string) =>
    app.scope().em.execute(`update subscriptions set ${what} where account_id = ?`, [granted.id])
  await become("status = 'unpaid'")
  expect(await denied(granted, 60)).toBe('chat-billed')
  await become("status = 'trialing', provider = 'stripe'")
  expect(await denied(granted, 60)).toBeNull() // because a trial goes on after a change
})
