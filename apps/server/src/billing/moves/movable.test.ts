import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anAdmin, UNKNOWN_ID } from '../../../test/admin.ts'
import { aPlan } from '../../../test/plans.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { planChangeTiming } from '../changes/plan-change-timing.ts'
import { Plan } from '../plan.entity.ts'
import { findLiveSubscription } from '../subscriptions/live-subscription.ts'
import { movableSql } from './movable.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

/** Stands for the target's price of today. */
const PRICE = '00000000-0000-4000-8000-000000000001'

/** What may be different about a row. Each makes one subscription. */
const ROWS = [
  {},
  { provider: 'manual', provider_subscription_id: null },
  { provider: 'paymob' },
  { provider_subscription_id: null },
  { cancel_at_period_end: true },
  { cancel_at_period_end: true, status: 'past_due' },
  { status: 'trialing' },
  { status: 'past_due' },
  { status: 'unpaid', paused_from: '2026-01-01' },
  { paused_from: '2026-01-01' },
  { currency: 'eur' },
  { unit_price: 4_900, price: 4_900 },
  { unit_price: 4_900, price: 4_900, billing_period: 'yearly' },
  { interval_unit: 'month', interval_count: 3 },
  { included_seats: 2, per_seat_cents: 500, quantity: 3 },
  { included_seats: 3, per_seat_cents: 700, quantity: 3 },
  { quantity: 4 },
  { scheduled: 'own' },
  { scheduled: 'target' },
  { scheduled: 'target', scheduled_price_id: PRICE },
  { scheduled: 'target', scheduled_price_id: UNKNOWN_ID },
  { scheduled: 'target', scheduled_price_id: UNKNOWN_ID, scheduled_billing_period: 'monthly' },
  { scheduled: 'target', scheduled_price_id: UNKNOWN_ID, scheduled_billing_period: 'yearly' },
] as const

const TARGETS = {
  plain: { priceCents: 4_900 },
  yearly: { priceCents: 4_900, billingPeriod: 'yearly' },
  seats: { priceCents: 4_900, seats: { included: 3, perSeatCents: 700, max: null } },
  // A personal account has one member, so a seat limit of one is no obstacle.
  limit: { priceCents: 4_900, seats: { included: 1, perSeatCents: null, max: null } },
} as const

test.each(Object.keys(TARGETS) as (keyof typeof TARGETS)[])(
  'the preview of a move to a plan (%s) refuses whom the change itself refuses, for the same reason',
  async (name) => {
    await anAdmin(app)
    const { em, ...scope } = app.scope()
    const from = await aPlan(app, { code: `from-${name}`, priceCents: 1_900 })
    const target = await aPlan(app, { code: `to-${name}`, ...TARGETS[name] })
    const own = await aPlan(app, { code: `own-${name}` })
    const priceId = randomUUID()
    await em.execute(
      `insert into plan_prices (id, plan_id, price_cents, currency, billing_period, created_at)
       values (?, ?, ?, 'usd', ?, now())`,
      [priceId, target.id, target.priceCents, target.billingPeriod],
    )
    const plans = { own: own.id, target: target.id }
    for (const planId of [from.id, target.id]) {
      for (const row of ROWS) {
        const { id } = await app.aUser()
        const { scheduled, ...columns } = { scheduled: null, ...row }
        const values = {
          ...{ account_id: id, plan_id: planId, provider: 'stripe', provider_subscription_id: `sub_${id}` },
          ...{ status: 'active', price: 1_900, unit_price: 1_900, quantity: 1, currency: 'usd' },
          ...{ billing_period: 'monthly', scheduled_plan_id: scheduled && plans[scheduled] },
          ...{ current_period_start: '2026-01-01', current_period_end: '2036-01-01' },
          ...columns,
          ...('scheduled_price_id' in columns &&
            columns.scheduled_price_id === PRICE && { scheduled_price_id: priceId }),
        }
        await em.execute(
          `insert into subscriptions (id, started_at, created_at, updated_at, ${Object.keys(values).join(', ')})
           values (gen_random_uuid(), now(), now(), now(), ${Object.keys(values)
             .map(() => '?')
             .join(', ')})`,
          Object.values(values),
        )
      }
    }
    for (const planId of [from.id, target.id]) {
      for (const at of ['now', 'period_end'] as const) {
        const [plan, to] = [
          await em.findOneOrFail(Plan, { id: planId }),
          await em.findOneOrFail(Plan, { id: target.id }),
        ]
        const { sql, values } = await movableSql({ ...scope, em }, { from: plan, to, offer: to.firstOffer(), at })
        const rows = await em.execute<{ account_id: string; id: string; reason: string | null }[]>(sql, values)
        expect(rows).toHaveLength(ROWS.length)
        for (const { account_id: accountId, id, reason } of rows) {
          const subscription = await findLiveSubscription(em, accountId)
          if (!subscription) throw new Error('It is live.')
          const listed = { subscriptionId: id, fromPlanId: planId, priceId }
          const timing = planChangeTiming(subscription, { plan: to, offer: to.firstOffer(), isNamed: true }, 1, {
            at,
            listed,
          })
          const expected = 'refused' in timing ? timing.refused.reason : timing.timing === 'none' ? 'SAME_PLAN' : null
          expect([reason, JSON.stringify(subscription)]).toEqual([expected, JSON.stringify(subscription)])
        }
      }
    }
  },
)
