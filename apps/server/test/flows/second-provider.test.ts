import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { underLock } from '../../src/billing/customers/under-lock.ts'
import { atProvider, recheckNow, reconcile } from '../../src/billing/index.ts'
import { aMailTo, mailsTo, until } from '../inbox.ts'
import { firstOf } from '../long.ts'
import { payOnPage } from '../pay.ts'
import { control } from '../paymob-gateway.ts'
import { advanceBoth, aPaymobPayer, aPaymobPlan, callbacksDone, payAtPaymob, paymobOf } from '../paymob-purchases.ts'
import { eventsDone, jobsDone } from '../progress.ts'
import { aGrant, aPayingUser } from '../purchases.ts'
import { createTestApp, type TestApp, type TestUser } from '../test-app.ts'

const UNSUPPORTED = { data: { code: 'CONFLICT', reason: 'PROVIDER_UNSUPPORTED' } }

describe('a plan of a second provider', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({}, { paymob: true })
    await aPaymobPlan(app, 'pro-egp', 90_000)
    await aPaymobPlan(app, 'vip-egp', 200_000, { tier: 'vip' })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const billingOf = async (user: TestUser) => (await app.as(user)).api.billing
  const rows = async <Row>(sql: string, ...values: unknown[]) => app.scope().em.execute<Row[]>(sql, values)
  const paymentsOf = ({ id }: TestUser) =>
    rows('select provider, status, amount::int, refunded::int, currency from payments where account_id = ?', id)

  test('is bought, and the account has a customer there beside its lock', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const { subscriptions } = await billingOf(user)
    expect(await subscriptions.current.query()).toMatchObject({
      ...{ provider: 'paymob', status: 'active', priceCents: 90_000, currency: 'egp', hasAccess: true },
      plan: { code: 'pro-egp', provider: 'paymob' },
    })
    expect(await paymentsOf(user)).toEqual([
      { provider: 'paymob', status: 'succeeded', amount: 90_000, refunded: 0, currency: 'egp' },
    ])
    expect(
      await rows(
        `select provider, provider_customer_id is not null as exists, user_id = account_id as former
         from customers where account_id = ? order by 1`,
        user.id,
      ),
    ).toEqual([
      // The previous version finds a person's one customer by the user.
      { provider: 'paymob', exists: true, former: null },
      { provider: 'stripe', exists: false, former: true },
    ])
    await aMailTo(user.email, /has started/)
    expect((await mailsTo(user.email)).filter(({ subject }) => /has started/.test(subject))).toHaveLength(1)
  })

  test('has its callbacks among the events that administrators see, with the account', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const admin = await app.as(await app.aUser({ isAdmin: true }))
    const { items } = await admin.api.admin.webhookEvents.list.query({ limit: 10 })
    const own = items.filter(({ account }) => account?.id === user.id)
    expect(own.map(({ type }) => type)).toContain('TRANSACTION')
    expect(own.every(({ status, objectId }) => status === 'processed' && /^\d+$/.test(objectId ?? ''))).toBe(true)
    const [event] = own
    const { list } = admin.api.admin.webhookEvents
    const found = async (filter: object) =>
      new Set((await list.query({ ...filter, limit: 100 })).items.map(({ id }) => id))
    const [customer] = await rows<{ id: string }>(
      "select provider_customer_id as id from customers where account_id = ? and provider = 'paymob'",
      user.id,
    )
    const ownIds = new Set(own.map(({ id }) => id))
    expect(await found({ accountId: user.id })).toEqual(ownIds)
    expect(await found({ customerId: customer?.id })).toEqual(ownIds)
    expect([...(await found({ objectId: event?.objectId ?? '' }))]).toContain(event?.id)
    expect(await found({ objectId: '999999' })).toEqual(new Set())
    expect((await admin.api.admin.accounts.get.query({ id: user.id })).customer).toMatchObject({
      provider: 'paymob',
      providerCustomerId: customer?.id,
    })
    const entries = await admin.api.admin.timeline.query({ userId: user.id, kinds: ['webhook_event'], limit: 100 })
    expect(entries.items).toHaveLength(own.length)
    const details = await admin.api.admin.webhookEvents.get.query({ id: event?.id ?? '' })
    expect(details).toMatchObject({ provider: 'paymob', account: { id: user.id } })
    expect(JSON.stringify(details.payload)).not.toContain(user.email)
  })

  test('is bought once, whatever comes doubled or at once', async () => {
    const user = await app.aUser()
    const { subscriptions } = await billingOf(user)
    const { sessionId } = await subscriptions.subscribe.mutate({ planCode: 'pro-egp' })
    await payAtPaymob(app, sessionId)
    await Promise.all(Array.from({ length: 3 }, () => subscriptions.sync.mutate({ sessionId })))
    await callbacksDone(app)
    for (const { id } of paymobOf(app).callbacks().slice(0, 4))
      await control(paymobOf(app), 'POST', `callbacks/${id}/resend`)
    await callbacksDone(app)
    expect(await paymentsOf(user)).toHaveLength(1)
    expect(await rows('select status from subscriptions where account_id = ?', user.id)).toEqual([{ status: 'active' }])
  })

  test('sends the customer back to the console, and believes nothing else in the address', async () => {
    const user = await app.aUser()
    const { sessionId } = await (await billingOf(user)).subscriptions.subscribe.mutate({ planCode: 'pro-egp' })
    const forged = `${app.url}/billing/paymob/return?success=true&merchant_order_id=${sessionId}`
    const visit = async (url: string) => (await fetch(url, { redirect: 'manual' })).headers.get('location')
    expect(await visit(forged)).toBe(`http://console.test/checkout/success?session_id=${sessionId}`)
    expect(await (await billingOf(user)).subscriptions.sync.mutate({ sessionId })).toBeNull()
    expect(await visit(forged.replace('success=true', 'success=false'))).toBe(
      'http://console.test/checkout/canceled?declined=true',
    )
    expect(await visit(`${app.url}/billing/paymob/return?success=true&merchant_order_id=https://evil.test`)).toBe(
      'http://console.test/checkout/canceled',
    )

    const returnTo = await payAtPaymob(app, sessionId)
    expect(returnTo).toContain(`${app.url}/billing/paymob/return?`)
    expect(await visit(returnTo)).toBe(`http://console.test/checkout/success?session_id=${sessionId}`)
    expect(await (await billingOf(user)).subscriptions.sync.mutate({ sessionId })).toMatchObject({ hasAccess: true })
  })

  test.each([
    ['no HMAC', ''],
    ['a wrong HMAC', `?hmac=${'0'.repeat(128)}`],
  ])('refuses a callback with %s, and stores nothing', async (_what, query) => {
    const body = { type: 'TRANSACTION', obj: { id: 4_711, success: true } }
    const response = await fetch(`${app.url}/billing/paymob/callback${query}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    })
    expect(response.status).toBe(400)
    expect(await rows("select 1 from provider_events where provider_event_id like 'payment:4711:%'")).toEqual([])
  })

  test('is renewed, although the callbacks are lost', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    await control(paymobOf(app), 'PUT', 'chaos', { drop: 1 })
    await advanceBoth(app, { days: 31 })
    await control(paymobOf(app), 'PUT', 'chaos', {})
    expect(await reconcile(app.scope())).toMatchObject({ failures: [] })
    await eventsDone(app)
    expect(await paymentsOf(user)).toHaveLength(2)
    expect(await (await billingOf(user)).subscriptions.current.query()).toMatchObject({
      ...{ status: 'active', hasAccess: true, accessReason: 'active' },
    })
  })

  test('is asked for by the recheck of everything, because Paymob has no lists', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    await rows("update subscriptions set status = 'past_due', price = 1 where account_id = ?", user.id)
    await reconcile(app.scope())
    await rows('update subscriptions set price = 1 where account_id = ?', user.id)
    const state = await recheckNow(atProvider(app.scope(), 'paymob'), () => {})
    expect(state).toMatchObject({ listed: 0, failed: 0 })
    expect(state.asked).toBeGreaterThan(0)
    expect(await (await billingOf(user)).subscriptions.current.query()).toMatchObject({
      ...{ status: 'active', priceCents: 90_000 },
    })
  })

  test('is canceled at the end of its period, and resumed', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const { subscriptions } = await billingOf(user)
    expect(await subscriptions.cancel.mutate()).toMatchObject({ cancelAtPeriodEnd: true, hasAccess: true })
    await aMailTo(user.email, /will end|ends on/)
    expect(await subscriptions.resume.mutate()).toMatchObject({ cancelAtPeriodEnd: false, hasAccess: true })
    await subscriptions.cancel.mutate()
    await advanceBoth(app, { days: 32 })
    await reconcile(app.scope())
    await until('the end', async () => (await subscriptions.current.query()) === null)
    expect(await paymentsOf(user)).toHaveLength(1)
  })

  test('is refunded through the provider of the payment', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    const admin = await app.as(await app.aUser({ isAdmin: true }))
    const [payment] = await rows<{ id: string }>('select id from payments where account_id = ?', user.id)
    await admin.api.admin.payments.refund.mutate({ id: payment?.id ?? '', amountCents: 10_000 })
    expect(await paymentsOf(user)).toMatchObject([{ status: 'partially_refunded', refunded: 10_000 }])
  })

  test('ends with a closed account', async () => {
    const user = await aPaymobPayer(app, 'pro-egp')
    await (await app.as(user)).api.auth.deactivate.mutate()
    await jobsDone(app, 'account-closed', 'end-billing')
    expect(
      await rows('select cancel_at_period_end as ending from subscriptions where account_id = ?', user.id),
    ).toEqual([{ ending: true }])
  })

  test('can not be had beside a subscription at the other one, in either direction', async () => {
    const atPaymob = await billingOf(await aPaymobPayer(app, 'pro-egp'))
    const atStripe = await billingOf(await aPayingUser(app, 'pro'))
    for (const [billing, planCode] of [
      [atPaymob, 'vip'],
      [atStripe, 'vip-egp'],
    ] as const) {
      await expect(billing.subscriptions.subscribe.mutate({ planCode })).rejects.toMatchObject(UNSUPPORTED)
      await expect(billing.subscriptions.upgrade.mutate({ planCode })).rejects.toMatchObject(UNSUPPORTED)
      await expect(billing.subscriptions.change.mutate({ planCode })).rejects.toMatchObject(UNSUPPORTED)
      await expect(billing.subscriptions.previewChange.query({ planCode })).rejects.toThrow(/Switch to it instead/)
    }
    await expect(atPaymob.portal.mutate()).rejects.toMatchObject(UNSUPPORTED)
    expect((await atStripe.portal.mutate()).url).toContain('http')
  })

  test('can be had after a grant, which ends', async () => {
    const user = await app.aUser()
    await aGrant(app, user, 'vip')
    const { subscriptions } = await billingOf(user)
    const { sessionId } = await subscriptions.subscribe.mutate({ planCode: 'pro-egp' })
    await payAtPaymob(app, sessionId)
    await callbacksDone(app)
    expect(await subscriptions.current.query()).toMatchObject({ provider: 'paymob' })
  })

  test.each(firstOf(1, ['paymob', 'stripe']))(
    'pages at both providers are paid at once: the one at %s first, and the other is refunded',
    async (first) => {
      const user = await app.aUser()
      const { subscriptions } = await billingOf(user)
      const page = await subscriptions.subscribe.mutate({ planCode: 'pro' })
      const { sessionId } = await subscriptions.subscribe.mutate({ planCode: 'pro-egp' })
      const pay = {
        stripe: async () => payOnPage(page.checkoutUrl),
        paymob: async () => payAtPaymob(app, sessionId),
      }
      await app.stopWorker()
      await pay[first]()
      await pay[first === 'stripe' ? 'paymob' : 'stripe']()
      await subscriptions.sync.mutate({ sessionId: first === 'stripe' ? page.sessionId : sessionId })
      await app.startWorker()
      await callbacksDone(app)
      await jobsDone(app, 'reverse-subscription', 'cancel-superseded')
      await callbacksDone(app)
      expect(await subscriptions.current.query()).toMatchObject({ provider: first, hasAccess: true })
      const kept = await rows<{ provider: string; kept: number }>(
        'select provider, sum(amount - refunded)::int as kept from payments where account_id = ? group by 1 having sum(amount - refunded) <> 0',
        user.id,
      )
      expect(kept).toEqual([{ provider: first, kept: first === 'stripe' ? 1_900 : 90_000 }])
    },
  )

  test('never has work for one account run side by side at two providers, not even at its first purchase', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await app.aUser()
      const running: string[] = []
      const work = (name: 'stripe' | 'paymob') =>
        underLock(atProvider(app.scope(), name), id, async (locked, customer) => {
          expect([running, locked.billing.provider.name, customer.provider]).toEqual([[], name, name])
          running.push(name)
          await sleep(30)
          running.pop()
        })
      await Promise.all([work('stripe'), work('paymob'), work('paymob'), work('stripe')])
    }
  })

  test('one trial is for all providers', async () => {
    await aPaymobPlan(app, 'try-egp', 50_000, { trialDays: 7 })
    const user = await app.aUser()
    await rows(
      "insert into customers (id, account_id, provider, trial_used_at, created_at) values (gen_random_uuid(), ?, 'stripe', now(), now())",
      user.id,
    )
    const { sessionId } = await (await billingOf(user)).subscriptions.subscribe.mutate({ planCode: 'try-egp' })
    expect(await rows('select trial_days from checkouts where provider_session_id = ?', sessionId)).toEqual([
      { trial_days: 0 },
    ])
  })

  test('has no price per member, and none of nothing, and says what to do', async () => {
    const seats = { included: 3, perSeatCents: 100, max: null }
    await expect(aPaymobPlan(app, 'seats-egp', 1_000, { seats })).rejects.toThrow(/Leave out seats.perSeatCents/)
    await expect(aPaymobPlan(app, 'free-egp', 0)).rejects.toThrow(/no plan for free/)
  })
})

test('a plan of a provider that is not configured any more is not on sale, and says so', async () => {
  await using app = await createTestApp({})
  await app
    .scope()
    .em.execute(
      "insert into plans (id, code, name, price_cents, currency, billing_period, tier, provider, status, created_at, updated_at) values (gen_random_uuid(), 'left', 'Left', 900, 'egp', 'monthly', 'pro', 'paymob', 'active', now(), now())",
    )
  const user = await app.as(await app.aUser())
  expect((await user.api.billing.plans.list.query()).map(({ code }) => code)).not.toContain('left')
  await expect(user.api.billing.subscriptions.subscribe.mutate({ planCode: 'left' })).rejects.toMatchObject({
    ...UNSUPPORTED,
    message: expect.stringContaining('Paymob is not set up here'),
  })
  await expect(aPaymobPlan(app, 'new', 900)).rejects.toMatchObject(UNSUPPORTED)
  expect((await fetch(`${app.url}/billing/paymob/callback`, { method: 'POST' })).status).toBe(404)
})
