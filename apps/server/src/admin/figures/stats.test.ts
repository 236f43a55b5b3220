import { expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aPlan } from '../../../test/plans.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'

test('stats are zero or empty without any subscriptions and payments', async () => {
  await using app = await createTestApp({}, { worker: false })
  const { api } = await anAdmin(app)
  expect(await api.admin.stats.query()).toEqual({
    users: { total: 1, active: 1, verified: 1, new30d: 1 },
    subscriptions: {
      byStatus: { pending: 0, trialing: 0, active: 0, past_due: 0, unpaid: 0, paused: 0, canceled: 0 },
      byPlan: [],
    },
    revenue: { mrr: [], last30d: [], byDay: [] },
    jobs: { queued: 0, retry: 0, failed: 0 },
  })
})

test('stats count users, subscriptions, revenue and jobs as decision 0013 defines them', async () => {
  await using app = await createTestApp({}, { worker: false })
  const { api } = await anAdmin(app)
  await app.aUser({ isVerified: false })
  const old = await app.aUser()
  const { em } = app.scope()
  await em.execute("update users set is_active = false, created_at = now() - interval '31 days' where id = ?", [old.id])

  await aPlan(app, { code: 'yearly', billingPeriod: 'yearly' })
  await aPlan(app, { code: 'euro', currency: 'eur' })
  await subscribe(app, 'pro', 'active', 1900)
  await subscribe(app, 'pro', 'past_due', 1500) // the subscription's price counts, not the plan's
  await subscribe(app, 'yearly', 'active', 10_003)
  await subscribe(app, 'yearly', 'active', 10_003)
  for (const status of ['trialing', 'unpaid', 'paused', 'pending', 'canceled'])
    await subscribe(app, 'vip', status, 4900)
  await subscribe(app, 'vip', 'active', 0) // a grant
  await subscribe(app, 'euro', 'active', 700)

  await pay(app, 0, 1900, 'succeeded')
  await pay(app, 0, 1900, 'partially_refunded', 400)
  await pay(app, 0, 1900, 'refunded', 1900)
  await pay(app, 0, 1900, 'failed')
  await pay(app, 0, 1900, 'disputed')
  await pay(app, 29, 500, 'succeeded')
  await pay(app, 30, 90_000, 'succeeded')
  await pay(app, 3, 700, 'succeeded', 0, 'eur')
  await app.deps.boss.send('send-mail', {})
  await app.deps.boss.send('send-mail', {}, { startAfter: 3600 })
  const retried = await app.deps.boss.send('send-mail', {})
  await em.execute("update pgboss.job set state = 'retry' where id = ?", [retried])
  await app.deps.boss.send('dead-letter', {})

  const { users, subscriptions, revenue, jobs } = await api.admin.stats.query()
  expect(users).toEqual({ total: 14, active: 13, verified: 13, new30d: 13 })
  expect(subscriptions).toEqual({
    byStatus: { pending: 1, trialing: 1, active: 5, past_due: 1, unpaid: 1, paused: 1, canceled: 1 },
    byPlan: [
      { planCode: 'vip', count: 5 },
      { planCode: 'pro', count: 2 },
      { planCode: 'yearly', count: 2 },
      { planCode: 'euro', count: 1 },
    ],
  })
  const twoYearly = Math.round(20_006 / 12)
  expect(revenue.mrr).toEqual([
    { currency: 'eur', cents: 700 },
    { currency: 'usd', cents: 1900 + 1500 + twoYearly },
  ])
  expect(revenue.last30d).toEqual([
    { currency: 'eur', cents: 700 },
    { currency: 'usd', cents: 1900 + 1500 + 500 },
  ])
  expect(revenue.byDay).toHaveLength(60)
  expect(revenue.byDay.filter(({ cents }) => cents > 0)).toEqual([
    { currency: 'eur', cents: 700, day: dayBefore(3) },
    { currency: 'usd', cents: 500, day: dayBefore(29) },
    { currency: 'usd', cents: 3400, day: dayBefore(0) },
  ])
  expect(jobs).toEqual({ queued: 2, retry: 1, failed: 1 })
})

const dayBefore = (days: number) =>
  after(new Date(), -days * DAY)
    .toISOString()
    .slice(0, 10)

async function subscribe(app: TestApp, planCode: string, status: string, priceCents: number): Promise<void> {
  const { id } = await app.aUser()
  await app.scope().em.execute(
    `insert into subscriptions (id, user_id, plan_id, provider, status, price_cents, currency, billing_period, started_at,
       current_period_start, current_period_end, created_at, updated_at)
     select gen_random_uuid(), ?, id, 'manual', ?, ?, currency, billing_period, now(), now(), now(), now(), now()
     from plans where code = ?`,
    [id, status, priceCents, planCode],
  )
}

async function pay(app: TestApp, days: number, cents: number, status: string, refunded = 0, currency = 'usd') {
  await app.scope().em.execute(
    `insert into payments (id, user_id, provider, provider_invoice_id, amount_cents, refunded_cents, currency, status,
       created_at, updated_at)
     select gen_random_uuid(), id, 'stripe', gen_random_uuid(), ?, ?, ?, ?, ?, now() from users limit 1`,
    [cents, refunded, currency, status, new Date(`${dayBefore(days)}T00:00:00Z`)],
  )
}
