import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { withAnotherAccount, type SwitchedApp } from '../../../test/another-account.ts'
import { firstOf } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { eventsDone } from '../../../test/progress.ts'
import { aPayingUser, stripeCustomerOf, type PayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { endForClosedAccount } from '../changes/end-for-closed-account.ts'
import type { PaymentGateway } from '../providers/payment-provider.ts'
import { countLeftovers } from '../upkeep/count-leftovers.ts'
import { reconcile } from '../upkeep/reconcile.ts'
import { updateCustomerEmail } from './update-customer-email.ts'

const PROVIDER_UNSUPPORTED = refusal('CONFLICT', 'PROVIDER_UNSUPPORTED')

describe.each(
  firstOf(1, [
    ['whose account the rows know', false],
    ['whose account the rows of an older version do not know', true],
  ]),
)('when the key was replaced by one of another Stripe account, %s', (_what, isOld) => {
  let app: TestApp
  let now: SwitchedApp
  let shopper: TestUser
  let payers: PayingUser[]
  let sorryId: string
  beforeAll(async () => {
    app = await createTestApp()
    shopper = await app.aUser()
    await (await app.as(shopper)).api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    payers = await Promise.all(Array.from({ length: 4 }, () => aPayingUser(app, 'pro')))
    const { discounts } = (await anAdmin(app)).api.admin
    const terms = { duration: 'forever' as const, plans: ['pro'] }
    await discounts.create.mutate({ ...terms, name: 'Launch', percentOff: 50, code: 'LAUNCH' })
    sorryId = (await discounts.create.mutate({ ...terms, name: 'Sorry', percentOff: 10 })).id
    await eventsDone(app)
    await app.stopWorker()
    if (isOld)
      for (const table of ['customers', 'plan_prices', 'subscriptions', 'discounts'])
        await app.scope().em.execute(`update ${table} set provider_account = null`)
    now = await withAnotherAccount(app)
  }, 60_000)
  afterAll(async () => {
    await now[Symbol.asyncDispose]()
    await app[Symbol.asyncDispose]()
  })

  const payer = (index: number) => {
    const user = payers[index]
    if (!user) throw new Error('There are fewer payers.')
    return user
  }
  const subscriptionsOf = async ({ id }: TestUser) => {
    const { em } = app.scope()
    return em.execute<{ status: string }[]>(
      'select status, cancel_at_period_end as ending from subscriptions where user_id = ? order by created_at',
      [id],
    )
  }

  test('someone who opened a page before gets a page of the new account, and pays there', async () => {
    const { api } = await now.as(shopper)
    const { checkoutUrl, sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    expect((await now.stripe.checkout.sessions.retrieve(sessionId)).status).toBe('open')
    await payOnPage(checkoutUrl)
    expect(await api.billing.subscriptions.sync.mutate({ sessionId })).toMatchObject({ hasAccess: true })
    const customer = await stripeCustomerOf(app, shopper)
    expect((await now.stripe.subscriptions.list({ customer })).data).toHaveLength(1)
  })

  test('a plan is created there, and can be renamed and repriced', async () => {
    const admin = await app.aUser({ isAdmin: true })
    const { plans } = (await now.as(admin)).api.billing
    const vip = (await plans.list.query()).find(({ code }) => code === 'vip')
    await plans.update.mutate({ id: vip?.id ?? '', name: 'Very', priceCents: 9_900 })
    const prices = (await now.stripe.prices.list({ product: `plan_${vip?.id}`, active: true })).data
    expect(prices.map(({ unit_amount }) => unit_amount)).toEqual([9_900])
    expect((await now.stripe.products.retrieve(`plan_${vip?.id}`)).name).toBe('Very')
  })

  test('a promotion code and a discount are made again there, and an old subscription gets none', async () => {
    const { api } = await now.as(await app.aUser())
    const wish = { planCode: 'pro', promotionCode: 'launch' }
    const { checkoutUrl, sessionId } = await api.billing.subscriptions.subscribe.mutate(wish)
    expect((await now.stripe.checkout.sessions.retrieve(sessionId)).amount_total).toBe(950)
    await payOnPage(checkoutUrl)
    await api.billing.subscriptions.sync.mutate({ sessionId })
    const id = (await api.billing.subscriptions.current.query())?.id ?? ''
    const { admin } = (await now.as(await app.aUser({ isAdmin: true }))).api
    const given = await admin.subscriptions.applyDiscount.mutate({ id, discountId: sorryId })
    expect(given.discounts.map(({ name }) => name)).toEqual(['Launch', 'Sorry'])
    expect((await now.stripe.coupons.retrieve(`discount_${sorryId}`)).percent_off).toBe(10)

    const old = (await (await now.as(payer(1))).api.billing.subscriptions.current.query())?.id ?? ''
    await expect(admin.subscriptions.applyDiscount.mutate({ id: old, discountId: sorryId })).rejects.toMatchObject(
      PROVIDER_UNSUPPORTED,
    )
    expect((await admin.discounts.end.mutate({ id: sorryId })).status).toBe('ended')
  })

  test('an old subscription keeps its access, and is replaced by one in the new account', async () => {
    const { api } = await now.as(payer(0))
    expect(await api.billing.subscriptions.current.query()).toMatchObject({ hasAccess: true })
    await expect(api.billing.subscriptions.previewChange.query({ planCode: 'vip' })).rejects.toMatchObject(
      PROVIDER_UNSUPPORTED,
    )

    const { checkoutUrl, sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    expect(await api.billing.subscriptions.current.query()).toMatchObject({ hasAccess: true })
    await payOnPage(checkoutUrl)
    expect(await api.billing.subscriptions.sync.mutate({ sessionId })).toMatchObject({ hasAccess: true })
    expect((await subscriptionsOf(payer(0))).map(({ status }) => status)).toEqual(['canceled', 'active'])
  })

  test('an old subscription can be canceled, here or by closing the account', async () => {
    const { api } = await now.as(payer(1))
    expect(await api.billing.subscriptions.cancel.mutate()).toMatchObject({ cancelAtPeriodEnd: true, hasAccess: true })
    expect(await api.billing.subscriptions.resume.mutate()).toMatchObject({ cancelAtPeriodEnd: false })

    await app.scope().em.execute('update users set is_active = false where id = ?', [payer(2).id])
    await endForClosedAccount(now.scope(), { accountId: payer(2).id })
    expect(await subscriptionsOf(payer(2))).toMatchObject([{ ending: true }])
    await updateCustomerEmail(now.scope(), { userId: payer(3).id })
  })

  test('reconciliation reports no failure, and ends an old subscription when its time is over', async () => {
    await (await now.as(payer(3))).api.billing.portal.mutate()
    const { em } = app.scope()
    await em.execute("update subscriptions set current_period_end = now() - interval '30 days' where user_id = ?", [
      payer(3).id,
    ])
    expect((await reconcile(now.scope())).failures).toEqual([])
    expect(await subscriptionsOf(payer(3))).toMatchObject([{ status: 'canceled' }])
  })

  test('a key that was wrong for a while does no harm to a subscription', async () => {
    const { em } = app.scope()
    await em.execute("update subscriptions set status = 'past_due' where user_id = ?", [payer(1).id])
    expect((await reconcile(app.scope())).failures).toEqual([])
    const { api } = await app.as(payer(1))
    const status = async () => (await api.billing.subscriptions.current.query())?.status
    expect(await status()).toBe('active')
    expect(await api.billing.subscriptions.cancel.mutate()).toMatchObject({ cancelAtPeriodEnd: true })
    await expect(api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })).rejects.toMatchObject(
      refusal('CONFLICT', 'ALREADY_SUBSCRIBED'),
    )
  })

  test('under a live key, what was paid in test mode ends at once', async () => {
    const user = await app.aUser()
    const { em } = app.scope()
    await em.execute(
      `insert into subscriptions (id, user_id, plan_id, provider, provider_subscription_id, provider_account, status,
         price_cents, currency, billing_period, started_at, current_period_start, current_period_end, created_at, updated_at)
       select gen_random_uuid(), ?, id, 'stripe', 'sub_of_test_mode', 'acct_1:test', 'active', 100, 'usd', 'monthly',
         now(), now(), now() + interval '20 days', now(), now() from plans where code = 'pro'`,
      [user.id],
    )
    const live = <P extends PaymentGateway>(provider: P): P => ({
      ...provider,
      isLiveMode: true,
      account: async () => 'acct_1:live',
      withTimeBudget: (ms: number) => live(provider.withTimeBudget(ms)),
    })
    const scope = now.scope()
    const { billing } = scope
    await reconcile({ ...scope, billing: { ...billing, provider: live(billing.provider) } })
    expect(await subscriptionsOf(user)).toMatchObject([{ status: 'canceled' }])
  })

  test('what is left over can be counted', async () => {
    const account = (await now.scope().billing.provider.account()) ?? ''
    const left = await countLeftovers(app.scope().em, { provider: 'stripe', account })
    expect(left.length).toBeGreaterThan(0)
    expect(left.every((each) => each.account !== account)).toBe(true)
  })
})
