import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { longTest } from '../../../test/long.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { calm, failCharges, failNext, ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { expectAllIsTold } from '../../../test/told-events.ts'
import { MINUTE } from '../../platform/durations.ts'

describe('a change of plan', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const customerOf = ({ stripeCustomerId }: PayingUser) => stripeCustomerId
  const subscriptionAtStripe = async (user: PayingUser) => {
    const [subscription] = (await stripeClient(app).subscriptions.list({ customer: customerOf(user) })).data
    if (!subscription) throw new Error('There is no subscription at Stripe.')
    return subscription
  }

  test('is refused while a payment is due', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    await failCharges(app, customerOf(user), true)
    await advance(app, { days: 32 })
    await until('past due', async () => (await subscriptions.current.query())?.status === 'past_due')
    const due = refusal('CONFLICT', 'PAYMENT_DUE')
    await expect(subscriptions.change.mutate({ planCode: 'vip' })).rejects.toMatchObject(due)
    await expect(subscriptions.previewChange.query({ planCode: 'vip' })).rejects.toMatchObject(due)
  })

  test('takes effect at once, charges the card on file, and sends one mail', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions, payments } = (await app.as(user)).api.billing
    const before = await subscriptions.current.query()
    await advance(app, { days: 10 })
    const preview = await subscriptions.previewChange.query({ planCode: 'vip' })
    expect(preview).toMatchObject({ creditCents: 0, currency: 'usd', nextPaymentCents: 4_900 })
    expect(preview.takesEffectAt).toEqual(preview.prorationDate)
    expect(preview.prorationDate.getMilliseconds()).toBe(0)

    const changed = await subscriptions.change.mutate({ planCode: 'vip' })
    expect(changed).toMatchObject({ id: before?.id, status: 'active', plan: { code: 'vip' }, priceCents: 4_900 })
    expect(changed.currentPeriodEnd).toEqual(before?.currentPeriodEnd)
    const [first] = (await payments.list.query({})).items
    expect(first).toMatchObject({ status: 'succeeded', amountCents: preview.dueNowCents })

    await eventsDone(app)
    const { text } = await aMailTo(user.email, /You're now on VIP/)
    expect(text).toContain('$49.00 a month')
    expect(text).toContain(`We received your payment of $${(preview.dueNowCents / 100).toFixed(2)} for the change.`)
    expect(text).toContain(`See the invoice:\n${first?.invoiceUrl}`)
    const ledger = await ledgerOf(app, customerOf(user))
    expect(ledger.charged).toBe(1_900 + preview.dueNowCents)
    expect(ledger.invoices).toEqual([
      ['subscription_create', 1_900],
      ['subscription_update', preview.dueNowCents],
    ])
    expect((await subscriptionAtStripe(user)).items.data).toHaveLength(1)
    expect(await mailsTo(user.email)).toHaveLength(2)
  })

  test('from monthly to yearly starts the year at once, and credits the unused part of the month', async () => {
    await aPlan(app, { code: 'pro-year', priceCents: 30_000, billingPeriod: 'yearly' })
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    await advance(app, { days: 12, seconds: 4_321 })
    const preview = await subscriptions.previewChange.query({ planCode: 'pro-year' })
    const changed = await subscriptions.change.mutate({ planCode: 'pro-year', prorationDate: preview.prorationDate })
    expect(changed).toMatchObject({ billingPeriod: 'yearly', priceCents: 30_000 })
    // The year begins when it is bought, a moment after the preview.
    expect(Math.abs(changed.currentPeriodEnd.getTime() - preview.nextPaymentAt.getTime())).toBeLessThan(MINUTE)
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(1_900 + preview.dueNowCents)
    expect(preview.dueNowCents).toBeLessThan(30_000)
  })

  test('to a lower plan costs nothing and takes effect at the end of the period', async () => {
    const user = await aPayingUser(app, 'vip')
    const { subscriptions } = (await app.as(user)).api.billing
    const before = await subscriptions.current.query()
    const preview = await subscriptions.previewChange.query({ planCode: 'pro' })
    expect(preview).toMatchObject({ dueNowCents: 0, creditCents: 0, nextPaymentCents: 1_900 })
    expect(preview.takesEffectAt).toEqual(before?.currentPeriodEnd)
    expect(preview.nextPaymentAt).toEqual(before?.currentPeriodEnd)

    const changed = await subscriptions.change.mutate({ planCode: 'pro', prorationDate: preview.prorationDate })
    expect(changed).toMatchObject({ plan: { code: 'vip' }, scheduledChange: { plan: { code: 'pro' } } })
    expect(changed.scheduledChange?.at).toEqual(before?.currentPeriodEnd)
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(4_900)

    await advance(app, { days: 32 })
    const later = await subscriptions.current.query()
    expect(later).toMatchObject({ id: before?.id, plan: { code: 'pro' }, scheduledChange: null, priceCents: 1_900 })
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(4_900 + 1_900)
    await aMailTo(user.email, /You're now on Pro/)
  })

  test('that is scheduled is dropped by a change to the current plan, by an upgrade, and by canceling', async () => {
    await aPlan(app, { code: 'vip-plus', priceCents: 9_000, tier: 'vip' })
    const user = await aPayingUser(app, 'vip')
    const { subscriptions } = (await app.as(user)).api.billing
    const waits = async () => {
      expect((await subscriptions.change.mutate({ planCode: 'pro' })).scheduledChange?.plan.code).toBe('pro')
    }
    await waits()
    expect(await subscriptions.previewChange.query({ planCode: 'vip' })).toMatchObject({
      dueNowCents: 0,
      nextPaymentCents: 4_900,
    })
    expect((await subscriptions.change.mutate({ planCode: 'vip' })).scheduledChange).toBeNull()
    await expect(subscriptions.change.mutate({ planCode: 'vip' })).rejects.toMatchObject(
      refusal('CONFLICT', 'SAME_PLAN'),
    )

    await waits()
    expect((await subscriptions.change.mutate({ planCode: 'free' })).scheduledChange?.plan.code).toBe('free')
    expect((await subscriptions.change.mutate({ planCode: 'vip-plus' })).scheduledChange).toBeNull()

    expect((await subscriptions.change.mutate({ planCode: 'pro' })).scheduledChange?.plan.code).toBe('pro')
    expect(await subscriptions.cancel.mutate()).toMatchObject({ cancelAtPeriodEnd: true, scheduledChange: null })
    expect((await subscriptionAtStripe(user)).schedule).toBeNull()
  })

  test('in a trial costs nothing and the trial continues', async () => {
    await aPlan(app, { code: 'trial-pro', priceCents: 1_500, trialDays: 14 })
    const user = await aPayingUser(app, 'trial-pro')
    const { subscriptions } = (await app.as(user)).api.billing
    const before = await subscriptions.current.query()
    expect(before).toMatchObject({ status: 'trialing', accessReason: 'trialing' })
    await advance(app, { days: 3 })
    const preview = await subscriptions.previewChange.query({ planCode: 'vip' })
    expect(preview).toMatchObject({ dueNowCents: 0, creditCents: 0, nextPaymentCents: 4_900 })
    expect(preview.nextPaymentAt).toEqual(before?.currentPeriodEnd)

    const changed = await subscriptions.change.mutate({ planCode: 'vip', prorationDate: preview.prorationDate })
    expect(changed).toMatchObject({ status: 'trialing', plan: { code: 'vip' } })
    expect(changed.currentPeriodEnd).toEqual(before?.currentPeriodEnd)
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(0)

    expect(await subscriptions.change.mutate({ planCode: 'trial-pro' })).toMatchObject({
      status: 'trialing',
      plan: { code: 'vip' },
      scheduledChange: { plan: { code: 'trial-pro' }, at: before?.currentPeriodEnd },
    })
    await advance(app, { days: 12 })
    expect(await subscriptions.current.query()).toMatchObject({ status: 'active', plan: { code: 'trial-pro' } })
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(1_500)
  })

  test('keeps the old plan when the card is declined, and works with a better card', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    await advance(app, { days: 5 })
    await failCharges(app, customerOf(user), true)
    const preview = await subscriptions.previewChange.query({ planCode: 'vip' })
    const change = () => subscriptions.change.mutate({ planCode: 'vip', prorationDate: preview.prorationDate })
    await expect(change()).rejects.toMatchObject(refusal('PAYMENT_REQUIRED', 'PAYMENT_FAILED'))
    expect(await subscriptions.current.query()).toMatchObject({
      plan: { code: 'pro' },
      status: 'active',
      hasAccess: true,
    })
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(1_900)

    await failCharges(app, customerOf(user), false)
    expect(await change()).toMatchObject({ plan: { code: 'vip' } })
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(1_900 + preview.dueNowCents)
  })

  test('accepts only the date of a preview that this user got for this plan in the last ten minutes', async () => {
    await aPlan(app, { code: 'vip-other', priceCents: 7_000, tier: 'vip' })
    const [user, other] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
    const { subscriptions } = (await app.as(user)).api.billing
    const { subscriptions: others } = (await app.as(other)).api.billing
    await advance(app, { days: 3 })
    const stale = refusal('CONFLICT', 'PREVIEW_STALE')
    const { prorationDate } = await subscriptions.previewChange.query({ planCode: 'vip' })
    const earlier = new Date(prorationDate.getTime() - 20 * MINUTE)
    const future = new Date(prorationDate.getTime() + 20 * MINUTE)
    // The last two are dates to JavaScript but not to PostgreSQL.
    for (const moment of [earlier, future, new Date(-8.64e15), new Date(8.64e15)]) {
      const change = subscriptions.change.mutate({ planCode: 'vip', prorationDate: moment })
      await expect(change).rejects.toMatchObject(stale)
    }
    await expect(subscriptions.change.mutate({ planCode: 'vip-other', prorationDate })).rejects.toMatchObject(stale)
    await expect(others.change.mutate({ planCode: 'vip', prorationDate })).rejects.toMatchObject(stale)

    app.clock.advance(10 * MINUTE)
    await expect(subscriptions.change.mutate({ planCode: 'vip', prorationDate })).rejects.toMatchObject(stale)
    app.clock.advance(-10 * MINUTE)
    await app.stripe.advance({ seconds: 601 })
    await expect(subscriptions.change.mutate({ planCode: 'vip', prorationDate })).rejects.toMatchObject(stale)

    const again = await subscriptions.previewChange.query({ planCode: 'vip' })
    await stripeClient(app).customers.createBalanceTransaction(customerOf(user), { amount: -500, currency: 'usd' })
    const change = subscriptions.change.mutate({ planCode: 'vip', prorationDate: again.prorationDate })
    await expect(change).rejects.toMatchObject(stale)
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(1_900)
  })

  longTest('changes nothing while Stripe is down, and works afterwards', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    const down = refusal('BAD_GATEWAY', 'PAYMENT_PROVIDER_ERROR')
    await failNext(app)
    await expect(subscriptions.change.mutate({ planCode: 'vip' })).rejects.toMatchObject(down)
    await expect(subscriptions.previewChange.query({ planCode: 'vip' })).rejects.toMatchObject(down)
    await calm(app)
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' } })
    expect(await subscriptions.change.mutate({ planCode: 'vip' })).toMatchObject({ plan: { code: 'vip' } })
    expect((await ledgerOf(app, customerOf(user))).invoices).toHaveLength(2)
  })

  test('is made once when it is requested twice at the same time', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    await advance(app, { days: 7 })
    const { prorationDate, dueNowCents } = await subscriptions.previewChange.query({ planCode: 'vip' })
    const clicks = [1, 2, 3].map(() => subscriptions.change.mutate({ planCode: 'vip', prorationDate }))
    const outcomes = await Promise.allSettled(clicks)
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect((await ledgerOf(app, customerOf(user))).charged).toBe(1_900 + dueNowCents)
  })

  /** Why a change is refused. Its preview is refused for the same reason. */
  const refusalOf = async (user: PayingUser, planCode: string): Promise<unknown> => {
    const { subscriptions } = (await app.as(user)).api.billing
    const reasonOf = (call: Promise<unknown>) =>
      call.then(
        () => 'none',
        (error: { data: { code: string; reason: string } }) => `${error.data.code}/${error.data.reason}`,
      )
    const preview = await reasonOf(subscriptions.previewChange.query({ planCode }))
    const change = await reasonOf(subscriptions.change.mutate({ planCode }))
    return preview === change ? change : { preview, change }
  }

  test('is refused to an unknown plan, to the current plan, and in another currency', async () => {
    await aPlan(app, { code: 'vip-eur', currency: 'eur', tier: 'vip', priceCents: 4_900 })
    const user = await aPayingUser(app, 'pro')
    expect(await refusalOf(user, 'nothing')).toBe('NOT_FOUND/PLAN_NOT_FOUND')
    expect(await refusalOf(user, 'pro')).toBe('CONFLICT/SAME_PLAN')
    expect(await refusalOf(user, 'vip-eur')).toBe('CONFLICT/CURRENCY_MISMATCH')
  })

  test('is refused without a subscription, after canceling, with a grant, and without a card', async () => {
    const newcomer = { ...(await app.aUser()), stripeCustomerId: '', sessionId: '' }
    expect(await refusalOf(newcomer, 'vip')).toBe('NOT_FOUND/NO_SUBSCRIPTION')
    await aGrant(app, newcomer, 'pro')
    expect(await refusalOf(newcomer, 'vip')).toBe('CONFLICT/PROVIDER_UNSUPPORTED')

    const leaver = await aPayingUser(app, 'pro')
    await (await app.as(leaver)).api.billing.subscriptions.cancel.mutate()
    expect(await refusalOf(leaver, 'vip')).toBe('CONFLICT/ALREADY_CANCELING')
    expect(await refusalOf(await aPayingUser(app, 'free'), 'pro')).toBe('CONFLICT/PAYMENT_METHOD_REQUIRED')
  })

  test('appears in the event feed, like every other change in these tests', async () => {
    expect(await expectAllIsTold(app)).toBeGreaterThan(0)
  })
})
