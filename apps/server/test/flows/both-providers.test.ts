import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPaymobPayer, aPaymobPlan } from '../paymob-purchases.ts'
import { createTestApp, type TestApp } from '../test-app.ts'

describe('with two providers', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({}, { paymob: true })
    await aPaymobPlan(app, 'pro-egp', 90_000)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const rows = async <Row>(sql: string, ...values: unknown[]) => app.scope().em.execute<Row[]>(sql, values)

  test("an event about a payment names no subscription that has the payment's number as its id", async () => {
    const [user, other] = [await aPaymobPayer(app, 'pro-egp'), await aPaymobPayer(app, 'pro-egp')]
    const [own] = await rows<{ payment: string; subscription: string; number: string }>(
      `select id as payment, subscription_id as subscription, provider_payment_id as number
       from payments where account_id = ?`,
      user.id,
    )
    await rows(
      "update subscriptions set provider_subscription_id = ? where account_id = ? and provider = 'paymob'",
      ...[own?.number, other.id],
    )
    const { webhookEvents } = (await app.as(await app.aUser({ isAdmin: true }))).api.admin
    const { items } = await webhookEvents.list.query({ type: 'TRANSACTION', limit: 100 })
    const event = items.find(({ objectId }) => objectId === own?.number)
    expect(await webhookEvents.get.query({ id: event?.id ?? '' })).toMatchObject({
      account: { id: user.id },
      effect: { paymentId: own?.payment, subscriptionId: own?.subscription },
    })
  })

  test.each([
    ['pro-egp', 'pro'],
    ['pro', 'pro-egp'],
  ])('the portal of an account without a subscription is that of Stripe (pages of %s, then %s)', async (...plans) => {
    const { api } = await app.as(await app.aUser())
    for (const planCode of plans) await api.billing.subscriptions.subscribe.mutate({ planCode })
    expect((await api.billing.portal.mutate()).url).toContain('http')
  })
})
