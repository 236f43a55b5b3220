import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPages, anAdmin } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { longTest } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone, replayEvents } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { failCharges, stripeClient } from '../../../test/stripe.ts'
import { aPayingTeam, CREW, join, leave } from '../../../test/teams.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { MRR_KINDS, type MrrKind } from '../figures.schemas.ts'
import { addUpPlanCounts } from './add-up-plan-counts.ts'
import { countDays } from './count-days.ts'
import { dayOf } from './day.ts'

/** Long before everything in these tests, and long after. */
const WINDOW = {
  from: dayOf(new Date(Date.now() - 100 * 86_400_000)),
  to: dayOf(new Date(Date.now() + 250 * 86_400_000)),
}

let app: TestApp
let admin: TollgateClient['api']['admin']
beforeAll(async () => {
  app = await createTestApp()
  admin = (await anAdmin(app)).api.admin
  await aPlan(app, CREW)
  await aPlan(app, { code: 'tried', priceCents: 1_500, trialDays: 7 })
  await aPlan(app, { code: 'yearly', priceCents: 10_003, billingPeriod: 'yearly' })
})
afterAll(() => app[Symbol.asyncDispose]())

const overview = () => admin.overview.query(WINDOW)

/** What a step adds to each kind of change, in the currency's smallest unit. */
async function changesBy(step: () => Promise<unknown>): Promise<Partial<Record<MrrKind, number>>> {
  const read = async () => (await overview()).mrr[0]?.movement
  const before = await read()
  await step()
  await expectConsistent()
  const after = await read()
  return Object.fromEntries(
    MRR_KINDS.map((kind) => [kind, (after?.[kind].cents ?? 0) - (before?.[kind].cents ?? 0)] as const).filter(
      ([, cents]) => cents !== 0,
    ),
  )
}

/** The sum of all changes is MRR, as the subscriptions themselves say it. Every count is that of the rows behind it. */
async function expectConsistent(): Promise<void> {
  const { mrr, trials, pastDue } = await overview()
  const { revenue, subscriptions } = await admin.stats.query()
  expect(mrr.map(({ currency, cents }) => ({ currency, cents }))).toEqual(revenue.mrr)
  for (const { currency, startCents, cents, subscribers, movement, byDay } of mrr) {
    expect(startCents).toBe(0)
    expect(Object.values(movement).reduce((sum, change) => sum + change.cents, 0)).toBe(cents)
    let last = startCents
    for (const day of byDay) {
      last += MRR_KINDS.reduce((sum, kind) => sum + day[kind], 0)
      expect(day.cents).toBe(last)
    }
    for (const kind of MRR_KINDS) {
      const rows = await allPages((cursor) =>
        admin.mrrChanges.list.query({ ...WINDOW, kind, currency, limit: 2, cursor }),
      )
      expect(rows).toHaveLength(movement[kind].count)
    }
    const changes = await allPages((cursor) => admin.mrrChanges.list.query({ ...WINDOW, currency, cursor }))
    expect(changes.reduce((sum, { fromCents, toCents }) => sum + toCents - fromCents, 0)).toBe(cents)
    expect(subscribers).toBe(subscriptions.byStatus.active + subscriptions.byStatus.past_due)
  }
  for (const state of ['running', 'started', 'ended', 'converted'] as const) {
    const rows = await allPages((cursor) => admin.trials.list.query({ state, ...WINDOW, limit: 1, cursor }))
    expect(rows).toHaveLength(trials[state])
  }
  expect(pastDue.subscriptions).toBe(subscriptions.byStatus.past_due)
  await expectPlansCounted()
  await addUpPlanCounts(app.scope())
  await expectPlansCounted()
}

const PLAN_KEY =
  'plan_id, status, currency, billing_period, interval_unit, interval_count, included_seats, per_seat_cents'

/** What triggers have counted is what the subscriptions say, in one moment. */
async function expectPlansCounted(): Promise<void> {
  const counted = `select ${PLAN_KEY}, is_grant, unit_price, sum(count)::text as count, sum(amount)::text as amount
    from plan_counts group by ${PLAN_KEY}, is_grant, unit_price having sum(count) <> 0`
  const actual = `select ${PLAN_KEY}, provider = 'manual', coalesce(unit_price, price), count(*)::text, sum(price)::text
    from subscriptions group by ${PLAN_KEY}, provider = 'manual', coalesce(unit_price, price)`
  const { em } = app.scope()
  expect(await em.execute(`(${counted} except all ${actual}) union all (${actual} except all ${counted})`)).toEqual([])
}

const subscriptionsOf = async (user: PayingUser) => (await app.as(user)).api.billing.subscriptions

describe('MRR and its changes', () => {
  let user: PayingUser
  test('a purchase is new, and an upgrade expands', async () => {
    expect(await changesBy(async () => (user = await aPayingUser(app, 'pro')))).toEqual({ new: 1_900 })
    await advance(app, { days: 1 })
    const upgrade = async () => {
      await (await subscriptionsOf(user)).change.mutate({ planCode: 'vip' })
      await eventsDone(app)
    }
    expect(await changesBy(upgrade)).toEqual({ expansion: 3_000 })
  })

  longTest('another subscription that replaces the first one expands, too', async () => {
    const other = await aPayingUser(app, 'pro')
    await advance(app, { days: 1 })
    const byCheckout = async () => {
      const { checkoutUrl } = await (await subscriptionsOf(other)).upgrade.mutate({ planCode: 'vip' })
      await payOnPage(checkoutUrl)
      await until('the plan', async () => (await (await subscriptionsOf(other)).current.query())?.plan.code === 'vip')
      await jobsDone(app, 'cancel-superseded')
    }
    expect(await changesBy(byCheckout)).toEqual({ expansion: 3_000 })
  })

  test('what ends on the day on which it began was never there', async () => {
    const brief = async () => {
      const { id } = await aPayingUser(app, 'pro')
      const [subscription] = (await admin.subscriptions.list.query({ userId: id })).items
      await admin.subscriptions.cancel.mutate({ id: subscription?.id ?? '', at: 'now' })
      await eventsDone(app)
    }
    expect(await changesBy(brief)).toEqual({})
  })

  test('members who join and leave a team change it', async () => {
    let team: Awaited<ReturnType<typeof aPayingTeam>>
    expect(await changesBy(async () => (team = await aPayingTeam(app, 3, 'crew')))).toEqual({ new: 2_000 })
    await advance(app, { days: 1 })
    expect(await changesBy(async () => join(app, team, 2))).toEqual({ expansion: 1_000 })
    await advance(app, { days: 1 })
    expect(await changesBy(async () => leave(app, team))).toEqual({ contraction: -500 })
  })

  test('an unpaid renewal changes nothing until it ends, and a return is a reactivation', async () => {
    const debtor = await aPayingUser(app, 'pro')
    const [subscription] = (await admin.subscriptions.list.query({ userId: debtor.id })).items
    await failCharges(app, debtor.stripeCustomerId, true)
    const owe = async () => {
      await advance(app, { days: 32 })
      await until(
        'past due',
        async () => (await (await subscriptionsOf(debtor)).current.query())?.status === 'past_due',
      )
    }
    expect(await changesBy(owe)).toEqual({})
    expect(await overview()).toMatchObject({ pastDue: { subscriptions: 1, mrr: [{ currency: 'usd', cents: 1_900 }] } })
    const { items: attention } = await admin.attention.query()
    expect(attention.find(({ kind }) => kind === 'past_due')).toMatchObject({
      ...{ severity: 'warning', count: 1, target: { list: 'subscriptions', filters: { status: 'past_due' } } },
    })
    expect((await admin.subscriptions.list.query({ status: 'past_due' })).items).toHaveLength(1)

    await failCharges(app, debtor.stripeCustomerId, false)
    const [invoice] = (await stripeClient(app).invoices.list({ customer: debtor.stripeCustomerId, status: 'open' }))
      .data
    const settle = async () => {
      await stripeClient(app).invoices.pay(invoice?.id ?? '')
      await eventsDone(app)
    }
    expect(await changesBy(settle)).toEqual({})
    expect((await overview()).recovered).toEqual({ payments: 1, revenue: [{ currency: 'usd', cents: 1_900 }] })
    const days = { from: new Date(WINDOW.from), to: new Date(WINDOW.to), currency: 'usd' }
    const { items: recovered } = await admin.payments.list.query({ ...days, counted: 'recovered' })
    expect(recovered).toMatchObject([{ user: { id: debtor.id }, amountCents: 1_900 }])
    expect((await admin.attention.query()).items.map(({ kind }) => kind)).not.toContain('past_due')

    await advance(app, { days: 1 })
    const end = async () => {
      await admin.subscriptions.cancel.mutate({ id: subscription?.id ?? '', at: 'now' })
      await eventsDone(app)
    }
    expect(await changesBy(end)).toEqual({ churn: -1_900 })
    await advance(app, { days: 1 })
    const comeBack = async () => {
      const { checkoutUrl } = await (await subscriptionsOf(debtor)).subscribe.mutate({ planCode: 'yearly' })
      await payOnPage(checkoutUrl)
      await until('access', async () => (await (await subscriptionsOf(debtor)).current.query())?.hasAccess)
      await eventsDone(app)
    }
    expect(await changesBy(comeBack)).toEqual({ reactivation: 834 })
  })

  test('a trial and a grant pay nothing; a trial is new when it converts, and one that was canceled never is', async () => {
    let tried: PayingUser
    const begin = async () => {
      tried = await aPayingUser(app, 'tried')
      const leaving = await aPayingUser(app, 'tried')
      await (await subscriptionsOf(leaving)).cancel.mutate({})
      await eventsDone(app)
      const guest = await app.aUser()
      await admin.subscriptions.grant.mutate({ userId: guest.id, planCode: 'vip', until: new Date(Date.now() + 9e10) })
    }
    const before = (await overview()).mrr[0]?.subscribers
    await begin()
    expect((await overview()).trials).toEqual({ running: 2, started: 2, ended: 0, converted: 0, conversionRate: null })
    await advance(app, { days: 5 })
    const soon = (await admin.attention.query()).items.find(({ kind }) => kind === 'trials_ending')
    expect(soon?.count).toBe(2)
    expect((await admin.trials.list.query({ state: 'ending' })).items).toHaveLength(2)
    await advance(app, { days: 4 })
    await until('active', async () => (await (await subscriptionsOf(tried)).current.query())?.status === 'active')
    await eventsDone(app)
    await until('both to have ended', async () => (await overview()).trials.running === 0)
    expect((await overview()).trials).toEqual({ running: 0, started: 2, ended: 2, converted: 1, conversionRate: 0.5 })
    expect((await overview()).mrr[0]?.subscribers).toBe((before ?? 0) + 1)
  })

  test('events that arrive again and late change nothing', async () => {
    const { mrr, revenue, trials, pastDue, recovered } = await overview()
    await replayEvents(app, user.stripeCustomerId)
    expect(await overview()).toMatchObject({ mrr, revenue, trials, pastDue, recovered })
  })
})

describe('figures by day', () => {
  /** The same figures, read from the rows. Jobs and mails go on meanwhile. */
  const fromRows = async () => {
    await app.scope().em.execute('delete from counted_days')
    const { mrr, revenue, trials, pastDue, recovered, signUps } = await overview()
    return { mrr, revenue, trials, pastDue, recovered, signUps }
  }

  test('revenue is what the stats say, and payments and sign-ups are the rows of their days', async () => {
    const { revenue } = await admin.overview.query()
    const stats = await admin.stats.query()
    expect(revenue.map(({ currency, cents }) => ({ currency, cents }))).toEqual(stats.revenue.last30d)
    expect(revenue.flatMap(({ currency, byDay }) => byDay.map(({ day, cents }) => ({ day, currency, cents })))).toEqual(
      stats.revenue.byDay,
    )
    const { signUps, revenue: all } = await overview()
    expect(signUps.count).toBe(stats.users.total)
    const payments = await allPages((cursor) => admin.payments.list.query({ cursor }))
    const kept = payments.filter(({ status }) => status === 'succeeded' || status === 'partially_refunded')
    expect(all[0]?.payments).toBe(kept.length)
  })

  test('are the same counted in advance and from the rows, also after a refund of a counted day', async () => {
    const before = await fromRows()
    await countDays(app.scope())
    expect(await app.scope().em.execute('select count(*)::int from stale_days')).toEqual([{ count: 0 }])
    expect(await overview()).toMatchObject(before)

    const payer = await aPayingUser(app, 'pro')
    await countDays(app.scope())
    const [payment] = (await admin.payments.list.query({ userId: payer.id })).items
    await admin.payments.refund.mutate({ id: payment?.id ?? '', amountCents: 400 })
    await eventsDone(app)
    const refunded = await overview()
    expect(refunded.revenue[0]).toMatchObject({ refundedCents: 400, refunds: 1 })
    expect(refunded.signUps.count).toBe(before.signUps.count + 1)
    expect(refunded).toMatchObject(await fromRows())
  })

  test('a window is at most 400 days, and ends after it begins', async () => {
    const invalid = { data: { reason: 'INVALID_INPUT' } }
    await expect(admin.overview.query({ from: '2026-02-01', to: '2026-01-01' })).rejects.toMatchObject(invalid)
    await expect(admin.overview.query({ from: '2024-01-01', to: '2026-01-01' })).rejects.toMatchObject(invalid)
  })
})

test('what failed needs a person, with as many rows behind each item as it says', async () => {
  const { em } = app.scope()
  await em.execute("update provider_events set status = 'failed' where id in (select id from provider_events limit 3)")
  await app.deps.boss.send('dead-letter', {})
  await em.execute(
    `insert into reconciliation_findings (id, found_at, kind, object_type, object_id)
     select gen_random_uuid(), now(), 'unknown_at_provider', 'subscription', 'sub_' || n from generate_series(1, 3) n`,
  )
  const [known] = (await admin.findings.list.query({ kind: 'unknown_at_provider' })).items
  await admin.findings.resolve.mutate({ id: known?.id ?? '', note: 'It belongs to another product' })
  await em.execute('update mails set failed_at = now() where id in (select id from mails limit 2)')
  const { items } = await admin.attention.query()
  const countOf = (kind: string) => items.find((item) => item.kind === kind)?.count
  expect(countOf('failed_webhook_events')).toBe(
    (await admin.webhookEvents.list.query({ status: 'failed' })).items.length,
  )
  expect(countOf('failed_webhook_events')).toBe(3)
  expect(countOf('failed_jobs')).toBe((await admin.jobs.failed.query({})).items.length)
  expect(countOf('failed_mails')).toBe((await admin.mails.list.query({ state: 'failed' })).items.length)
  expect(countOf('failed_mails')).toBe(2)
  const findings = items.find(({ kind }) => kind === 'unknown_at_provider')
  expect(findings?.target).toEqual({ list: 'findings', filters: { kind: 'unknown_at_provider', isOpen: true } })
  expect((await admin.findings.list.query({ kind: 'unknown_at_provider', isOpen: true })).items).toHaveLength(2)
  expect(findings?.count).toBe(2)
  const severities = items.map(({ severity }) => severity)
  expect(severities).toEqual(severities.toSorted())
})
