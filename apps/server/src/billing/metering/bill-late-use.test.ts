import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../test/inbox.ts'
import { unitsBilledTo } from '../../../test/overage.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { newId } from '../../platform/database/ids.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import { consume } from '../usage/consume.ts'
import { settleReservation } from '../usage/settle-reservation.ts'
import { reportOverage } from './report-overage.ts'

const LIMIT = 10

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
  const calls = (limit: number, unitPriceCents: number) => ({
    calls: { limit, per: 'period', overage: { unitPriceCents } } as const,
  })
  await aPlan(app, { code: 'at-no-price', priceCents: 0, features: calls(LIMIT, 7) })
  await aPlan(app, { code: 'small', features: calls(LIMIT, 5) })
  await aPlan(app, { code: 'large', priceCents: 5_000, tier: 'vip', features: calls(100, 2) })
})
afterAll(() => app[Symbol.asyncDispose]())

const use = ({ id }: PayingUser, amount: number, more: { reserve?: number } = {}) =>
  consume(app.scope(), { id, feature: 'calls', amount, key: newId(), ...more })
const report = () => reportOverage(app.scope())

async function upgrade(user: PayingUser): Promise<void> {
  await advance(app, { seconds: 5 }) // the new period begins later than the old one
  const { subscriptions } = (await app.as(user)).api.billing
  await payOnPage((await subscriptions.upgrade.mutate({ planCode: 'large' })).checkoutUrl)
  await until('the new plan', async () => (await subscriptions.current.query())?.plan.code === 'large')
  await jobsDone(app, 'cancel-superseded')
  await advance(app, { seconds: 5 })
}

async function reportsOf({ id }: PayingUser) {
  return app.scope().em.execute(
    `select r.units::int, r.sent_at is not null as "isSent", r.written_off_at is not null as "isWrittenOff"
     from overage_reports r join subscriptions s on s.id = r.subscription_id
     where s.account_id = ? order by r.created_at, r.id`,
    [id],
  )
}

test('an upgrade of a plan that costs nothing bills and collects what was used above its limit', async () => {
  const user = await aPayingUser(app, 'at-no-price')
  await use(user, LIMIT + 20)
  await upgrade(user)
  expect(await unitsBilledTo(app, user)).toEqual({ 7: 20 })
  expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 5_000 + 7 * 20, credit: 0 })
})

test('late use that Stripe refuses keeps nothing else from being billed, and is given up after a day', async () => {
  const { em } = app.scope()
  const ofSmall = "plan_id = (select id from plans where code = 'small')"
  const [user, other] = [await aPayingUser(app, 'small'), await aPayingUser(app, 'large')]
  await use(user, LIMIT)
  const reserved = await Promise.all([1, 2, 3].map(async (amount) => use(user, amount, { reserve: 3_600 })))
  await upgrade(user)
  await em.execute(`update overage_prices set provider_price_id = provider_price_id || '_gone' where ${ofSmall}`)
  for (const [index, { reservation = '' }] of reserved.entries()) {
    await settleReservation(app.scope(), { id: user.id, reservation, amount: index + 1 })
    await expect(report()).rejects.toBeInstanceOf(PaymentProviderError)
  }
  await use(other, 104)
  await advance(app, { seconds: 5 })
  await expect(report()).rejects.toBeInstanceOf(PaymentProviderError)
  expect(await reportsOf(other)).toEqual([{ units: 4, isSent: true, isWrittenOff: false }])
  const refused = [1, 2, 3].map((units) => ({ units, isSent: false, isWrittenOff: false }))
  expect(await reportsOf(user)).toEqual(refused)
  await em.execute("update overage_reports set tried_at = tried_at - interval '1 day' where sent_at is null")
  await report()
  expect(await reportsOf(user)).toEqual(refused.map((row) => ({ ...row, isWrittenOff: true })))
  await em.execute(
    `update overage_prices set provider_price_id = replace(provider_price_id, '_gone', '') where ${ofSmall}`,
  )
})

test('late use of terms that began after the new subscription has a period that does not end before it begins', async () => {
  const user = await aPayingUser(app, 'small')
  const { reservation = '' } = await use(user, LIMIT + 4, { reserve: 3_600 })
  await upgrade(user)
  await app.scope().em.execute(
    `update subscriptions set overage = jsonb_set(overage, '{calls,since}', to_jsonb(ended_at + interval '3 seconds'))
     where account_id = ? and superseded_at is not null`,
    [user.id],
  )
  await settleReservation(app.scope(), { id: user.id, reservation, amount: LIMIT + 4 })
  await report()
  const { data } = await stripeClient(app).invoiceItems.list({ customer: user.stripeCustomerId, pending: true })
  expect(data.map(({ quantity, period }) => [quantity, period.end - period.start])).toEqual([[4, 0]])
})
