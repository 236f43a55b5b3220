import { afterAll, beforeAll, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aPlan } from '../../../test/plans.ts'
import { eventsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
  // 990,000.00 rupiah.
  await aPlan(app, { code: 'rupiah', priceCents: 99_000_000, currency: 'idr' })
})
afterAll(() => app[Symbol.asyncDispose]())

test('an amount that needs more than 32 bits is paid, shown, refunded, and canceled like any other', async () => {
  const user = await aPayingUser(app, 'rupiah')
  const { api } = await app.as(user)
  const { id, items } = await stripeSubscriptionOf(app, user.stripeCustomerId)
  await stripeClient(app).subscriptions.update(id, {
    items: [{ id: items.data[0]?.id ?? '', quantity: 26 }],
    proration_behavior: 'always_invoice',
  })
  await eventsDone(app)
  expect(await api.billing.subscriptions.current.query()).toMatchObject({
    ...{ quantity: 26, unitPriceCents: 99_000_000, priceCents: 2_574_000_000, hasAccess: true },
  })
  const [payment] = (await api.billing.payments.list.query({})).items
  expect(payment?.status).toBe('succeeded')
  expect(payment?.amountCents).toBeGreaterThan(2 ** 31)
  const failed = await app.scope().em.execute("select 1 from provider_events where status = 'failed'")
  expect(failed).toEqual([])

  const admin = (await anAdmin(app)).api.admin
  const amountCents = 2 ** 31
  expect(await admin.payments.refund.mutate({ id: payment?.id ?? '', amountCents })).toMatchObject({
    ...{ refundedCents: amountCents, status: 'partially_refunded' },
  })
  const { revenue } = await admin.stats.query()
  expect(revenue.mrr).toContainEqual({ currency: 'idr', cents: 2_574_000_000 })
  expect(await api.billing.subscriptions.cancel.mutate()).toMatchObject({ cancelAtPeriodEnd: true })
})
