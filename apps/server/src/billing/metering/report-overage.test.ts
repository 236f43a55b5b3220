import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { unitsBilledTo } from '../../../test/overage.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { randomFrom } from '../../../test/random-from.ts'
import { aServiceKey } from '../../../test/service-keys.ts'
import { calm, failNext, LOST_ANSWER, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { removeOld } from '../../platform/retention/remove-old.ts'
import { retentionRules } from '../../retention-rules.ts'
import type { UsageView } from '../usage.schemas.ts'
import { reportOverage } from './report-overage.ts'
import { settleOverage } from './settle-overage.ts'

const LIMIT = 10
const CENTS = 5

let app: TestApp
let key: string
beforeAll(async () => {
  app = await createTestApp()
  key = await aServiceKey(app, 'usage:write')
  const calls = (limit: number, unitPriceCents: number) => ({
    calls: { limit, per: 'period', overage: { unitPriceCents } } as const,
  })
  await aPlan(app, { code: 'small', features: calls(LIMIT, CENTS) })
  await aPlan(app, { code: 'large', priceCents: 5_000, tier: 'vip', features: calls(100, 2) })
  await aPlan(app, { code: 'larger', priceCents: 9_000, tier: 'vip', features: calls(200, 1) })
  await aPlan(app, { code: 'yearly', priceCents: 9_000, billingPeriod: 'yearly', features: calls(LIMIT, CENTS) })
  await aPlan(app, { code: 'tried', trialDays: 7, features: calls(LIMIT, CENTS) })
})
afterAll(() => app[Symbol.asyncDispose]())
let keys = 0
type Answer = Omit<UsageView, 'resetsAt'>
async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${app.url}/v1/accounts/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return answer as Answer
}
const use = ({ id }: PayingUser, amount: number, more: object = {}) =>
  ask('POST', `${id}/usage`, { feature: 'calls', amount, key: `key-${++keys}`, ...more })
const settle = (user: PayingUser, id = '', amount = 0) => ask('PATCH', `${user.id}/usage/${id}`, { amount })
const giveBack = ({ id }: PayingUser, reservation = '') => ask('DELETE', `${id}/usage/${reservation}`)
const report = () => reportOverage(app.scope())
const reportWithLosses = async () => {
  await failNext(app, { ...LOST_ANSWER, count: 3 })
  await report().catch(() => undefined)
  await calm(app)
}
const billedTo = async (user: PayingUser) => unitsBilledTo(app, user)

test('what is used above the limit is billed at the end of the period, and the next payment shows it before', async () => {
  const user = await aPayingUser(app, 'small')
  expect(await use(user, 8)).toMatchObject({ allowed: true, used: 8, limit: LIMIT, remaining: 2 })
  expect(await use(user, 5)).toMatchObject({ allowed: true, used: 13, limit: LIMIT, remaining: 0 })
  await report()
  const { subscriptions } = (await app.as(user)).api.billing
  const overage = [{ feature: 'calls', units: 3, amountCents: 3 * CENTS }]
  expect(await subscriptions.nextPayment.query()).toMatchObject({ amountCents: 1_000 + 3 * CENTS, overage })
  await advance(app, { days: 32 })
  expect(await billedTo(user)).toEqual({ [CENTS]: 3 })
  expect(await use(user, 1)).toMatchObject({ used: 1, remaining: LIMIT - 1 })
})

test('only settled use is reported: what was reserved and given back is not', async () => {
  const user = await aPayingUser(app, 'yearly')
  await use(user, LIMIT)
  const [kept, returned] = [await use(user, 4, { reserve: 600 }), await use(user, 3, { reserve: 600 })]
  expect(kept).toMatchObject({ allowed: true, used: LIMIT + 4 })
  await report()
  expect(await billedTo(user)).toEqual({})
  await giveBack(user, returned.reservation)
  expect(await settle(user, kept.reservation, 6)).toMatchObject({ allowed: true, used: LIMIT + 6 })
  await report()
  await report()
  expect(await billedTo(user)).toEqual({ [CENTS]: 6 })
})

test('lost answers, crashes and several reporters count each unit once', async () => {
  const user = await aPayingUser(app, 'small')
  await use(user, LIMIT)
  let above = 0
  for (const amount of [1, 2, 3, 4]) {
    await use(user, amount)
    above += amount
    await reportWithLosses()
    await Promise.all([report(), report(), report()])
    // A crash between Stripe's answer and our note of it.
    await app.scope().em.execute('update overage_reports set sent_at = null where sent_at is not null')
    await report()
  }
  expect(await billedTo(user)).toEqual({ [CENTS]: above })
  expect(await app.scope().em.execute('select 1 from overage_reports where sent_at is null')).toEqual([])
  const later = new Date(Date.now() + app.deps.config.RETAIN_USAGE + DAY)
  const rules = retentionRules(app.deps.config, later).filter(({ table }) => table === 'overage_reports')
  const removed = await removeOld(app.scope(), rules)
  expect(removed['overage_reports']).toBeGreaterThanOrEqual(3)
  await use(user, 1)
  await report()
  expect(await billedTo(user)).toEqual({ [CENTS]: above + 1 })
})

test.each([1, 2, 3])('any order of uses, reservations and failures bills what is settled (seed %i)', async (seed) => {
  const user = await aPayingUser(app, 'small')
  const random = randomFrom(seed)
  let settled = 0
  const open: [reservation: string, amount: number][] = []
  for (let step = 0; step < 25; step += 1) {
    const amount = 1 + Math.floor(random() * 4)
    const [act, next] = [random(), open[0]]
    if (act < 0.35) settled += (await use(user, amount)).allowed ? amount : 0
    else if (act < 0.6) {
      const { reservation = '' } = await use(user, amount, { reserve: 3_600 })
      open.push([reservation, amount])
    } else if (act < 0.7 && next) await giveBack(user, open.shift()?.[0])
    else if (act < 0.85 && next) {
      await settle(user, open.shift()?.[0], amount)
      settled += amount
    } else {
      if (random() < 0.5) await failNext(app, { ...LOST_ANSWER, count: 1 + Math.floor(random() * 4) })
      await Promise.allSettled([report(), report()])
      await calm(app)
    }
  }
  await report()
  const above = Math.max(0, settled - LIMIT)
  expect(await billedTo(user)).toEqual(above > 0 ? { [CENTS]: above } : {})
})

test('use that is reported after its period has ended is billed once, in the period that runs', async () => {
  const user = await aPayingUser(app, 'small')
  await use(user, LIMIT + 2)
  await report()
  await use(user, 3)
  await advance(app, { days: 32 })
  await report()
  await report()
  await advance(app, { days: 31 })
  expect(await billedTo(user)).toEqual({ [CENTS]: 5 })
})

describe('a change of terms', () => {
  const feature = (limit: number) => ({ calls: { limit, per: 'period', overage: { unitPriceCents: 3 } } as const })
  const terms = { name: 'Metered', priceCents: 900, billingPeriod: 'monthly', tier: 'pro' } as const
  test('bills the use before at the former price, and the use after at the new one, from its limit on', async () => {
    const user = await aPayingUser(app, 'small')
    await use(user, LIMIT + 7)
    await advance(app, { seconds: 5 }) // Stripe counts in seconds
    await (await app.as(user)).api.billing.subscriptions.change.mutate({ planCode: 'large' })
    await eventsDone(app)
    await jobsDone(app, 'sync-overage')
    await use(user, 80)
    await report()
    expect(await billedTo(user)).toEqual({ [CENTS]: 7 })
    await use(user, 13)
    await report()
    expect(await billedTo(user)).toEqual({ [CENTS]: 7, 2: LIMIT + 7 + 80 + 13 - 100 })
  })

  test('that includes more holds at once, like the limit that it raises', async () => {
    const { api } = await anAdmin(app)
    const { id } = await api.billing.plans.create.mutate({ code: 'grown', ...terms, features: feature(5) })
    const user = await aPayingUser(app, 'grown')
    await use(user, 6)
    await report()
    await api.billing.plans.update.mutate({ id, features: feature(50) })
    expect(await use(user, 30)).toMatchObject({ allowed: true, limit: 50, used: 36 })
    await report()
    expect(await billedTo(user)).toEqual({ 3: 1 })
  })

  test('bills nothing that was used or reserved within the limit before', async () => {
    const { api } = await anAdmin(app)
    const { id } = await api.billing.plans.create.mutate({ code: 'shrunk', ...terms, features: feature(50) })
    const user = await aPayingUser(app, 'shrunk')
    await use(user, 40)
    const { reservation } = await use(user, 8, { reserve: 600 })
    await api.billing.plans.update.mutate({ id, features: feature(5) })
    const { id: subscription } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await stripeClient(app).subscriptions.update(subscription, { metadata: { touched: 'yes' } })
    await eventsDone(app)
    await use(user, 2)
    await settle(user, reservation, 8)
    await report()
    expect(await billedTo(user)).toEqual({ 3: 2 })
  })
})

test('what an override allows is not billed, neither while it holds nor after it', async () => {
  const user = await aPayingUser(app, 'small')
  const { entitlements } = (await anAdmin(app)).api.admin
  const of = { accountId: user.id, feature: 'calls' }
  await use(user, LIMIT + 2)
  await entitlements.override.mutate({ ...of, value: { limit: 60, per: 'period' }, reason: 'A gift.' })
  expect(await use(user, 40)).toMatchObject({ allowed: true, limit: 60, used: LIMIT + 42 })
  await report()
  const { reservation } = await use(user, 5, { reserve: 600 })
  await entitlements.remove.mutate(of)
  await settle(user, reservation, 5)
  await report()
  expect(await billedTo(user)).toEqual({ [CENTS]: 2 })
  await use(user, 3)
  const until = new Date((await app.deps.billing.time.now()).getTime() + DAY)
  await entitlements.override.mutate({ ...of, value: { limit: 100, per: 'period' }, until, reason: 'Another.' })
  await use(user, 30)
  await advance(app, { days: 2 })
  await report()
  expect(await billedTo(user)).toEqual({ [CENTS]: 5 })
})

test('what is settled after an upgrade is billed once, at its former price, and nothing else that it includes', async () => {
  const user = await aPayingUser(app, 'small')
  await use(user, LIMIT + 1)
  const [last, ...reserved] = await Promise.all([1, 2, 4].map(async (amount) => use(user, amount, { reserve: 3600 })))
  await advance(app, { seconds: 5 }) // the new period begins later than the old one
  const { subscriptions } = (await app.as(user)).api.billing
  await payOnPage((await subscriptions.upgrade.mutate({ planCode: 'large' })).checkoutUrl)
  await until('the new plan', async () => (await subscriptions.current.query())?.plan.code === 'large')
  await jobsDone(app, 'cancel-superseded')
  expect(await use(user, 40)).toMatchObject({ allowed: true, used: 40, limit: 100 })
  for (const [index, { reservation }] of reserved.entries()) {
    expect(await settle(user, reservation, [2, 5][index])).toMatchObject({ allowed: true })
    await advance(app, { seconds: 5 })
    await reportWithLosses()
    await Promise.all([report(), report()])
  }
  // A crash between Stripe's answer and our note of it, more than a day ago.
  const { em } = app.scope()
  const lost = "update overage_reports set sent_at = null, tried_at = tried_at - interval '2 days'"
  await em.execute(`${lost} where invoiced_on is not null`)
  await report()
  expect(await billedTo(user)).toEqual({ [CENTS]: 1 + 2 + 5 })
  const { overage } = (await subscriptions.nextPayment.query()) ?? {}
  expect(overage).toContainEqual({ feature: 'calls', units: 2, amountCents: 2 * CENTS })
  const { dueNowCents, prorationDate } = await subscriptions.previewChange.query({ planCode: 'larger' })
  await subscriptions.change.mutate({ planCode: 'larger', prorationDate })
  const [invoice] = (await stripeClient(app).invoices.list({ customer: user.stripeCustomerId })).data
  expect(invoice).toMatchObject({ amount_due: dueNowCents })
  expect(await billedTo(user)).toEqual({ [CENTS]: 1 + 2 + 5 })
  // Nothing bills what was used with a subscription that was not replaced: no more than was reserved.
  await em.execute('update subscriptions set superseded_at = null where account_id = ?', [user.id])
  for (const amount of [2, 1]) expect((await settle(user, last?.reservation, amount)).allowed).toBe(amount === 1)
})

test('a canceled subscription is settled until 35 days after its last period', async () => {
  const user = await aPayingUser(app, 'small')
  const { em, billing, clock } = app.scope()
  const billingNow = await billing.time.now()
  const unitsOnceEndedFor = async (ending: typeof em, days: number) => {
    const end = "with ends as (select ?::timestamptz as at) update subscriptions set status = 'canceled',"
    const sql = `${end} current_period_end = at, ended_at = at from ends where account_id = ? returning id`
    const [row] = await ending.execute<{ id: string }[]>(sql, [after(billingNow, -days * DAY), user.id])
    if (days === 36) await use(user, LIMIT + 2) // It still sees a live subscription.
    await settleOverage(ending, { billingNow, wallNow: clock.now() })
    const reports = 'overage_reports r join subscriptions s on s.id = r.subscription_id where s.id = ?'
    return ending.execute(`select units, used_at < ended_at as in_time from ${reports}`, [row?.id])
  }
  await em.transactional(async (ending) => {
    expect(await unitsOnceEndedFor(ending, 36)).toEqual([])
    expect(await unitsOnceEndedFor(ending, 34)).toEqual([{ units: '2', in_time: true }])
  })
})

test('a report leaves out a subscription that is being changed, so that neither waits for the other for ever', async () => {
  const user = await aPayingUser(app, 'small')
  await use(user, LIMIT + 4)
  const { em, billing, clock } = app.scope()
  const billingNow = await billing.time.now()
  await em.transactional(async (changing) => {
    const live = "select id from subscriptions where account_id = ? and status <> 'canceled' for update"
    const [row] = await changing.execute<{ id: string }[]>(live, [user.id])
    await report()
    await settleOverage(changing, { subscriptionId: row?.id ?? null, billingNow, wallNow: clock.now() })
  })
  await report()
  expect(await billedTo(user)).toEqual({ [CENTS]: 4 })
})

test('above the limit, a trial and a subscription that owes money are denied', async () => {
  const user = await aPayingUser(app, 'tried')
  expect(await use(user, LIMIT)).toMatchObject({ allowed: true })
  expect(await use(user, 1)).toMatchObject({ allowed: false, used: LIMIT })
  await advance(app, { days: 8 })
  expect(await use(user, LIMIT + 1)).toMatchObject({ allowed: true })
  const owe = "update subscriptions set status = 'past_due', past_due_since = now() where account_id = ?"
  await app.scope().em.execute(owe, [user.id])
  expect(await use(user, 1)).toMatchObject({ allowed: false })
})
