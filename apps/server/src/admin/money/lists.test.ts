import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPages, aPayment, auditOf, UNKNOWN_ID } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { aPlan } from '../../../test/plans.ts'
import { eventsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { chargeOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY, MINUTE } from '../../platform/durations.ts'

let app: TestApp
let adminId: string
let session: TollgateClient['session']
let api: TollgateClient['api']
beforeAll(async () => {
  app = await createTestApp()
  const admin = await app.aUser({ isAdmin: true })
  adminId = admin.id
  ;({ session, api } = await app.as(admin))
  await aPlan(app, { code: 'dinar', currency: 'kwd', priceCents: 1_000 })
  await manyRows()
})
afterAll(() => app[Symbol.asyncDispose]())

/** Subscriptions of every kind, each with a payment, as they are after years. */
async function manyRows(): Promise<void> {
  const users = await Promise.all(
    Array.from({ length: 96 }, async (_, n) => (await app.aUser({ username: `many${n}` })).id),
  )
  const { em } = app.scope()
  await em.execute(
    `insert into subscriptions (id, user_id, plan_id, provider, status, price, unit_price, currency, billing_period,
       interval_unit, interval_count, started_at, current_period_start, current_period_end, cancel_at_period_end,
       cancel_at, followed_at, paused_from, past_due_since, ended_at, created_at, updated_at)
     select gen_random_uuid(), id, (select id from plans where code = (array['pro', 'vip', 'dinar'])[1 + n % 3]),
       (array['stripe', 'stripe', 'manual'])[1 + n % 3],
       (array['active', 'trialing', 'past_due', 'canceled', 'unpaid', 'paused', 'pending', 'active'])[1 + n % 8],
       1000 + n, 1000, (array['usd', 'eur', 'kwd'])[1 + n % 3], (array['monthly', 'yearly'])[1 + n % 2],
       case when n % 12 = 5 then 'month' end, case when n % 12 = 5 then 3 end,
       moment - n * interval '1 day', moment - interval '20 days', moment + (n - 40) * interval '6 hours', n % 5 = 0,
       case when n % 10 = 0 then moment + interval '1 day' when n % 7 = 0 then moment + interval '40 days' end,
       case when n % 4 = 0 then moment end, case when n % 9 = 0 then moment end, case when n % 8 = 2 then moment - n * interval '5 hours' end,
       case when n % 8 = 3 then moment end, moment, moment
     from unnest(?::uuid[]) with ordinality as people (id, n), (select date_trunc('second', now()) as moment) now`,
    [`{${users.join(',')}}`],
  )
  await em.execute(
    `insert into payments (id, user_id, subscription_id, provider, provider_invoice_id, amount, refunded, currency,
       status, created_at, updated_at)
     select gen_random_uuid(), user_id, id, 'stripe', 'in_many_' || row_number() over (), price, case when status = 'unpaid' then 500 else 0 end,
       currency, case status when 'unpaid' then 'partially_refunded' when 'past_due' then 'failed' else 'succeeded' end,
       started_at, now()
     from subscriptions where price >= 1000 and user_id = any(?::uuid[])`,
    [`{${users.join(',')}}`],
  )
}

type Filters = NonNullable<Parameters<typeof api.admin.subscriptions.list.query>[0]>
const subscriptions = (filters: Filters = {}) =>
  allPages((cursor) => api.admin.subscriptions.list.query({ ...filters, limit: 7, cursor }))
type PaymentFilters = NonNullable<Parameters<typeof api.admin.payments.list.query>[0]>
const payments = (filters: PaymentFilters = {}) =>
  allPages((cursor) => api.admin.payments.list.query({ ...filters, limit: 7, cursor }))
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('subscriptions', () => {
  test('are filtered by access reason exactly as each row says it', async () => {
    const all = await subscriptions()
    const reasons = new Set(all.map(({ accessReason }) => accessReason))
    expect(reasons.size).toBeGreaterThanOrEqual(8)
    for (const accessReason of reasons) {
      const expected = all.filter((row) => row.accessReason === accessReason)
      expect([accessReason, idsOf(await subscriptions({ accessReason }))]).toEqual([accessReason, idsOf(expected)])
    }
  })

  test('are filtered by everything at once, and each filter alone', async () => {
    const all = await subscriptions()
    const same = async (filters: Filters, matches: (row: (typeof all)[number]) => boolean) => {
      const expected = all.filter(matches)
      expect(expected.length).toBeGreaterThan(0)
      expect([filters, idsOf(await subscriptions(filters))]).toEqual([filters, idsOf(expected)])
    }
    await same({ status: 'unpaid' }, ({ status }) => status === 'unpaid')
    await same({ planCode: 'vip' }, ({ plan }) => plan.code === 'vip')
    await same({ provider: 'manual' }, ({ provider }) => provider === 'manual')
    await same({ currency: 'kwd' }, ({ currency }) => currency === 'kwd')
    await same({ interval: 'other' }, ({ interval }) => interval.count === 3)
    await same({ interval: 'yearly' }, ({ interval }) => interval.unit === 'year' && interval.count === 1)
    await same({ unitPriceCents: 1_000 }, ({ unitPriceCents }) => unitPriceCents === 1_000)
    await same(
      { status: 'active', planCode: 'pro', interval: 'monthly' },
      ({ status, plan, interval }) =>
        status === 'active' && plan.code === 'pro' && interval.unit === 'month' && interval.count === 1,
    )
    expect(await subscriptions({ status: 'canceled', trialEndsTo: new Date() })).toEqual([])
  })

  test('are sorted by the end of the period, for what ends soon and for trials', async () => {
    const all = (await subscriptions()).filter(({ status }) => status !== 'canceled')
    const byEnd = (rows: typeof all) =>
      idsOf(
        rows.toSorted((a, b) => a.currentPeriodEnd.getTime() - b.currentPeriodEnd.getTime() || (a.id < b.id ? -1 : 1)),
      )
    expect(idsOf(await subscriptions({ order: 'ending' }))).toEqual(byEnd(all))
    const soon = after(new Date(), 2 * DAY)
    expect(idsOf(await subscriptions({ order: 'ending', endsBefore: soon }))).toEqual(
      byEnd(all.filter(({ cancelAtPeriodEnd, cancelAt }) => cancelAtPeriodEnd && cancelAt !== null && cancelAt < soon)),
    )
    const [from, to] = [after(new Date(), -2 * DAY), after(new Date(), 3 * DAY)]
    const trials = all.filter(({ status, currentPeriodEnd: end }) => status === 'trialing' && end >= from && end < to)
    expect(trials.length).toBeGreaterThan(0)
    expect(idsOf(await subscriptions({ order: 'ending', trialEndsFrom: from, trialEndsTo: to }))).toEqual(byEnd(trials))
  })

  test('say what canceling would do, and do exactly that', async () => {
    const { payer } = await aPayment(app, api)
    const [{ id, currentPeriodEnd } = { id: '', currentPeriodEnd: null }] = await subscriptions({ userId: payer.id })
    const atEnd = { endsAt: currentPeriodEnd, accessUntil: currentPeriodEnd, isDone: false, refundedCents: 0 }
    expect(await api.admin.subscriptions.previewCancel.query({ id, at: 'period_end' })).toMatchObject({
      ...atEnd,
      refundable: { amountCents: 1_900 },
    })
    const now = await api.admin.subscriptions.previewCancel.query({ id, at: 'now' })
    expect(now).toMatchObject({ accessUntil: null, isDone: false })
    expect(Math.abs((now.endsAt?.getTime() ?? 0) - Date.now())).toBeLessThan(MINUTE)

    const ending = await api.admin.subscriptions.cancel.mutate({ id, at: 'period_end' })
    expect(ending).toMatchObject({ cancelAt: atEnd.endsAt, accessUntil: atEnd.accessUntil })
    expect(await api.admin.subscriptions.previewCancel.query({ id, at: 'period_end' })).toMatchObject({ isDone: true })
    await api.admin.subscriptions.cancel.mutate({ id, at: 'now' })
    expect(await api.admin.subscriptions.previewCancel.query({ id, at: 'now' })).toMatchObject({
      ...{ endsAt: null, isDone: true },
    })
    expect(await api.admin.subscriptions.get.query({ id })).toMatchObject({
      ...{ id, status: 'canceled', providerSubscriptionId: expect.stringMatching(/^sub_/), user: { id: payer.id } },
      payments: [{ amountCents: 1_900 }],
    })
    expect(await reasonOf(api.admin.subscriptions.get.query({ id: UNKNOWN_ID }))).toBe('SUBSCRIPTION_NOT_FOUND')
  })
})

describe('payments', () => {
  test('are filtered by status, currency, time, refund, dispute and amount', async () => {
    const all = await payments()
    const same = async (filters: PaymentFilters, matches: (row: (typeof all)[number]) => boolean) => {
      const expected = all.filter(matches)
      expect(expected.length).toBeGreaterThan(0)
      expect([filters, idsOf(await payments(filters))]).toEqual([filters, idsOf(expected)])
    }
    await same({ status: 'failed' }, ({ status }) => status === 'failed')
    await same({ status: 'succeeded' }, ({ status }) => status === 'succeeded')
    await same({ currency: 'kwd' }, ({ currency }) => currency === 'kwd')
    await same({ refunded: true }, ({ refundedCents }) => refundedCents > 0)
    await same({ refunded: false, status: 'failed' }, ({ status }) => status === 'failed')
    await same({ disputed: false }, ({ dispute }) => dispute === null)
    await same({ currency: 'usd', minAmountCents: 1_050 }, (row) => row.currency === 'usd' && row.amountCents >= 1_050)
    const [from, to] = [after(new Date(), -30 * DAY), after(new Date(), -10 * DAY)]
    await same({ from, to }, ({ createdAt }) => createdAt >= from && createdAt < to)
    expect(await reasonOf(api.admin.payments.list.query({ minAmountCents: 1 }))).toBe('INVALID_INPUT')
    expect(await reasonOf(api.admin.payments.list.query({ currency: 'USD' }))).toBe('INVALID_INPUT')
  })

  test('show what was bought, their refunds, and what a refund would do', async () => {
    const { id, payer } = await aPayment(app, api)
    const preview = (amountCents?: number) =>
      api.admin.payments.previewRefund.query({ id, ...(amountCents && { amountCents }) })
    expect(await preview(700)).toEqual({
      ...{ leftCents: 1_900, refundedCents: 0, amountCents: 700, currency: 'usd', status: 'partially_refunded' },
      ...{ isOpen: false, keepsAccess: true },
    })
    expect(await preview()).toMatchObject({ amountCents: 1_900, status: 'refunded' })
    expect(await reasonOf(preview(1_901))).toBe('INVALID_INPUT')
    await api.admin.payments.refund.mutate({ id, amountCents: 700 })
    expect(await preview()).toMatchObject({ leftCents: 1_200, amountCents: 1_200, status: 'refunded' })
    expect(await api.admin.payments.get.query({ id })).toMatchObject({
      ...{ id, user: { id: payer.id }, plan: { code: 'pro' }, isRefundable: true, disputes: [] },
      ...{ refunds: [{ amountCents: 700, status: 'done' }], subscription: { plan: { code: 'pro' }, hasAccess: true } },
      ...{ providerPaymentId: expect.stringMatching(/^pi_/), invoiceUrl: expect.stringMatching(/^http/) },
    })
    const [refund] = (await api.admin.refunds.list.query({ limit: 1 })).items
    expect(refund).toMatchObject({ amountCents: 700, payment: { id }, user: { id: payer.id } })
    expect(await reasonOf(api.admin.payments.previewRefund.query({ id: UNKNOWN_ID }))).toBe('PAYMENT_NOT_FOUND')
    expect(await reasonOf(api.admin.payments.get.query({ id: UNKNOWN_ID }))).toBe('PAYMENT_NOT_FOUND')
  })
})

test('disputes are listed with reason, deadline and state, the most urgent first', async () => {
  const disputed = []
  for (let i = 0; i < 3; i++) disputed.push(await aPayingUser(app, 'pro', { card: '4000000000000259' }))
  const open = () => api.admin.disputes.list.query({ order: 'due' })
  await until('the disputes', async () => (await open()).items.length === 3)
  const { items } = await open()
  expect(items[0]).toMatchObject({
    ...{ reason: 'fraudulent', status: 'needs_response', isInquiry: false, hasEvidence: false, amountCents: 1_900 },
    ...{ currency: 'usd', payment: { status: 'disputed' } },
    providerUrl: expect.stringMatching(/^http:.*\?tab=payments/),
  })
  const due = items.map(({ dueBy }) => dueBy?.getTime() ?? 0)
  expect(due).toEqual(due.toSorted((one, other) => one - other))
  const { now } = await api.admin.overview.query({ days: 1 })
  expect(Math.abs((due[0] ?? 0) - now.getTime() - (items[0]?.daysLeft ?? 0) * DAY)).toBeLessThan(DAY + 60_000)
  const inPages = await allPages((cursor) => api.admin.disputes.list.query({ order: 'due', limit: 1, cursor }))
  expect(idsOf(inPages)).toEqual(idsOf(items))

  const stripe = stripeClient(app)
  const [first] = disputed
  const charge = await chargeOf(app, first?.stripeCustomerId ?? '')
  const [{ id } = { id: '' }] = (await stripe.disputes.list({ charge: charge.id })).data
  await stripe.disputes.update(id, { evidence: { uncategorized_text: 'a letter' }, submit: true })
  await eventsDone(app)
  expect((await api.admin.disputes.list.query({ status: 'under_review' })).items).toMatchObject([
    { providerDisputeId: id, hasEvidence: true, user: { id: first?.id } },
  ])
  const [payment] = (await payments({ disputed: true })).filter(({ user }) => user.id === first?.id)
  expect(payment).toMatchObject({ status: 'disputed', dispute: { status: 'under_review' } })
  expect(await reasonOf(api.admin.payments.previewRefund.query({ id: payment?.id ?? '' }))).toBe('NOT_REFUNDABLE')
})

describe('a download', () => {
  const download = async (path: string, { current }: Pick<TollgateClient['session'], 'current'> = session) => {
    const token = current?.accessToken
    return fetch(`${app.url}/admin/export/${path}`, { headers: token ? { authorization: `Bearer ${token}` } : {} })
  }
  const rowsOf = async (answer: Response) => {
    const [header = '', ...rows] = (await answer.text()).trimEnd().split('\r\n')
    const names = header.split(',')
    return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index] ?? '', cell])))
  }

  test('has the rows of the list with the same filters, and amounts in the main unit of each currency', async () => {
    const answer = await download('payments.csv?currency=kwd')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="payments-\d{4}-\d\d-\d\d\.csv"$/)
    const expected = await payments({ currency: 'kwd' })
    const rows = await rowsOf(answer)
    expect(rows.map(({ id }) => id)).toEqual(idsOf(expected))
    expect(rows[0]).toMatchObject({ currency: 'KWD', amount: (Number(expected[0]?.amountCents) / 1_000).toFixed(3) })
    const from = after(new Date(), -30 * DAY)
    const since = await rowsOf(
      await download(`payments.csv?from=${from.toISOString()}&refunded=true&minAmountCents=1000&currency=usd`),
    )
    expect(since.map(({ id }) => id)).toEqual(
      idsOf(await payments({ from, refunded: true, minAmountCents: 1_000, currency: 'usd' })),
    )
    for (const list of ['subscriptions', 'refunds', 'disputes']) {
      expect((await rowsOf(await download(`${list}.csv`))).length).toBeGreaterThan(0)
    }
  })

  test('makes no formula of what a user wrote', async () => {
    const { id } = await app.aUser({ email: '=cmd|calc@example.com' })
    const until = after(new Date(), DAY)
    await api.admin.subscriptions.grant.mutate({ userId: id, planCode: 'pro', until })
    expect(await (await download(`subscriptions.csv?userId=${id}`)).text()).toContain(",'=cmd|calc@example.com,")
  })

  test('is for administrators, checks its filters, and is audited', async () => {
    expect((await download('payments.csv', { current: null })).status).toBe(401)
    expect((await download('payments.csv', (await app.as(await app.aUser())).session)).status).toBe(403)
    expect((await download('payments.csv?status=lost')).status).toBe(400)
    expect((await download('nothing.csv')).status).toBe(404)
    await (await download('disputes.csv?status=won')).text()
    const entries = await auditOf(app, 'disputes')
    expect(entries.at(-1)).toMatchObject({ action: 'list.export', actor_id: adminId, after: { status: 'won' } })
  })
})

test('plans are listed in all states with their subscribers, prices and what a change would do', async () => {
  const { id } = await api.billing.plans.create.mutate({
    ...{ code: 'priced', name: 'Priced', priceCents: 1_000, billingPeriod: 'yearly', tier: 'pro' },
  })
  await aPayingUser(app, 'priced')
  const change = { id, priceCents: 2_400, name: 'Repriced' }
  expect(await api.admin.plans.previewUpdate.query(change)).toMatchObject({
    ...{ subscribers: 1, keepPrice: 1, isNewPrice: true, isRenamed: true, isNewTier: false, isNewSeats: false },
    after: { priceCents: 2_400, name: 'Repriced', billingPeriod: 'yearly' },
  })
  expect(await api.admin.plans.previewUpdate.query({ id, tier: 'vip' })).toMatchObject({
    ...{ keepPrice: 0, isNewPrice: false, isNewTier: true },
  })
  await api.billing.plans.update.mutate(change)
  await until('the plan to be synced', async () => (await api.admin.plans.get.query({ id })).sync === 'synced')
  expect(await api.admin.plans.get.query({ id })).toMatchObject({
    ...{ status: 'active', subscribers: { active: 1 }, mrr: [{ currency: 'usd', cents: 83 }] },
    prices: [
      { priceCents: 2_400, isCurrent: true, subscribers: 0 },
      { priceCents: 1_000, isCurrent: false, subscribers: 1 },
    ],
  })
  await api.billing.plans.delete.mutate({ id })
  const retired = await api.admin.plans.list.query({ status: 'retired' })
  expect(retired.items).toMatchObject([{ id, status: 'retired', isActive: false, subscribers: { active: 1 } }])
  const codes = (await api.admin.plans.list.query({})).items.map(({ code }) => code)
  expect(codes).toEqual(expect.arrayContaining(['free', 'pro', 'vip', 'priced', 'dinar']))
  expect(await reasonOf(api.admin.plans.get.query({ id: UNKNOWN_ID }))).toBe('PLAN_NOT_FOUND')
})
