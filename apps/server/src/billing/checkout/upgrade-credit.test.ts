import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../test/inbox.ts'
import { firstOf, longTest } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, advanceTo, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { controlStripe, failCharges, ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY, SECOND } from '../../platform/durations.ts'

describe('an upgrade by checkout credits', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const aPayer = async (planCode: string) => {
    const user = await aPayingUser(app, planCode)
    const { api } = await app.as(user)
    const { subscriptions, payments } = api.billing
    return { ...user, subscriptions, payments }
  }
  type Payer = Awaited<ReturnType<typeof aPayer>>
  const aPageFor = async ({ subscriptions }: Payer, planCode: string) =>
    (await subscriptions.upgrade.mutate({ planCode })).checkoutUrl
  const upgrade = async (payer: Payer, planCode: string, page?: string) => {
    await payOnPage(page ?? (await aPageFor(payer, planCode)))
    await until('the new plan', async () => (await payer.subscriptions.current.query())?.plan.code === planCode)
    await jobsDone(app, 'cancel-superseded', 'expire-checkouts')
  }
  /** Moves billing time to this many seconds after the renewal. */
  const advanceToRenewal = async ({ subscriptions }: Payer, seconds: number) => {
    const current = await subscriptions.current.query()
    await advanceTo(app, after(current?.currentPeriodEnd ?? new Date(), seconds * SECOND))
  }
  const oldInvoicesOf = async ({ stripeCustomerId: customer }: Payer) => {
    const stripe = stripeClient(app)
    const [old] = (await stripe.subscriptions.list({ customer, status: 'canceled' })).data
    const invoices = await stripe.invoices.list({ subscription: old?.id ?? '' })
    return invoices.data.map(({ status, total }) => [status, total])
  }

  test('nothing for a period whose invoice is still a draft, and never collects the draft', async () => {
    const user = await aPayer('pro')
    await advanceToRenewal(user, 600)
    await upgrade(user, 'vip')

    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 1_900 + 4_900, credit: 0 })
    await advance(app, { days: 5 })
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 1_900 + 4_900, credit: 0 })
    expect(await oldInvoicesOf(user)).toEqual([
      ['draft', 1_900],
      ['paid', 1_900],
    ])
  })

  test('nothing for a period whose payment has failed, and voids the invoice', async () => {
    const user = await aPayer('pro')
    const page = await aPageFor(user, 'vip')
    await failCharges(app, user.stripeCustomerId, true)
    await advanceToRenewal(user, 4_000)
    expect(await user.subscriptions.current.query()).toMatchObject({ status: 'past_due' })
    await failCharges(app, user.stripeCustomerId, false)
    await upgrade(user, 'vip', page)

    expect(await oldInvoicesOf(user)).toEqual([
      ['void', 1_900],
      ['paid', 1_900],
    ])
    await advance(app, { days: 10 })
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 1_900 + 4_900, credit: 0 })
    const { items } = await user.payments.list.query({})
    expect(items.map(({ amountCents, status }) => [amountCents, status])).toEqual([
      [4_900, 'succeeded'],
      [1_900, 'canceled'],
      [1_900, 'succeeded'],
    ])
  })

  longTest('no more than was paid, when a change in place came before the renewal was paid', async () => {
    await aPlan(app, { code: 'vip-most', priceCents: 9_900, tier: 'vip' })
    const user = await aPayer('pro')
    await advanceToRenewal(user, 600)
    await user.subscriptions.change.mutate({ planCode: 'vip' })
    await upgrade(user, 'vip-most')

    const { charged, credit } = await ledgerOf(app, user.stripeCustomerId)
    const paidForVip = charged - 1_900 - 9_900
    expect(paidForVip).toBeLessThanOrEqual(3_000)
    expect(credit).toBeLessThanOrEqual(paidForVip)
    expect(credit).toBeGreaterThan(paidForVip - 10)
  })

  test.each(
    firstOf(1, [
      ['refunded in part', 900, 1_000],
      ['refunded in full', undefined, 0],
    ]),
  )('no more than the unused share of what was kept, for a period that was %s', async (_how, amount, left) => {
    const user = await aPayer('pro')
    const stripe = stripeClient(app)
    const [charge] = (await stripe.charges.list({ customer: user.stripeCustomerId })).data
    await stripe.refunds.create({ charge: charge?.id ?? '', ...(amount ? { amount } : {}) })
    await eventsDone(app)
    const current = await user.subscriptions.current.query()
    await advance(app, { days: 15 })
    await upgrade(user, 'vip')

    const days = ((current?.currentPeriodEnd.getTime() ?? 0) - (current?.currentPeriodStart.getTime() ?? 0)) / DAY
    const { credit } = await ledgerOf(app, user.stripeCustomerId)
    expect(Math.abs(credit - (left * (days - 15)) / days)).toBeLessThan(2)
    const entries = (await stripe.customers.listBalanceTransactions(user.stripeCustomerId)).data
    expect(entries).toHaveLength(left > 0 ? 1 : 0)
  })

  test('nothing for a period whose payment is disputed, and the full share once the dispute is won', async () => {
    const [disputed, won] = [await aPayer('pro'), await aPayer('pro')]
    const stripe = stripeClient(app)
    for (const { stripeCustomerId: customer } of [disputed, won]) {
      const [charge] = (await stripe.charges.list({ customer })).data
      await controlStripe(app, 'POST', `charges/${charge?.id}/dispute`)
    }
    const [dispute] = (await stripe.charges.list({ customer: won.stripeCustomerId })).data
    const [open] = (await stripe.disputes.list({ charge: dispute?.id ?? '' })).data
    await stripe.disputes.update(open?.id ?? '', { submit: true, evidence: { uncategorized_text: 'winning_evidence' } })
    await eventsDone(app)
    await upgrade(disputed, 'vip')
    await upgrade(won, 'vip')
    expect((await ledgerOf(app, disputed.stripeCustomerId)).credit).toBe(0)
    expect((await ledgerOf(app, won.stripeCustomerId)).credit).toBeGreaterThan(1_890)
  })

  test('the right amount even if the refund, the dispute, or its end comes after the credit', async () => {
    const [user, disputed] = [await aPayer('pro'), await aPayer('pro')]
    const stripe = stripeClient(app)
    const creditOf = async ({ stripeCustomerId }: Payer) => (await ledgerOf(app, stripeCustomerId)).credit
    const chargeOf = async ({ stripeCustomerId }: Payer) =>
      (await stripe.charges.list({ customer: stripeCustomerId })).data.find(({ amount }) => amount === 1_900)?.id ?? ''
    for (const each of [user, disputed]) await upgrade(each, 'vip')
    const whole = await creditOf(user)
    expect(whole).toBeGreaterThan(1_890)
    for (const [amount, left] of [
      [900, 1_000],
      [1_000, 0],
    ] as const) {
      await stripe.refunds.create({ charge: await chargeOf(user), amount })
      await eventsDone(app)
      await jobsDone(app, 'cancel-superseded')
      expect(Math.abs((await creditOf(user)) - left)).toBeLessThan(10)
    }

    const before = await creditOf(disputed)
    await controlStripe(app, 'POST', `charges/${await chargeOf(disputed)}/dispute`)
    await eventsDone(app)
    await jobsDone(app, 'cancel-superseded')
    expect(await creditOf(disputed)).toBe(0)
    const [open] = (await stripe.disputes.list({ charge: await chargeOf(disputed) })).data
    await stripe.disputes.update(open?.id ?? '', { submit: true, evidence: { uncategorized_text: 'winning_evidence' } })
    await eventsDone(app)
    await jobsDone(app, 'cancel-superseded')
    expect(await creditOf(disputed)).toBe(before)
  })

  test('the unused time of an old subscription whose cancellation job was given up, at its next event', async () => {
    const user = await aPayer('pro')
    const stripe = stripeClient(app)
    const { checkoutUrl, sessionId } = await user.subscriptions.upgrade.mutate({ planCode: 'vip' })
    await app.stopWorker()
    await payOnPage(checkoutUrl)
    await user.subscriptions.sync.mutate({ sessionId })
    await app.scope().em.execute("delete from pgboss.job where name = 'cancel-superseded'")
    await app.startWorker()
    await eventsDone(app)
    expect((await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data).toHaveLength(2)

    await advance(app, { days: 32 })
    await jobsDone(app, 'cancel-superseded')
    expect((await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data).toHaveLength(1)
    const { charged, credit } = await ledgerOf(app, user.stripeCustomerId)
    // It was renewed once more before we knew. All of that period except its first days is credited.
    expect(charged - credit).toBeLessThan(1_900 + 2 * 4_900 + 200)
  })
})
