import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { createLossyApp, type LossyApp } from '../../../test/lossy-app.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { eventsDone, jobsDone, replayEvents } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { ledgerOf, stripeClient } from '../../../test/stripe.ts'
import type { TestUser } from '../../../test/test-app.ts'

type StripeObject = Record<string, unknown>

/**
 * A bank debit takes days: Stripe calls the subscription active at once, and its first invoice open.
 *
 * @see https://docs.stripe.com/payments/checkout/fulfillment#delayed-notification
 */
describe('a first payment that takes days', () => {
  let app: LossyApp
  beforeAll(async () => (app = await createLossyApp()))
  afterEach(() => app.proxy.showAs())
  afterAll(() => app[Symbol.asyncDispose]())

  const underWay = (object: StripeObject): StripeObject => {
    if (object['object'] === 'invoice' && object['billing_reason'] === 'subscription_create') {
      return { ...object, status: 'open', amount_paid: 0 }
    }
    if (object['object'] === 'checkout.session') return { ...object, payment_status: 'unpaid' }
    return object['object'] === 'payment_intent' ? { ...object, status: 'processing' } : object
  }
  const failed = (object: StripeObject): StripeObject => {
    if (object['object'] === 'subscription') return { ...object, status: 'past_due' }
    const shown = underWay(object)
    return shown['object'] === 'payment_intent' ? { ...shown, status: 'requires_payment_method' } : shown
  }
  const billingOf = async (user: TestUser) => (await app.as(user)).api.billing
  const boughtBy = async (user: TestUser, planCode: string) => {
    const billing = await billingOf(user)
    const page = await billing.subscriptions.subscribe.mutate({ planCode })
    app.proxy.showAs(underWay)
    await payOnPage(page.checkoutUrl)
    await until('the subscription', async () => billing.subscriptions.current.query())
    await eventsDone(app)
    const { subscriptions, entitlement, payments } = billing
    return { subscriptions, entitlement, payments, sessionId: page.sessionId }
  }

  test('gives access and the mail only when the money has arrived', async () => {
    const user = await app.aUser()
    const { subscriptions, entitlement, payments, sessionId } = await boughtBy(user, 'pro')
    const waiting = { status: 'pending', hasAccess: false, accessReason: 'pending' }
    expect(await subscriptions.current.query()).toMatchObject(waiting)
    expect(await subscriptions.sync.mutate({ sessionId })).toMatchObject(waiting)
    expect(await entitlement.query()).toMatchObject({ tier: 'free' })
    expect((await payments.list.query({})).items).toMatchObject([{ status: 'pending' }])
    expect(await mailsTo(user.email)).toEqual([])

    app.proxy.showAs()
    await replayEvents(app, sessionId)
    expect(await subscriptions.current.query()).toMatchObject({ status: 'active', hasAccess: true })
    expect((await payments.list.query({})).items).toMatchObject([{ status: 'succeeded' }])
    await replayEvents(app, 'invoice.paid')
    await aMailTo(user.email, /has started/)
  })

  test('gives no grace period when it fails, because nothing was ever paid', async () => {
    const user = await app.aUser()
    const { subscriptions, sessionId } = await boughtBy(user, 'pro')
    app.proxy.showAs(failed)
    await replayEvents(app, sessionId)
    expect(await subscriptions.current.query()).toMatchObject({ status: 'pending', hasAccess: false })
  })

  test('keeps the old subscription of an upgrade until the money has arrived', async () => {
    await aPlan(app, { code: 'vip-by-debit', priceCents: 5_500, tier: 'vip' })
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = await billingOf(user)
    const { checkoutUrl, sessionId } = await subscriptions.upgrade.mutate({ planCode: 'vip-by-debit' })
    const [old] = (await stripeClient(app).subscriptions.list({ customer: user.stripeCustomerId })).data
    const isPaid = ({ id }: StripeObject) => id === old?.latest_invoice
    app.proxy.showAs((object) => (isPaid(object) ? object : underWay(object)))
    await payOnPage(checkoutUrl)
    await eventsDone(app)
    expect(await subscriptions.sync.mutate({ sessionId })).toMatchObject({ plan: { code: 'pro' }, status: 'active' })

    app.proxy.showAs()
    expect(await subscriptions.sync.mutate({ sessionId })).toMatchObject({ plan: { code: 'vip-by-debit' } })
    await jobsDone(app, 'cancel-superseded')
    expect((await ledgerOf(app, user.stripeCustomerId)).credit).toBeGreaterThan(1_800)
  })
})
