import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../test/inbox.ts'
import { payOnPage } from '../../../test/pay.ts'
import { eventsDone } from '../../../test/progress.ts'
import { aPayingUser, stripeCustomerOf } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { chaos, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'

describe('a customer that was deleted at Stripe, and whose event was lost', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  /** Deletes the user's customer without any event. */
  const deleteSilently = async (user: TestUser) => {
    await eventsDone(app)
    await chaos(app, { drop: 1 })
    const id = await stripeCustomerOf(app, user)
    await stripeClient(app).customers.del(id)
    await app.stripe.drained()
    await chaos(app)
    return id
  }
  const customerOfPage = async (sessionId: string) =>
    (await stripeClient(app).checkout.sessions.retrieve(sessionId)).customer

  test('does not get the old checkout page again, but a new customer and page, which can be paid', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const old = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    const dead = await deleteSilently(user)

    const page = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    expect(page.sessionId).not.toBe(old.sessionId)
    expect(await customerOfPage(page.sessionId)).not.toBe(dead)
    await payOnPage(page.checkoutUrl)
    await until('access', async () => (await api.billing.subscriptions.current.query())?.hasAccess)
  })

  test('can pay for another plan, whose page was never opened', async () => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    const dead = await deleteSilently(user)
    const both = await Promise.all(
      [1, 2].map(async () => api.billing.subscriptions.subscribe.mutate({ planCode: 'vip' })),
    )
    expect(new Set(both.map(({ sessionId }) => sessionId)).size).toBe(1)
    expect(await customerOfPage(both[0]?.sessionId ?? '')).not.toBe(dead)
  })

  test('gets no preview of a change, and loses the subscription', async () => {
    const user = await aPayingUser(app, 'pro')
    await deleteSilently(user)
    const { subscriptions } = (await app.as(user)).api.billing
    await expect(subscriptions.previewChange.query({ planCode: 'vip' })).rejects.toMatchObject(
      refusal('NOT_FOUND', 'NO_SUBSCRIPTION'),
    )
    expect(await subscriptions.current.query()).toBeNull()
  })

  test('has nothing to upgrade, can subscribe again, and gets a portal', async () => {
    const [upgrades, opens] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
    await deleteSilently(upgrades)
    const { api } = await app.as(upgrades)
    await expect(api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })).rejects.toMatchObject(
      refusal('NOT_FOUND', 'NO_SUBSCRIPTION'),
    )
    expect(await api.billing.subscriptions.current.query()).toBeNull()
    await api.billing.subscriptions.subscribe.mutate({ planCode: 'vip' })

    const dead = await deleteSilently(opens)
    const portal = (await app.as(opens)).api
    expect((await fetch((await portal.billing.portal.mutate()).url)).status).toBe(200)
    expect(await stripeCustomerOf(app, opens)).not.toBe(dead)
    expect(await portal.billing.subscriptions.current.query()).toBeNull()
  })
})
