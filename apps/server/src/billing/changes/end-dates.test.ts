import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { longTest } from '../../../test/long.ts'
import { anAddOn, aPlan } from '../../../test/plans.ts'
import { advance, advanceTo, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { chaos, ledgerOf, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { AccountClosed } from '../../auth/index.ts'
import { after } from '../../platform/clock.ts'
import { DAY, HOUR, SECOND } from '../../platform/durations.ts'

describe('an end date set at Stripe', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterEach(() => chaos(app))
  afterAll(() => app[Symbol.asyncDispose]())

  /** A user whose subscription support has set to end in so many days. */
  const aUserEndingIn = async (days: number, planCode = 'pro') => {
    const user = await aPayingUser(app, planCode)
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const end = after(new Date(Math.floor(app.stripe.now().getTime() / SECOND) * SECOND), days * DAY)
    await stripeClient(app).subscriptions.update(id, { cancel_at: end.getTime() / SECOND })
    await eventsDone(app)
    const { api } = await app.as(user)
    const current = async () => api.billing.subscriptions.current.query()
    return { user, api, end, id, current, periodEnd: (await current())?.currentPeriodEnd ?? end }
  }
  const endAtStripe = async ({ stripeCustomerId }: PayingUser) => {
    const { cancel_at } = await stripeSubscriptionOf(app, stripeCustomerId)
    return cancel_at === null ? null : new Date(cancel_at * SECOND)
  }
  /** As the mails write a day. */
  const inWords = (date: Date) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(date)

  test('before the period ends access on that day, and the mail names it', async () => {
    const { user, api, end, current, periodEnd } = await aUserEndingIn(10)
    expect(end < periodEnd).toBe(true)
    expect(await current()).toMatchObject({
      ...{ cancelAt: end, cancelAtPeriodEnd: true, currentPeriodEnd: periodEnd },
      ...{ hasAccess: true, accessUntil: end, accessReason: 'ending' },
    })
    expect((await api.billing.entitlement.query()).until).toEqual(end)
    expect((await aMailTo(user.email, /will end/)).text).toContain(`ends on ${inWords(end)}`)
    await expect(api.billing.subscriptions.cancel.mutate()).rejects.toMatchObject(
      refusal('CONFLICT', 'ALREADY_CANCELING'),
    )
  })

  test('after the period leaves the renewals alone, and the mail names it', async () => {
    const { user, api, end, current, periodEnd } = await aUserEndingIn(75)
    expect(await current()).toMatchObject({
      ...{ cancelAt: end, cancelAtPeriodEnd: false, accessUntil: periodEnd, accessReason: 'active' },
    })
    expect((await api.billing.entitlement.query()).until).toEqual(periodEnd)
    const { text } = await aMailTo(user.email, /will end/)
    expect(text).toContain(`ends on ${inWords(end)}`)
    expect(text).toContain('it renews as usual')

    await advance(app, { days: 64 })
    expect(await current()).toMatchObject({ status: 'active', cancelAtPeriodEnd: true, accessUntil: end })
    await advanceTo(app, after(end, HOUR))
    expect(await current()).toBeNull()
    await aMailTo(user.email, /has ended/)
  })

  test('after the period can be brought forward by `cancel`, and taken back by `resume`', async () => {
    const { user, api, end, current, periodEnd } = await aUserEndingIn(75)
    const { subscriptions } = api.billing
    expect(await subscriptions.cancel.mutate()).toMatchObject({
      ...{ cancelAt: periodEnd, cancelAtPeriodEnd: true, accessReason: 'ending' },
    })
    await expect(subscriptions.cancel.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'ALREADY_CANCELING'))
    await until('a mail about the new end', async () =>
      (await mailsTo(user.email)).some(({ text }) => text.includes(`ends on ${inWords(periodEnd)}`)),
    )
    expect(await subscriptions.resume.mutate()).toMatchObject({ cancelAt: null, cancelAtPeriodEnd: false })

    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await stripeClient(app).subscriptions.update(id, { cancel_at: end.getTime() / SECOND })
    await eventsDone(app)
    expect(await current()).toMatchObject({ cancelAt: end })
    expect(await subscriptions.resume.mutate()).toMatchObject({ cancelAt: null, accessReason: 'active' })
    expect(await endAtStripe(user)).toBeNull()
    await expect(subscriptions.resume.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'NOT_CANCELING'))
  })

  test('by a schedule can be taken back by `resume`', async () => {
    const { user, api, end } = await aUserEndingIn(75)
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await stripeClient(app).subscriptionSchedules.create({ from_subscription: id })
    await eventsDone(app)
    expect(await endAtStripe(user)).toEqual(end)
    expect(await api.billing.subscriptions.resume.mutate()).toMatchObject({ cancelAt: null })
    expect(await endAtStripe(user)).toBeNull()
  })

  test('is that of the plan, even if an add-on has a shorter period', async () => {
    await aPlan(app, { code: 'year', priceCents: 20_000, billingPeriod: 'yearly' })
    const user = await aPayingUser(app, 'year')
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await stripeClient(app).subscriptions.update(id, { items: [{ price: await anAddOn(app, 300) }] })
    await eventsDone(app)
    const { subscriptions } = (await app.as(user)).api.billing
    const { currentPeriodEnd } = await subscriptions.cancel.mutate()
    expect(await subscriptions.current.query()).toMatchObject({ cancelAt: currentPeriodEnd, cancelAtPeriodEnd: true })
    await advance(app, { days: 40 })
    expect(await subscriptions.current.query()).toMatchObject({ status: 'active', accessUntil: currentPeriodEnd })
    expect(await endAtStripe(user)).toEqual(currentPeriodEnd)
    expect(await subscriptions.resume.mutate()).toMatchObject({ cancelAt: null })
  })

  test('after the period is kept by an upgrade', async () => {
    const { user, api, end } = await aUserEndingIn(75)
    expect(await api.billing.subscriptions.change.mutate({ planCode: 'vip' })).toMatchObject({
      ...{ plan: { code: 'vip' }, cancelAt: end, cancelAtPeriodEnd: false },
    })
    expect(await endAtStripe(user)).toEqual(end)
  })

  longTest('after the period is kept by a scheduled change, and by dropping that', async () => {
    const { user, api, end, periodEnd } = await aUserEndingIn(75, 'vip')
    const { subscriptions } = api.billing
    const scheduled = { scheduledChange: { plan: { code: 'pro' }, at: periodEnd }, cancelAt: end }
    expect(await subscriptions.change.mutate({ planCode: 'pro' })).toMatchObject(scheduled)
    expect(await subscriptions.change.mutate({ planCode: 'vip' })).toMatchObject({
      scheduledChange: null,
      cancelAt: end,
    })
    expect(await subscriptions.change.mutate({ planCode: 'pro' })).toMatchObject(scheduled)
    await advanceTo(app, after(periodEnd, DAY))
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' }, cancelAt: end })
    expect(await endAtStripe(user)).toEqual(end)
  })

  test('after the period is brought forward when the account is closed, so that no renewal is charged', async () => {
    const { user, api, periodEnd } = await aUserEndingIn(75)
    await api.auth.deactivate.mutate()
    await jobsDone(app, AccountClosed.name)
    expect(await endAtStripe(user)).toEqual(periodEnd)
    await advance(app, { days: 40 })
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 1_900, refunded: 0 })
  })
})
