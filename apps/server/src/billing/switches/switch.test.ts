import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { longTest } from '../../../test/long.ts'
import { control } from '../../../test/paymob-gateway.ts'
import { aPaymobPlan, callbacksDone, payAtPaymob, paymobOf } from '../../../test/paymob-purchases.ts'
import { aPlan } from '../../../test/plans.ts'
import { jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { calm, failCharges, failNext, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import {
  advanceSettled,
  aSwitcherTo,
  billingFor,
  fetchAtPaymob,
  moneyOf,
  settledAtBoth,
  upcomingRowsOf,
} from '../../../test/switches.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY, HOUR } from '../../platform/durations.ts'
import { atProvider } from '../billing-scope.ts'
import { ReconciliationFinding } from '../reconciliation-finding.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { expireSubscriptions } from '../upkeep/expire-subscriptions.ts'
import { reconcileObject } from '../upkeep/reconcile-object.ts'
import { reconcile } from '../upkeep/reconcile.ts'

const EGP = 'pro-egp'

describe('a switch', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({}, { paymob: true })
    await aPaymobPlan(app, EGP, 90_000)
    await aPaymobPlan(app, 'vip-egp', 120_000, { tier: 'vip' })
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const settled = () => settledAtBoth(app)
  const advance = (by: { days?: number; hours?: number }) => advanceSettled(app, by)
  const billingOf = (user: TestUser) => billingFor(app, user)
  const aSwitcher = (planCode?: string) => aSwitcherTo(app, EGP, planCode)
  const stripeOf = async ({ stripeCustomerId }: PayingUser) => stripeSubscriptionOf(app, stripeCustomerId)
  const upcomingRows = (user: TestUser) => upcomingRowsOf(app, user)
  const atPaymob = (id?: string) => fetchAtPaymob(app, id)

  test('that is abandoned changes nothing', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = await billingOf(user)
    const before = await subscriptions.current.query()
    await subscriptions.switch.mutate({ planCode: EGP })
    expect(await subscriptions.current.query()).toEqual(before)
    expect(await subscriptions.upcoming.query()).toBeNull()
    expect((await stripeOf(user)).cancel_at_period_end).toBe(false)
  })

  test('can be canceled before it begins, and the current plan resumed', async () => {
    const { user, billing } = await aSwitcher()
    const [row] = await upcomingRows(user)
    expect(await billing.subscriptions.cancelUpcoming.mutate()).toMatchObject({ accessReason: 'ending' })
    expect(await reasonOf(billing.subscriptions.cancelUpcoming.mutate())).toBe('NO_UPCOMING_SUBSCRIPTION')
    expect(await billing.subscriptions.resume.mutate()).toMatchObject({ cancelAt: null })
    await settled()
    expect(await upcomingRows(user)).toMatchObject([{ status: 'canceled' }])
    expect(await atPaymob(row?.provider_subscription_id)).toMatchObject({ status: 'canceled' })
    await advance({ days: 32 })
    expect(await moneyOf(billing)).toEqual([
      { provider: 'stripe', status: 'succeeded', kept: 1_900 },
      { provider: 'stripe', status: 'succeeded', kept: 1_900 },
    ])
  })

  test('that its provider does not know can be canceled, and is undone if it turns up again', async () => {
    const { user, billing } = await aSwitcher()
    const id = (await upcomingRows(user))[0]?.provider_subscription_id ?? ''
    const renaming = 'update upcoming_subscriptions set provider_subscription_id = ? where account_id = ?'
    const rename = async (to: string) => app.scope().em.execute(renaming, [to, user.id])
    await rename('999999999')
    await billing.subscriptions.cancelUpcoming.mutate()
    expect(await billing.subscriptions.resume.mutate()).toMatchObject({ cancelAt: null })
    await rename(id)
    await reconcileObject(atProvider(app.scope(), 'paymob'), new Date(), {
      kind: 'subscription',
      id,
      accountId: user.id,
    })
    await settled()
    expect(await atPaymob(id)).toMatchObject({ status: 'canceled' })
    expect(await billing.subscriptions.current.query()).toMatchObject({ provider: 'stripe', cancelAt: null })
  })

  test('leaves no moment without access, even if all notices about its start are late', async () => {
    const { billing } = await aSwitcher()
    const startsAt = (await billing.subscriptions.upcoming.query())?.startsAt ?? new Date(0)
    await app.stopWorker()
    await app.stripe.advance({ seconds: Math.ceil((startsAt.getTime() - app.stripe.now().getTime()) / 1_000) + 60 })
    expect(await billing.entitlement.query()).toMatchObject({ planCode: 'pro' })
    expect(await billing.subscriptions.current.query()).toMatchObject({ hasAccess: true, accessReason: 'ending' })
    await app.startWorker()
    await settled()
    expect(await billing.entitlement.query()).toMatchObject({ planCode: EGP })
  })

  test('keeps a current plan from being resumed at its provider', async () => {
    const { user } = await aSwitcher()
    const { id } = await stripeOf(user)
    await stripeClient(app).subscriptions.update(id, { cancel_at_period_end: false })
    await settled()
    expect((await stripeOf(user)).cancel_at_period_end).toBe(true)
  })

  test('drops a scheduled change, and begins after a trial', async () => {
    const { user, billing } = await aSwitcher('vip')
    expect(await billing.subscriptions.current.query()).toMatchObject({ scheduledChange: null })
    await aPlan(app, { code: 'tried', priceCents: 2_000, trialDays: 14 })
    const tried = await aPayingUser(app, 'tried')
    const { subscriptions } = await billingOf(tried)
    const { trial_end } = await stripeOf(tried)
    const { startsAt } = await subscriptions.previewSwitch.query({ planCode: EGP })
    expect(startsAt.getTime()).toBe((trial_end ?? 0) * 1_000)
    expect((await stripeOf(user)).cancel_at_period_end).toBe(true)
  })

  test('follows a renewal that came before the current plan could be set to end', async () => {
    const user = await aPayingUser(app, 'pro')
    const billing = await billingOf(user)
    const { sessionId } = await billing.subscriptions.switch.mutate({ planCode: EGP })
    await app.stopWorker()
    // Nothing of the purchase is known, and the current plan was changed to another period meanwhile.
    await payAtPaymob(app, sessionId)
    const { id } = await stripeOf(user)
    const trialEnd = Math.floor(after(app.stripe.now(), 50 * DAY).getTime() / 1_000)
    await stripeClient(app).subscriptions.update(id, { trial_end: trialEnd, proration_behavior: 'none' })
    await app.startWorker()
    await settled()
    const startsAt = (await billing.subscriptions.upcoming.query())?.startsAt
    expect(startsAt).toEqual(new Date(trialEnd * 1_000))
    expect(await billing.subscriptions.current.query()).toMatchObject({ cancelAtPeriodEnd: true })
    await advance({ days: 32 })
    expect(await billing.subscriptions.current.query()).toMatchObject({ provider: 'stripe', hasAccess: true })
    await advance({ days: 20 })
    expect(await billing.subscriptions.current.query()).toMatchObject({ provider: 'paymob', hasAccess: true })
    expect(await moneyOf(billing)).toEqual([
      { provider: 'paymob', status: 'succeeded', kept: 90_000 },
      { provider: 'stripe', status: 'succeeded', kept: 1_900 },
    ])
  })

  longTest('is undone and paid back if both were charged for the same time', async () => {
    const user = await aPayingUser(app, 'pro')
    const billing = await billingOf(user)
    const { sessionId } = await billing.subscriptions.switch.mutate({ planCode: EGP })
    await app.stopWorker()
    await payAtPaymob(app, sessionId)
    await app.stripe.advance({ days: 32 })
    await paymobOf(app).advance({ hours: 1 })
    await paymobOf(app).drained()
    await app.startWorker()
    await settled()
    expect(await billing.subscriptions.upcoming.query()).toBeNull()
    expect(await billing.subscriptions.current.query()).toMatchObject({
      ...{ provider: 'stripe', cancelAt: null, hasAccess: true },
    })
    expect((await upcomingRows(user)).map(({ status }) => status)).toEqual(['undone'])
    expect(await moneyOf(billing)).toEqual([
      { provider: 'stripe', status: 'succeeded', kept: 1_900 },
      { provider: 'paymob', status: 'refunded', kept: 0 },
      { provider: 'stripe', status: 'succeeded', kept: 1_900 },
    ])
  })

  test('waits while the present provider is down, and is settled afterwards', async () => {
    const user = await aPayingUser(app, 'pro')
    const billing = await billingOf(user)
    const { sessionId } = await billing.subscriptions.switch.mutate({ planCode: EGP })
    await failNext(app)
    await payAtPaymob(app, sessionId)
    await callbacksDone(app)
    const { em } = app.scope()
    await expect
      .poll(() => em.execute("select 1 from pgboss.job where name = 'settle-upcoming' and state = 'retry'"), {
        timeout: 10_000,
      })
      .toHaveLength(1)
    expect(await billing.subscriptions.upcoming.query()).toMatchObject({ plan: { code: EGP } })
    expect(await billing.subscriptions.current.query()).toMatchObject({ accessReason: 'active' })
    await calm(app)
    // The job was lost, too.
    await em.execute("delete from pgboss.job where name = 'settle-upcoming'")
    await reconcile(app.scope())
    await settled()
    expect(await billing.subscriptions.current.query()).toMatchObject({ accessReason: 'ending' })
  })

  longTest('is found without any notice, and begins without any', async () => {
    await control(paymobOf(app), 'PUT', 'chaos', { drop: 1 })
    const user = await aPayingUser(app, 'pro')
    const billing = await billingOf(user)
    const { sessionId } = await billing.subscriptions.switch.mutate({ planCode: EGP })
    await payAtPaymob(app, sessionId)
    app.clock.advance(HOUR + 60_000)
    await reconcile(app.scope())
    await settled()
    expect(await billing.subscriptions.upcoming.query()).toMatchObject({ plan: { code: EGP } })
    await advance({ days: 32 })
    await expireSubscriptions(app.scope())
    await reconcile(app.scope())
    await settled()
    expect(await billing.subscriptions.current.query()).toMatchObject({ provider: 'paymob', hasAccess: true })
    expect(await app.scope().em.count(ReconciliationFinding, { kind: 'unknown_at_provider' })).toBe(0)
    await control(paymobOf(app), 'PUT', 'chaos', {})
  })

  test('in two tabs: the second purchase is canceled, and costs nothing', async () => {
    const user = await aPayingUser(app, 'pro')
    const billing = await billingOf(user)
    const { subscriptions } = billing
    const [one, other] = [
      await subscriptions.switch.mutate({ planCode: EGP }),
      await subscriptions.switch.mutate({ planCode: 'vip-egp' }),
    ]
    await app.stopWorker()
    await payAtPaymob(app, one.sessionId)
    await payAtPaymob(app, other.sessionId)
    await app.startWorker()
    await settled()
    const [waiting, ...more] = await upcomingRows(user)
    expect([waiting?.status, more]).toEqual(['waiting', []])
    // What has checked the cards is paid back for both.
    expect(await atPaymob(waiting?.provider_subscription_id)).toMatchObject({ status: 'active', isOwedCredit: false })
    const undone = await app.scope().em.findOneOrFail(Subscription, { account: user.id, provider: 'paymob' })
    const id = undone.providerSubscriptionId ?? ''
    expect(await atPaymob(id)).toMatchObject({ status: 'canceled', isOwedCredit: false })
    await advance({ days: 32 })
    const kept = await subscriptions.current.query()
    expect(kept).toMatchObject({ provider: 'paymob', hasAccess: true })
    expect(await moneyOf(billing)).toEqual([
      { provider: 'paymob', status: 'succeeded', kept: kept?.priceCents },
      { provider: 'stripe', status: 'succeeded', kept: 1_900 },
    ])
  })

  test('of an account that is closed is canceled, before and after it is known', async () => {
    const { user } = await aSwitcher()
    const [row] = await upcomingRows(user)
    const late = await aPayingUser(app, 'pro')
    const { sessionId } = await (await billingOf(late)).subscriptions.switch.mutate({ planCode: EGP })
    await (await app.as(user)).api.auth.deactivate.mutate()
    await (await app.as(late)).api.auth.deactivate.mutate()
    await jobsDone(app, 'account-closed')
    await payAtPaymob(app, sessionId)
    await settled()
    expect(await upcomingRows(user)).toMatchObject([{ status: 'canceled' }])
    expect(await upcomingRows(late)).toEqual([])
    expect(await atPaymob(row?.provider_subscription_id)).toMatchObject({ status: 'canceled' })
    await advance({ days: 40 })
    const { em } = app.scope()
    const payments = await em.execute('select provider from payments where account_id in (?, ?)', [user.id, late.id])
    expect(payments).toEqual([{ provider: 'stripe' }, { provider: 'stripe' }])
  })

  test('begins at its date, even if the current plan has ended before', async () => {
    const { user, billing } = await aSwitcher()
    await stripeClient(app).subscriptions.cancel((await stripeOf(user)).id)
    await settled()
    expect(await billing.subscriptions.current.query()).toBeNull()
    expect(await billing.subscriptions.upcoming.query()).toMatchObject({ plan: { code: EGP } })
    expect(await reasonOf(billing.subscriptions.subscribe.mutate({ planCode: 'pro' }))).toBe('SWITCH_PENDING')
    await advance({ days: 32 })
    expect(await billing.subscriptions.current.query()).toMatchObject({ provider: 'paymob', hasAccess: true })
  })

  test('is refused for each of its reasons, and so is its preview', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = await billingOf(user)
    const both = async (planCode: string, of = subscriptions) => {
      const reasons = [
        await reasonOf(of.previewSwitch.query({ planCode })),
        await reasonOf(of.switch.mutate({ planCode })),
      ]
      expect(reasons[0]).toBe(reasons[1])
      return reasons[0]
    }
    expect(await both('nothing')).toBe('PLAN_NOT_FOUND')
    expect(await both('vip')).toBe('NOT_A_SWITCH')
    const newcomer = await app.aUser()
    expect(await both(EGP, (await billingOf(newcomer)).subscriptions)).toBe('NO_SUBSCRIPTION')
    await aGrant(app, newcomer, 'pro')
    expect(await both(EGP, (await billingOf(newcomer)).subscriptions)).toBe('NOT_A_SWITCH')
    const page = await subscriptions.switch.mutate({ planCode: EGP })
    expect(await subscriptions.switch.mutate({ planCode: EGP })).toEqual(page)
    await advance({ days: 29 })
    expect(await both(EGP)).toBe('SWITCH_TOO_LATE')
    await failCharges(app, user.stripeCustomerId, true)
    await advance({ days: 3 })
    expect(await both(EGP)).toBe('PAYMENT_DUE')
  })
})
