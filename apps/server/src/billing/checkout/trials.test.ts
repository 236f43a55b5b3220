import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, until } from '../../../test/inbox.ts'
import { addMember, aMember, anOrganization } from '../../../test/organizations.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser, stripeCustomerOf } from '../../../test/purchases.ts'
import { ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'

describe('a trial', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const billingOf = async (user: TestUser) => (await app.as(user)).api.billing

  test('is given to a user only once', async () => {
    await aPlan(app, { code: 'tried', priceCents: 1_500, trialDays: 14 })
    await aPlan(app, { code: 'tried-too', priceCents: 1_600, trialDays: 30 })
    const user = await aPayingUser(app, 'tried')
    const { subscriptions, trial } = await billingOf(user)
    expect(await subscriptions.current.query()).toMatchObject({ status: 'trialing', priceCents: 1_500 })
    expect((await aMailTo(user.email, /has started/)).text).toContain('trial runs until')
    await advance(app, { days: 12 })
    await aMailTo(user.email, /trial ends soon/)
    await subscriptions.cancel.mutate()
    await advance(app, { days: 3 })
    expect(await subscriptions.current.query()).toBeNull()
    expect(await trial.query()).toEqual({ isAvailable: false, isUsed: true })

    const { checkoutUrl } = await subscriptions.subscribe.mutate({ planCode: 'tried-too' })
    await payOnPage(checkoutUrl)
    await until('access', async () => (await subscriptions.current.query())?.hasAccess)
    expect(await subscriptions.current.query()).toMatchObject({ status: 'active', plan: { code: 'tried-too' } })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_600)
  })

  test('is given to a person only once, whatever organizations they found', async () => {
    await aPlan(app, { code: 'team-trial', priceCents: 1_700, trialDays: 14 })
    const user = await app.aUser()
    const { accounts, billing } = (await app.as(user)).api
    expect(await billing.trial.query()).toEqual({ isAvailable: true, isUsed: false })
    const [{ id: first }, { id: second }] = [
      await accounts.create.mutate({ name: 'First' }),
      await accounts.create.mutate({ name: 'Second' }),
    ]
    // Two pages are open before the first trial begins.
    const pages = [
      await billing.subscriptions.subscribe.mutate({ accountId: first, planCode: 'team-trial' }),
      await billing.subscriptions.subscribe.mutate({ accountId: second, planCode: 'team-trial' }),
    ] as const
    for (const { checkoutUrl } of pages) await payOnPage(checkoutUrl)
    await eventsDone(app)
    await jobsDone(app, 'reverse-subscription', 'expire-checkouts')
    const statuses = [first, second].map(async (accountId) => billing.subscriptions.current.query({ accountId }))
    expect((await Promise.all(statuses)).map((found) => found?.status ?? null).sort()).toEqual([null, 'trialing'])

    const { id: third } = await accounts.create.mutate({ name: 'Third' })
    for (const accountId of [undefined, first, second, third]) {
      expect(await billing.trial.query({ accountId })).toEqual({ isAvailable: false, isUsed: true })
    }
    const { sessionId } = await billing.subscriptions.subscribe.mutate({ planCode: 'team-trial' })
    expect((await stripeClient(app).checkout.sessions.retrieve(sessionId)).amount_total).toBe(1_700)
  })

  test('is not given again to an owner who has left the organization that had it', async () => {
    await aPlan(app, { code: 'left-trial', priceCents: 1_800, trialDays: 14 })
    const [founder, friend] = [await aMember(app), await aMember(app)]
    const { id: accountId } = await anOrganization(app, founder)
    const { subscriptions } = founder.api.billing
    const { checkoutUrl, sessionId } = await subscriptions.subscribe.mutate({ accountId, planCode: 'left-trial' })
    await payOnPage(checkoutUrl)
    expect(await subscriptions.sync.mutate({ accountId, sessionId })).toMatchObject({ status: 'trialing' })
    await addMember(app, accountId, friend, 'owner')
    await founder.api.accounts.leave.mutate({ accountId })

    const { id: next } = await anOrganization(app, founder)
    const again = await subscriptions.subscribe.mutate({ accountId: next, planCode: 'left-trial' })
    expect((await stripeClient(app).checkout.sessions.retrieve(again.sessionId)).amount_total).toBe(1_800)
  })

  test('is given only once, even if a second checkout page was opened beside the first', async () => {
    await aPlan(app, { code: 'beside', priceCents: 1_500, trialDays: 14 })
    await aPlan(app, { code: 'beside-too', priceCents: 1_600, trialDays: 30 })
    const user = await app.aUser()
    const { subscriptions } = await billingOf(user)
    const [first, second] = [
      await subscriptions.subscribe.mutate({ planCode: 'beside' }),
      await subscriptions.subscribe.mutate({ planCode: 'beside-too' }),
    ]
    await app.stopWorker()
    await payOnPage(first.checkoutUrl)
    expect(await subscriptions.sync.mutate({ sessionId: first.sessionId })).toMatchObject({ status: 'trialing' })
    const stripe = stripeClient(app)
    const [trial] = (await stripe.subscriptions.list({ customer: await stripeCustomerOf(app, user) })).data
    await stripe.subscriptions.cancel(trial?.id ?? '')
    expect(await subscriptions.sync.mutate({ sessionId: first.sessionId })).toBeNull()

    await payOnPage(second.checkoutUrl)
    expect(await subscriptions.sync.mutate({ sessionId: second.sessionId })).toBeNull()
    await app.startWorker()
    await eventsDone(app)
    await jobsDone(app, 'reverse-subscription', 'expire-checkouts')
    expect((await stripe.subscriptions.list({ customer: await stripeCustomerOf(app, user) })).data).toEqual([])
    expect(await subscriptions.current.query()).toBeNull()

    await payOnPage((await subscriptions.subscribe.mutate({ planCode: 'beside-too' })).checkoutUrl)
    await until('access', async () => (await subscriptions.current.query())?.hasAccess)
    expect(await subscriptions.current.query()).toMatchObject({ status: 'active', plan: { code: 'beside-too' } })
  })

  test('is promised as the checkout page gives it: beside a grant, but not beside a plan that is paid', async () => {
    await aPlan(app, { code: 'promised', priceCents: 1_500, tier: 'vip', trialDays: 14 })
    await aPlan(app, { code: 'at-once', priceCents: 1_400 })
    const stripe = stripeClient(app)
    const given = await app.aUser()
    await aGrant(app, given, 'pro')
    const { subscriptions, trial } = await billingOf(given)
    expect(await trial.query()).toEqual({ isAvailable: true, isUsed: false })
    for (const buy of [subscriptions.subscribe, subscriptions.upgrade]) {
      const { sessionId } = await buy.mutate({ planCode: 'promised' })
      expect((await stripe.checkout.sessions.retrieve(sessionId)).amount_total).toBe(0)
    }

    const paying = await aPayingUser(app, 'at-once')
    const own = await billingOf(paying)
    expect(await own.trial.query()).toEqual({ isAvailable: false, isUsed: false })
    const [live] = (await stripe.subscriptions.list({ customer: paying.stripeCustomerId })).data
    await stripe.subscriptions.cancel(live?.id ?? '')
    await until('the end', async () => (await own.subscriptions.current.query()) === null)
    expect(await own.trial.query()).toEqual({ isAvailable: true, isUsed: false })
  })

  test('is given only once, even if an admin granted a plan in between', async () => {
    await aPlan(app, { code: 'tried-first', priceCents: 1_500, trialDays: 14 })
    await aPlan(app, { code: 'tried-later', priceCents: 1_600, tier: 'vip', trialDays: 14 })
    const user = await aPayingUser(app, 'tried-first')
    const { subscriptions } = await billingOf(user)
    const stripe = stripeClient(app)
    const [trial] = (await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data
    await stripe.subscriptions.cancel(trial?.id ?? '')
    await until('the end', async () => (await subscriptions.current.query()) === null)
    await aGrant(app, user, 'pro')
    for (const page of [
      await subscriptions.subscribe.mutate({ planCode: 'tried-later' }),
      await subscriptions.upgrade.mutate({ planCode: 'tried-later' }),
    ]) {
      const session = await stripe.checkout.sessions.retrieve(page.sessionId)
      expect(session.amount_total).toBe(1_600)
    }
  })
})
