import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { advance, eventsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
import { chargeOf, controlStripe, forgetEvents, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { reconcile } from '../upkeep/reconcile.ts'
import { recheckNow } from './recheck.ts'

describe('a recheck of everything', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({ RECHECK_CALLS_PER_SECOND: '50' })
    await reconcile(app.scope())
  })
  afterEach(async () => switchEndpoint(false))
  afterAll(() => app[Symbol.asyncDispose]())

  const recheck = () => recheckNow(app.scope(), () => {})
  const current = async (user: TestUser) => (await app.as(user)).api.billing.subscriptions.current.query()
  const firstPayment = async (user: TestUser) =>
    (await (await app.as(user)).api.billing.payments.list.query({})).items.at(0)
  const switchEndpoint = async (disabled: boolean) => {
    const stripe = stripeClient(app)
    for (const { id } of (await stripe.webhookEndpoints.list()).data) {
      await stripe.webhookEndpoints.update(id, { disabled })
    }
  }
  /** Nothing of what `change` does at Stripe reaches us by an event, neither sent nor on the list. */
  const withoutEvents = async (change: () => Promise<unknown>) => {
    await switchEndpoint(true)
    await change()
    await forgetEvents(app)
    expect(await reconcile(app.scope())).toMatchObject({ recovered: 0, corrected: [] })
  }

  /** Makes a subscription as the dashboard does, with a card of its own. */
  const make = async (customer: string, price: string) => {
    const stripe = stripeClient(app)
    const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer })
    return stripe.subscriptions.create({ customer, items: [{ price }], default_payment_method: id })
  }

  test('finds a subscription that was canceled and a payment that was refunded, without any event', async () => {
    const [canceled, refunded] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
    const stripe = stripeClient(app)
    await withoutEvents(async () => {
      await stripe.subscriptions.cancel((await stripeSubscriptionOf(app, canceled.stripeCustomerId)).id)
      await stripe.refunds.create({ charge: (await chargeOf(app, refunded.stripeCustomerId)).id, amount: 500 })
    })
    expect((await current(canceled))?.status).toBe('active')

    expect(await recheck()).toMatchObject({ asked: 2, corrected: 2, failed: 0 })
    expect(await current(canceled)).toBeNull()
    expect(await firstPayment(refunded)).toMatchObject({ status: 'partially_refunded', refundedCents: 500 })
    expect(await recheck()).toMatchObject({ asked: 0, corrected: 0, failed: 0 })
  })

  test('finds everything else that support can do at Stripe without an event reaching us', async () => {
    const [moved, ending, disputed, newcomer] = [
      await aPayingUser(app, 'pro'),
      await aPayingUser(app, 'pro'),
      await aPayingUser(app, 'pro'),
      await aPayingUser(app, 'pro'),
    ]
    const vip = await aPayingUser(app, 'vip')
    const stripe = stripeClient(app)
    await stripe.subscriptions.cancel((await stripeSubscriptionOf(app, newcomer.stripeCustomerId)).id)
    await eventsDone(app)
    const vipPrice = (await stripeSubscriptionOf(app, vip.stripeCustomerId)).items.data[0]?.price.id ?? ''
    await withoutEvents(async () => {
      const { id, items } = await stripeSubscriptionOf(app, moved.stripeCustomerId)
      await stripe.subscriptions.update(id, { items: [{ id: items.data[0]?.id ?? '', price: vipPrice }] })
      await stripe.subscriptions.update((await stripeSubscriptionOf(app, ending.stripeCustomerId)).id, {
        cancel_at_period_end: true,
      })
      await controlStripe(app, 'POST', `charges/${(await chargeOf(app, disputed.stripeCustomerId)).id}/dispute`)
      await make(newcomer.stripeCustomerId, vipPrice)
    })

    expect(await recheck()).toMatchObject({ failed: 0 })
    expect((await current(moved))?.plan.code).toBe('vip')
    expect(await current(ending)).toMatchObject({ cancelAtPeriodEnd: true })
    expect(await firstPayment(disputed)).toMatchObject({ status: 'disputed' })
    expect(await app.scope().em.execute('select status from disputes')).toEqual([{ status: 'needs_response' }])
    expect(await current(newcomer)).toMatchObject({ status: 'active', plan: { code: 'vip' } })
    expect(await recheck()).toMatchObject({ asked: 0, corrected: 0, failed: 0 })
  })

  test('finds a live row that Stripe no longer lists, and reports one that Stripe does not know', async () => {
    const [user, other] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
    await recheck()
    const stripe = stripeClient(app)
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await withoutEvents(() => stripe.subscriptions.cancel(id))
    const { em } = app.scope()
    await em.execute(
      "update subscriptions set provider_subscription_id = 'sub_unknown', provider_created_at = null where user_id = ?",
      [other.id],
    )
    expect(await recheck()).toMatchObject({ failed: 0 })
    expect(await current(user)).toBeNull()
    expect(await em.execute("select kind from reconciliation_findings where object_id = 'sub_unknown'")).toEqual([
      { kind: 'unknown_at_provider' },
    ])
    await em.execute('delete from subscriptions where user_id = ?', [other.id])
  })

  test('finds no difference where there is none, whatever has happened to a subscription', async () => {
    const [changing, ending, pastDue, paused] = [
      await aPayingUser(app, 'vip'),
      await aPayingUser(app, 'pro'),
      await aPayingUser(app, 'pro'),
      await aPayingUser(app, 'pro'),
    ]
    await stripeClient(app).subscriptions.update((await stripeSubscriptionOf(app, paused.stripeCustomerId)).id, {
      pause_collection: { behavior: 'void' },
    })
    await aGrant(app, await app.aUser(), 'vip')
    await (await app.as(changing)).api.billing.subscriptions.change.mutate({ planCode: 'pro' })
    await (await app.as(ending)).api.billing.subscriptions.cancel.mutate()
    await controlStripe(app, 'POST', `customers/${pastDue.stripeCustomerId}/fail-charges`, { on: true })
    await advance(app, { days: 20 })
    const trying = await app.aUser()
    await (await app.as(trying)).api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    expect((await recheck()).asked).toBe(0)
    await advance(app, { days: 12 })
    expect((await current(pastDue))?.status).toBe('past_due')
    expect((await current(paused))?.status).toBe('paused')
    expect((await recheck()).asked).toBe(0)
  })

  test('leaves a second subscription that support made beside the first one, and does not report it as unknown', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id, items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const second = await make(user.stripeCustomerId, items.data[0]?.price.id ?? '')
    await eventsDone(app)
    expect(await recheck()).toMatchObject({ asked: 1, corrected: 0, failed: 0 })
    const findings = await app
      .scope()
      .em.execute('select kind from reconciliation_findings where object_id in (?, ?)', [id, second.id])
    expect(findings).toEqual([{ kind: 'against_rules' }])
  })
})
