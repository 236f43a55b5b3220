import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../test/inbox.ts'
import { payOnPage } from '../../../test/pay.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, stripeCustomerOf, type PayingUser } from '../../../test/purchases.ts'
import { ledgerOf, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { expectAllIsTold } from '../../../test/told-events.ts'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { reconcile } from '../upkeep/reconcile.ts'

describe('a subscription that an operator makes at Stripe', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const subscriptionsOf = async (user: TestUser) => (await app.as(user)).api.billing.subscriptions
  const findingsAbout = async (id: string) => {
    const { em } = app.scope()
    return em.execute('select kind, after from reconciliation_findings where object_id = ?', [id])
  }
  /** Makes a subscription as the dashboard does, with a card of its own. */
  const make = async (customer: string, planCode: string, terms: object = {}, { card = true } = {}) => {
    const stripe = stripeClient(app)
    const [row] = await app.scope().em.execute<{ id: string }[]>(
      `select provider_price_id as id from plan_prices join plans on plans.id = plan_id
       where code = ? and archived_at is null`,
      [planCode],
    )
    const method = card ? (await stripe.paymentMethods.attach('pm_card_visa', { customer })).id : null
    const made = await stripe.subscriptions.create({
      ...{ customer, items: [{ price: row?.id ?? '' }], ...terms },
      ...(method && { default_payment_method: method }),
    })
    await eventsDone(app)
    return made
  }

  test('stays beside the old one, is reported once, and begins when the old one ends', async () => {
    const [user] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'vip')]
    const subscriptions = await subscriptionsOf(user)
    const old = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const made = await make(user.stripeCustomerId, 'vip')
    await stripeClient(app).subscriptions.update(made.id, { metadata: { note: 'agreed on the phone' } })
    await eventsDone(app)
    await jobsDone(app, 'reverse-subscription', 'cancel-superseded')
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' }, hasAccess: true })
    expect(await findingsAbout(made.id)).toEqual([{ kind: 'against_rules', after: { rule: 'second_subscription' } }])

    await stripeClient(app).subscriptions.cancel(old.id)
    await until('the new one', async () => (await subscriptions.current.query())?.plan.code === 'vip')
    expect(await subscriptions.current.query()).toMatchObject({ hasAccess: true, status: 'active' })
    await jobsDone(app, 'reverse-subscription', 'cancel-superseded')
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 1_900 + 4_900, refunded: 0 })
  })

  /** From now on, the charges of this subscription fail. */
  const spoilCard = async (user: { stripeCustomerId: string }, id: string) => {
    const stripe = stripeClient(app)
    const customer = user.stripeCustomerId
    const card = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
    await stripe.subscriptions.update(id, { default_payment_method: card.id })
  }
  const expectReplaced = async (user: PayingUser, id: string, { charged }: { charged: number }) => {
    const subscriptions = await subscriptionsOf(user)
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'vip' }, hasAccess: true })
    await jobsDone(app, 'cancel-superseded')
    const stripe = stripeClient(app)
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'canceled' })
    expect((await stripe.invoices.list({ subscription: id, status: 'open' })).data).toEqual([])
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged, refunded: 0, credit: 0 })
    expect(await app.scope().em.execute('select status from subscriptions where user_id = ?', [user.id])).toEqual(
      expect.arrayContaining([{ status: 'active' }, { status: 'canceled' }]),
    )
  }

  test('takes the place of one whose days of grace are over', async () => {
    const user = await aPayingUser(app, 'pro')
    const old = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await spoilCard(user, old.id)
    await advance(app, { days: 32 })
    await advance(app, { days: 4 })
    expect(await (await subscriptionsOf(user)).current.query()).toMatchObject({ status: 'past_due', hasAccess: false })
    const made = await make(user.stripeCustomerId, 'vip')
    await expectReplaced(user, old.id, { charged: 1_900 + 4_900 })
    expect(await findingsAbout(made.id)).toEqual([])
  })

  test('waits for the days of grace of the other one, and then takes its place', async () => {
    const user = await aPayingUser(app, 'pro')
    const old = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await spoilCard(user, old.id)
    await advance(app, { days: 32 })
    await make(user.stripeCustomerId, 'vip')
    const subscriptions = await subscriptionsOf(user)
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' }, accessReason: 'past_due_grace' })

    await app.stripe.advance({ days: 4 })
    await Promise.all([reconcile(app.scope()), reconcile(app.scope())])
    await eventsDone(app)
    await expectReplaced(user, old.id, { charged: 1_900 + 4_900 })
    await advance(app, { days: 20 })
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 1_900 + 4_900, credit: 0 })
  })

  test('takes the place of one that is paused while this one waits', async () => {
    const user = await aPayingUser(app, 'pro')
    const old = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await advance(app, { days: 10 })
    await make(user.stripeCustomerId, 'vip')
    await stripeClient(app).subscriptions.update(old.id, { pause_collection: { behavior: 'void' } })
    await eventsDone(app)
    expect(await (await subscriptionsOf(user)).current.query()).toMatchObject({ plan: { code: 'pro' } })
    await advance(app, { days: 22 })
    await expectReplaced(user, old.id, { charged: 1_900 + 4_900 })
  })

  test('stays beside one that has just been paid, although our row does not say so yet', async () => {
    const user = await aPayingUser(app, 'pro')
    await app
      .scope()
      .em.execute("update subscriptions set status = 'past_due', past_due_since = ? where user_id = ?", [
        after(app.stripe.now(), -5 * DAY),
        user.id,
      ])
    await make(user.stripeCustomerId, 'vip')
    await jobsDone(app, 'cancel-superseded')
    const current = await (await subscriptionsOf(user)).current.query()
    expect(current).toMatchObject({ plan: { code: 'pro' }, status: 'active', hasAccess: true })
  })

  test('gives a free month to a customer who had a trial', async () => {
    const user = await aPayingUser(app, 'pro')
    await app.scope().em.execute('update customers set trial_used_at = now() where user_id = ?', [user.id])
    await stripeClient(app).subscriptions.cancel((await stripeSubscriptionOf(app, user.stripeCustomerId)).id)
    await eventsDone(app)
    const made = await make(user.stripeCustomerId, 'pro', { trial_period_days: 30 })
    await jobsDone(app, 'reverse-subscription')
    const subscriptions = await subscriptionsOf(user)
    expect(await subscriptions.current.query()).toMatchObject({ status: 'trialing', hasAccess: true })
    expect((await stripeClient(app).subscriptions.retrieve(made.id)).status).toBe('trialing')
    expect(await findingsAbout(made.id)).toEqual([{ kind: 'against_rules', after: { rule: 'second_trial' } }])
  })

  test('that is a trial and gets paused does not block a purchase, nor owe anything', async () => {
    const user = await app.aUser()
    const subscriptions = await subscriptionsOf(user)
    await subscriptions.subscribe.mutate({ planCode: 'pro' })
    const customer = await stripeCustomerOf(app, user)
    const trial = { trial_period_days: 2, trial_settings: { end_behavior: { missing_payment_method: 'pause' } } }
    const made = await make(customer, 'pro', trial, { card: false })
    await advance(app, { days: 3 })
    expect(await subscriptions.current.query()).toMatchObject({ status: 'paused', hasAccess: false })

    await subscriptions.upgrade.mutate({ planCode: 'vip' })
    const { checkoutUrl } = await subscriptions.subscribe.mutate({ planCode: 'pro' })
    await payOnPage(checkoutUrl)
    await until('access', async () => (await subscriptions.current.query())?.hasAccess)
    await eventsDone(app)
    await jobsDone(app, 'cancel-superseded')
    expect((await stripeClient(app).subscriptions.retrieve(made.id)).status).toBe('canceled')
    expect(await ledgerOf(app, customer)).toMatchObject({ charged: 1_900, refunded: 0 })
  })

  test('appears in the event feed, like every other change in these tests', async () => {
    expect(await expectAllIsTold(app)).toBeGreaterThan(0)
  })
})
