import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailsTo } from '../../../test/inbox.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, advanceTo, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { ledgerOf, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY, HOUR, SECOND } from '../../platform/durations.ts'

describe('terms that an operator changes at Stripe', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const aUserWith = async (planCode: string, change: (now: Date) => Stripe.SubscriptionUpdateParams) => {
    const user = await aPayingUser(app, planCode)
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const now = new Date(Math.floor(app.stripe.now().getTime() / SECOND) * SECOND)
    await stripeClient(app).subscriptions.update(id, change(now))
    await eventsDone(app)
    const { api } = await app.as(user)
    const current = async () => api.billing.subscriptions.current.query()
    const payments = async () =>
      (await api.billing.payments.list.query({})).items.map(({ status, amountCents }) => [status, amountCents])
    return { user, now, api, current, payments }
  }

  test('a trial moved to another day ends then, and is charged then', async () => {
    await aPlan(app, { code: 'tried', trialDays: 7 })
    const { user, now, current } = await aUserWith('tried', (at) => ({
      trial_end: after(at, 21 * DAY).getTime() / SECOND,
    }))
    const end = after(now, 21 * DAY)
    expect(await current()).toMatchObject({ status: 'trialing', currentPeriodEnd: end, accessUntil: end })
    await advance(app, { days: 10 })
    expect(await current()).toMatchObject({ status: 'trialing', hasAccess: true })
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 0 })
    await advanceTo(app, after(end, 2 * HOUR))
    expect(await current()).toMatchObject({ status: 'active', hasAccess: true })
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 1_000 })
  })

  test('a free month for a paying customer is a trial with access', async () => {
    const { now, current } = await aUserWith('pro', (at) => ({ trial_end: after(at, 30 * DAY).getTime() / SECOND }))
    expect(await current()).toMatchObject({
      ...{ status: 'trialing', hasAccess: true, accessUntil: after(now, 30 * DAY) },
    })
  })

  test('restarting the billing cycle moves the period', async () => {
    const user = await aPayingUser(app, 'pro')
    await advance(app, { days: 10 })
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const now = app.stripe.now()
    await stripeClient(app).subscriptions.update(id, { billing_cycle_anchor: { type: 'now' } })
    await eventsDone(app)
    const current = await (await app.as(user)).api.billing.subscriptions.current.query()
    expect(Math.abs(Number(current?.currentPeriodStart) - now.getTime())).toBeLessThan(5 * SECOND)
    expect(current?.accessUntil).toEqual(current?.currentPeriodEnd)
    expect(Number(current?.currentPeriodEnd) - now.getTime()).toBeGreaterThan(27 * DAY)
  })

  test('a customer who gets invoices by email changes plans without a card', async () => {
    const { user, api, payments } = await aUserWith('pro', () => ({
      collection_method: 'send_invoice',
      days_until_due: 20,
    }))
    const { data } = await stripeClient(app).customers.listPaymentMethods(user.stripeCustomerId)
    for (const { id } of data) await stripeClient(app).paymentMethods.detach(id)
    await eventsDone(app)
    const { subscriptions } = api.billing
    const { dueNowCents, prorationDate } = await subscriptions.previewChange.query({ planCode: 'vip' })
    expect(dueNowCents).toBeGreaterThan(0)
    expect(await subscriptions.change.mutate({ planCode: 'vip', prorationDate })).toMatchObject({
      ...{ plan: { code: 'vip' }, status: 'active', hasAccess: true },
    })
    await advance(app, { hours: 2 })
    expect(await payments()).toEqual([
      ['pending', dueNowCents],
      ['succeeded', 1_900],
    ])
  })

  test('an invoice sent by email is not a failed payment before it is due, and grace counts from that day', async () => {
    const { user, current, payments } = await aUserWith('pro', () => ({
      collection_method: 'send_invoice',
      days_until_due: 20,
    }))
    const { currentPeriodEnd: renewal = new Date() } = (await current()) ?? {}
    await advanceTo(app, after(renewal, 5 * DAY))
    expect(await current()).toMatchObject({ status: 'active', hasAccess: true, accessReason: 'active' })
    expect(await payments()).toEqual([
      ['pending', 1_900],
      ['succeeded', 1_900],
    ])

    await advanceTo(app, after(renewal, 21 * DAY + HOUR))
    const due = await current()
    expect(due).toMatchObject({ status: 'past_due', hasAccess: true, accessReason: 'past_due_grace' })
    expect(Number(due?.accessUntil) - renewal.getTime()).toBeGreaterThan(22.9 * DAY)

    const { data } = await stripeClient(app).invoices.list({ customer: user.stripeCustomerId, status: 'open' })
    await stripeClient(app).invoices.pay(data[0]?.id ?? '', { paid_out_of_band: true })
    await eventsDone(app)
    expect(await current()).toMatchObject({ status: 'active', hasAccess: true })
    expect((await payments())[0]).toEqual(['succeeded', 1_900])
    await jobsDone(app, 'send-mail')
    expect((await mailsTo(user.email)).filter(({ subject }) => /didn't go through/.test(subject))).toEqual([])
  })
})
