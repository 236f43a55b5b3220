import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { advance, advanceTo, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser, stripeCustomerOf } from '../../../test/purchases.ts'
import { chaos, failCharges, ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { AccountClosed, EmailChanged } from '../../auth/index.ts'
import { after } from '../../platform/clock.ts'
import { SECOND } from '../../platform/durations.ts'

describe('what a user has paid for', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const clients = new Map<string, TollgateClient>()
  const billingOf = async (user: TestUser) => {
    const client = clients.get(user.id) ?? (await app.as(user))
    clients.set(user.id, client)
    return client.api.billing
  }
  const subscribe = async (user: TestUser, planCode: string) =>
    (await billingOf(user)).subscriptions.subscribe.mutate({ planCode })
  const current = async (user: TestUser) => (await billingOf(user)).subscriptions.current.query()
  const closeAccount = async (user: TestUser) => {
    await app.scope().em.transactional(async (em) => {
      await em.execute('update users set is_active = false where id = ?', [user.id])
      await app.deps.jobs.send(em, AccountClosed, { userId: user.id })
    })
    await jobsDone(app, AccountClosed.name, 'expire-checkouts')
  }

  test('the other checkout pages expire when the first one is paid', async () => {
    const user = await app.aUser()
    const [first, second] = [await subscribe(user, 'pro'), await subscribe(user, 'vip')]
    await payOnPage(first.checkoutUrl)
    await until('access', async () => (await current(user))?.hasAccess)
    await jobsDone(app, 'expire-checkouts')
    expect((await stripeClient(app).checkout.sessions.retrieve(second.sessionId)).status).toBe('expired')
    expect((await payOnPage(second.checkoutUrl)).location).toBeNull()
  })

  test('the second of two paid checkouts is canceled and refunded, without a mail', async () => {
    const user = await app.aUser()
    const pages = [await subscribe(user, 'pro'), await subscribe(user, 'vip')]
    await app.stopWorker()
    for (const { checkoutUrl } of pages) expect((await payOnPage(checkoutUrl)).location).toContain('success')
    await app.startWorker()
    await until('access', async () => (await current(user))?.hasAccess)
    await eventsDone(app)
    await jobsDone(app, 'reverse-subscription', 'expire-checkouts', 'send-mail')

    const kept = await current(user)
    const { charged, refunded, credit } = await ledgerOf(app, await stripeCustomerOf(app, user))
    expect(charged).toBe(1_900 + 4_900)
    expect({ kept: charged - refunded, credit }).toEqual({ kept: kept?.priceCents, credit: 0 })
    expect(
      (await stripeClient(app).subscriptions.list({ customer: await stripeCustomerOf(app, user) })).data,
    ).toHaveLength(1)
    const { items } = await (await billingOf(user)).payments.list.query({})
    expect(items.map(({ status, refundedCents }) => [status, refundedCents]).toSorted()).toEqual([
      ['refunded', refunded],
      ['succeeded', 0],
    ])
    const started = (await mailsTo(user.email)).map(({ subject }) => subject)
    expect(started).toEqual([`Your ${kept?.plan.name} subscription has started`])
  })

  test('subscribing again replaces an expired page, and notices when the page was paid', async () => {
    const user = await app.aUser()
    const first = await subscribe(user, 'pro')
    await stripeClient(app).checkout.sessions.expire(first.sessionId)
    const second = await subscribe(user, 'pro')
    expect(second.sessionId).not.toBe(first.sessionId)
    expect((await subscribe(user, 'pro')).sessionId).toBe(second.sessionId)

    await app.stopWorker()
    await payOnPage(second.checkoutUrl)
    await expect(subscribe(user, 'pro')).rejects.toMatchObject({
      data: { code: 'CONFLICT', reason: 'ALREADY_SUBSCRIBED' },
    })
    expect(await current(user)).toMatchObject({ hasAccess: true })
    await app.startWorker()
  })

  test('a grant does not block a purchase, and ends when the paid subscription starts', async () => {
    const user = await app.aUser()
    await aGrant(app, user, 'pro')
    const { checkoutUrl } = await subscribe(user, 'pro')
    expect(await current(user)).toMatchObject({ provider: 'manual', hasAccess: true })
    await payOnPage(checkoutUrl)
    await until('the paid one', async () => (await current(user))?.provider === 'stripe')
    await eventsDone(app)
    await jobsDone(app, 'send-mail')
    expect((await mailsTo(user.email)).map(({ subject }) => subject)).toEqual(['Your Pro subscription has started'])
  })

  test('a subscription with a price that no plan ever had is ignored', async () => {
    const user = await app.aUser()
    await subscribe(user, 'pro')
    const stripe = stripeClient(app)
    const product = await stripe.products.create({ name: 'Something else' })
    const price = await stripe.prices.create({
      ...{ product: product.id, currency: 'usd', unit_amount: 100, recurring: { interval: 'month' } },
    })
    const customer = await stripeCustomerOf(app, user)
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer })
    await stripe.subscriptions.create({ customer, items: [{ price: price.id }], default_payment_method: method.id })
    await eventsDone(app)
    expect(await current(user)).toBeNull()
  })

  test('closing the account expires the checkout pages and cancels the subscription at its period’s end', async () => {
    const [payer, shopper] = [await aPayingUser(app, 'pro'), await app.aUser()]
    const page = await subscribe(shopper, 'vip')
    await closeAccount(payer)
    await closeAccount(shopper)
    const stripe = stripeClient(app)
    expect((await stripe.subscriptions.list({ customer: payer.stripeCustomerId })).data).toMatchObject([
      { cancel_at_period_end: true, status: 'active' },
    ])
    expect((await stripe.checkout.sessions.retrieve(page.sessionId)).status).toBe('expired')
  })

  test.each(
    firstOf(1, [
      ['failed', 4_000, ['void', 'paid']],
      ['is still to be made', 600, ['draft', 'paid']],
    ]),
  )('a renewal that %s when the account is closed is never collected', async (_when, seconds, statuses) => {
    const payer = await aPayingUser(app, 'pro')
    const stripe = stripeClient(app)
    const renewal = (await current(payer))?.currentPeriodEnd ?? new Date()
    await failCharges(app, payer.stripeCustomerId, true)
    await advanceTo(app, after(renewal, seconds * SECOND))
    await closeAccount(payer)
    await failCharges(app, payer.stripeCustomerId, false)
    await advance(app, { days: 40 })

    expect(await ledgerOf(app, payer.stripeCustomerId)).toMatchObject({ charged: 1_900, credit: 0 })
    const invoices = await stripe.invoices.list({ customer: payer.stripeCustomerId })
    expect(invoices.data.map(({ status }) => status)).toEqual(statuses)
    expect((await stripe.subscriptions.list({ customer: payer.stripeCustomerId })).data).toEqual([])
  })

  test('a subscription created for a closed account is canceled, and its invoice can not be paid', async () => {
    const payer = await aPayingUser(app, 'pro')
    const stripe = stripeClient(app)
    const customer = payer.stripeCustomerId
    const [first] = (await stripe.subscriptions.list({ customer })).data
    await stripe.subscriptions.cancel(first?.id ?? '')
    await eventsDone(app)
    await closeAccount(payer)
    const price = first?.items.data[0]?.price.id ?? ''
    const bought = await stripe.subscriptions.create({
      ...{ customer, items: [{ price }], payment_behavior: 'default_incomplete' },
    })
    await eventsDone(app)
    await jobsDone(app, 'end-billing')
    expect((await stripe.subscriptions.retrieve(bought.id)).status).toBe('canceled')
    const invoices = await stripe.invoices.list({ subscription: bought.id })
    expect(invoices.data.map(({ status }) => status)).toEqual(['void'])
  })

  test('a closed account that resumes in the portal is canceled again', async () => {
    const payer = await aPayingUser(app, 'pro')
    await closeAccount(payer)
    const stripe = stripeClient(app)
    const [subscription] = (await stripe.subscriptions.list({ customer: payer.stripeCustomerId })).data
    await stripe.subscriptions.update(subscription?.id ?? '', { cancel_at_period_end: false })
    await until('the subscription to be ended again', async () => {
      const { cancel_at_period_end } = await stripe.subscriptions.retrieve(subscription?.id ?? '')
      return cancel_at_period_end
    })
    await jobsDone(app, 'end-billing')
    const [row] = await app
      .scope()
      .em.execute('select status, cancel_at_period_end as ending from subscriptions where user_id = ?', [payer.id])
    expect(row).toEqual({ status: 'active', ending: true })
  })

  test('closing the account cancels at Stripe, even if our row missed that it was resumed there', async () => {
    const payer = await aPayingUser(app, 'pro')
    const stripe = stripeClient(app)
    await (await app.as(payer)).api.billing.subscriptions.cancel.mutate()
    await chaos(app, { drop: 1 })
    const [subscription] = (await stripe.subscriptions.list({ customer: payer.stripeCustomerId })).data
    await stripe.subscriptions.update(subscription?.id ?? '', { cancel_at_period_end: false })
    await closeAccount(payer)
    await chaos(app)
    expect(await stripe.subscriptions.retrieve(subscription?.id ?? '')).toMatchObject({ cancel_at_period_end: true })
  })

  test('a checkout that is paid after the account was closed is refunded', async () => {
    const user = await app.aUser()
    const page = await subscribe(user, 'pro')
    await app.stopWorker()
    await payOnPage(page.checkoutUrl)
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    await app.startWorker()
    await app.stripe.drained()
    await eventsDone(app)
    await jobsDone(app, 'reverse-subscription')
    const customer = await stripeCustomerOf(app, user)
    expect(await ledgerOf(app, customer)).toMatchObject({ charged: 1_900, refunded: 1_900 })
    expect((await stripeClient(app).subscriptions.list({ customer })).data).toEqual([])
    const [payment] = await app
      .scope()
      .em.execute('select status, refunded_cents from payments where user_id = ?', [user.id])
    expect(payment).toEqual({ status: 'refunded', refunded_cents: 1_900 })
    expect(await mailsTo(user.email)).toEqual([])
  })

  test('a new email address reaches Stripe, but a stand-in address does not', async () => {
    const user = await aPayingUser(app, 'pro')
    const move = async (email: string) => {
      await app.scope().em.transactional(async (em) => {
        await em.execute('update users set email = ? where id = ?', [email, user.id])
        await app.deps.jobs.send(em, EmailChanged, { userId: user.id })
      })
      await jobsDone(app, EmailChanged.name)
      const customer = await stripeClient(app).customers.retrieve(user.stripeCustomerId)
      return customer.deleted ? null : customer.email
    }
    expect(await move(`new-${user.email}`)).toBe(`new-${user.email}`)
    expect(await move('someone@github.local')).toBe(`new-${user.email}`)
  })

  test('a customer who was deleted at Stripe loses the subscription and can subscribe again', async () => {
    const user = await aPayingUser(app, 'pro')
    await stripeClient(app).customers.del(user.stripeCustomerId)
    await until('the end', async () => (await current(user)) === null)
    await eventsDone(app)
    await aMailTo(user.email, /has ended/)
    await payOnPage((await subscribe(user, 'vip')).checkoutUrl)
    await until('access', async () => (await current(user))?.hasAccess)
    expect(await stripeCustomerOf(app, user)).not.toBe(user.stripeCustomerId)
  })
})
