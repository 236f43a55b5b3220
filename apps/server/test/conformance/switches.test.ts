import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '../../src/platform/durations.ts'
import { anAdmin } from '../admin.ts'
import { mailsTo } from '../inbox.ts'
import { firstOf } from '../long.ts'
import { payOnPage } from '../pay.ts'
import { control } from '../paymob-gateway.ts'
import { aPaymobPayer, aPaymobPlan, payAtPaymob, paymobOf } from '../paymob-purchases.ts'
import { jobsDone } from '../progress.ts'
import { aPayingUser, stripeCustomerOf } from '../purchases.ts'
import { chaos, controlStripe, failCharges } from '../stripe.ts'
import { advanceSettled, billingFor, moneyOf, settledAtBoth } from '../switches.ts'
import { createTestApp, type TestApp, type TestUser } from '../test-app.ts'
import { shuffledBy } from './describe-any-order.ts'

/** Each direction: the plans, what they cost, and how the new one's page is paid. */
const DIRECTIONS = [
  {
    ...{ from: 'stripe', to: 'paymob', oldPlan: 'pro', newPlan: 'pro-egp', oldPrice: 1_900, newPrice: 90_000 },
    ...{ cardCheckCents: 100, countsInDates: true },
    begin: (app: TestApp): Promise<TestUser> => aPayingUser(app, 'pro'),
    pay: (app: TestApp, { sessionId }: { sessionId: string }): Promise<unknown> => payAtPaymob(app, sessionId),
    failRenewals: async (app: TestApp, user: TestUser, on: boolean) =>
      failCharges(app, await stripeCustomerOf(app, user), on),
  },
  {
    ...{ from: 'paymob', to: 'stripe', oldPlan: 'pro-egp', newPlan: 'pro', oldPrice: 90_000, newPrice: 1_900 },
    ...{ cardCheckCents: 0, countsInDates: false },
    begin: (app: TestApp): Promise<TestUser> => aPaymobPayer(app, 'pro-egp'),
    pay: (_app: TestApp, { checkoutUrl }: { checkoutUrl: string }): Promise<unknown> => payOnPage(checkoutUrl),
    async failRenewals(app: TestApp, { id }: TestUser, on: boolean) {
      const [row] = await app
        .scope()
        .em.execute<{ id: string }[]>(
          "select provider_subscription_id as id from subscriptions where account_id = ? and provider = 'paymob'",
          [id],
        )
      await control(paymobOf(app), 'POST', `subscriptions/${row?.id}/fail-charges`, { on })
    },
  },
]

describe('an account moves to another provider', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({}, { paymob: true })
    await aPaymobPlan(app, 'pro-egp', 90_000)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test.each(DIRECTIONS)('from $from to $to: no day is paid twice, and none is unpaid', async (direction) => {
    const { from, to, oldPlan, newPlan, oldPrice, newPrice, cardCheckCents, countsInDates } = direction
    const user = await direction.begin(app)
    const billing = await billingFor(app, user)
    const { current, upcoming, previewSwitch, switch: open, subscribe, change, resume } = billing.subscriptions
    const present = await current.query()
    const startsAt = present?.currentPeriodEnd
    expect(await previewSwitch.query({ planCode: newPlan })).toMatchObject({
      ...{ startsAt, dueNowCents: 0, cardCheckCents, nextPaymentCents: newPrice },
    })
    await direction.pay(app, await open.mutate({ planCode: newPlan }))
    await settledAtBoth(app)
    expect(await current.query()).toMatchObject({ id: present?.id, accessReason: 'ending', accessUntil: startsAt })
    expect(await upcoming.query()).toMatchObject({
      ...{ provider: to, plan: { code: newPlan }, priceCents: newPrice, startsAt },
    })
    const operator = (await anAdmin(app)).api.admin.subscriptions
    expect(await operator.get.query({ id: present?.id ?? '' })).toMatchObject({ upcoming: { plan: { code: newPlan } } })
    for (const call of [resume.mutate(), change.mutate({ planCode: oldPlan }), subscribe.mutate({ planCode: oldPlan })])
      await expect(call).rejects.toMatchObject({ data: { code: 'CONFLICT', reason: 'SWITCH_PENDING' } })
    expect(await moneyOf(billing)).toEqual([{ provider: from, status: 'succeeded', kept: oldPrice }])

    await advanceSettled(app, { days: 32 })
    const now = await current.query()
    expect(now).toMatchObject({ provider: to, plan: { code: newPlan }, status: 'active', hasAccess: true })
    expect(await upcoming.query()).toBeNull()
    // A provider that counts in dates charges for the date on which the old one ends, as its first one.
    const early = (startsAt?.getTime() ?? 0) - (now?.currentPeriodStart.getTime() ?? 0)
    expect(early).toBeGreaterThanOrEqual(0)
    expect(early).toBeLessThan(countsInDates ? DAY : 1)
    await advanceSettled(app, { days: 31 })
    expect(await moneyOf(billing)).toEqual([
      { provider: to, status: 'succeeded', kept: newPrice },
      { provider: to, status: 'succeeded', kept: newPrice },
      { provider: from, status: 'succeeded', kept: oldPrice },
    ])
    // Waiting for the start was no trial.
    const tried = 'select 1 from customers where account_id = ? and trial_used_at is not null'
    expect(await app.scope().em.execute(tried, [user.id])).toEqual([])
    await jobsDone(app, 'send-mail')
    const subjects = (await mailsTo(user.email)).map(({ subject }) => subject.replace(/on \d.*/, 'on …'))
    expect(subjects.toSorted()).toEqual(
      [
        `Your ${present?.plan.name} subscription has started`,
        `Your ${now?.plan.name} plan begins on …`,
        `Your ${now?.plan.name} subscription has started`,
        `Your ${now?.plan.name} subscription has been renewed`,
      ].toSorted(),
    )
  })

  /** Loses all notices of both providers, or delivers them. */
  const lose = async (drop: number) => {
    await chaos(app, { drop })
    await control(paymobOf(app), 'PUT', 'chaos', { drop })
  }
  /** Sends every notice of both providers that there ever was once more, in an order that a seed decides. */
  const sendAllAgain = async (seed: number) => {
    const events = (await (await fetch(`${app.stripe.url}/_/deliveries`)).json()) as { id: string }[]
    const sends = [
      ...events.map(
        ({ id }) =>
          async () =>
            void (await controlStripe(app, 'POST', `deliveries/${id}/resend`)),
      ),
      ...paymobOf(app)
        .callbacks()
        .map(
          ({ id }) =>
            async () =>
              void (await control(paymobOf(app), 'POST', `callbacks/${id}/resend`)),
        ),
    ]
    for (const send of shuffledBy(seed)(sends)) await send()
  }
  const unseen = DIRECTIONS.flatMap((direction) =>
    ['before the current plan renews', 'after both have charged'].map((found) => ({ ...direction, found })),
  )

  test.each(firstOf(2, unseen))(
    'from $from to $to: all notices late, doubled and in any order, found $found',
    async (direction) => {
      const { from, to, newPlan, oldPrice, newPrice, found } = direction
      const user = await direction.begin(app)
      const billing = await billingFor(app, user)
      await lose(1)
      const page = await billing.subscriptions.switch.mutate({ planCode: newPlan })
      await direction.pay(app, page)
      const isInTime = found.startsWith('before')
      if (isInTime) {
        await billing.subscriptions.sync.mutate({ sessionId: page.sessionId })
        await settledAtBoth(app)
      }
      await advanceSettled(app, { days: 32 })
      await lose(0)
      await sendAllAgain(isInTime ? 1 : 2)
      await settledAtBoth(app)
      const once = { provider: from, status: 'succeeded', kept: oldPrice }
      const expected = isInTime
        ? [once, { provider: to, status: 'succeeded', kept: newPrice }]
        : [once, once, { provider: to, status: 'refunded', kept: 0 }]
      const byProvider = (one: { provider: string }, other: { provider: string }) =>
        one.provider.localeCompare(other.provider)
      expect((await moneyOf(billing)).toSorted(byProvider)).toEqual(expected.toSorted(byProvider))
      expect(await billing.subscriptions.current.query()).toMatchObject({
        ...{ provider: isInTime ? to : from, cancelAt: null, hasAccess: true },
      })
      expect(await billing.subscriptions.upcoming.query()).toBeNull()
    },
  )

  test.each(firstOf(1, DIRECTIONS))(
    'from $from to $to: a renewal that fails meanwhile is never collected',
    async (direction) => {
      const { from, to, newPlan, oldPrice, newPrice } = direction
      const user = await direction.begin(app)
      const billing = await billingFor(app, user)
      await lose(1)
      await direction.pay(app, await billing.subscriptions.switch.mutate({ planCode: newPlan }))
      await direction.failRenewals(app, user, true)
      await advanceSettled(app, { days: 32 })
      await lose(0)
      await sendAllAgain(3)
      await settledAtBoth(app)
      await direction.failRenewals(app, user, false)
      await advanceSettled(app, { days: 20 })
      expect(await billing.subscriptions.current.query()).toMatchObject({ provider: to, status: 'active' })
      const paid = (await moneyOf(billing)).filter(({ status }) => status === 'succeeded')
      expect(paid).toEqual([
        { provider: to, status: 'succeeded', kept: newPrice },
        { provider: from, status: 'succeeded', kept: oldPrice },
      ])
    },
  )

  test('begins even if the provider of the current plan does not say that it has ended', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const billing = await billingFor(app, user)
    await payOnPage((await billing.subscriptions.switch.mutate({ planCode: 'pro' })).checkoutUrl)
    await settledAtBoth(app)
    await neverEnding(async () => {
      await advanceSettled(app, { days: 32 })
      expect(await billing.subscriptions.current.query()).toMatchObject({ provider: 'stripe', hasAccess: true })
    })
  })

  test('while it waits, the seats are limited to those of the plan that follows', async () => {
    await aPaymobPlan(app, 'duo-egp', 100_000, { seats: { included: 2, perSeatCents: null, max: null } })
    const user = await aPayingUser(app, 'pro')
    const { accounts, billing } = (await app.as(user)).api
    const seats = async () => (await accounts.get.query({ accountId: user.id })).seats
    await payAtPaymob(app, (await billing.subscriptions.switch.mutate({ planCode: 'duo-egp' })).sessionId)
    await settledAtBoth(app)
    expect(await seats()).toEqual({ used: 1, included: 2, max: 2 })
    await billing.subscriptions.cancelUpcoming.mutate()
    expect(await seats()).toBeNull()
  })
})

/** Shows a subscription of Paymob's as active until it is canceled by a call: that its end has come changes nothing. */
async function neverEnding(work: () => Promise<void>): Promise<void> {
  const original = globalThis.fetch
  let isCanceled = false
  globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    const response = await original(input, init)
    if (/\/subscriptions\/\d+\/cancel$/.test(pathname)) isCanceled = true
    if (isCanceled || init?.method !== 'GET' || !/\/subscriptions\/\d+$/.test(pathname)) return response
    return Response.json({ ...((await response.json()) as object), state: 'active' })
  }
  try {
    await work()
  } finally {
    globalThis.fetch = original
  }
}
