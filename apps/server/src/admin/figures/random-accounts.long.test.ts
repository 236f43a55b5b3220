import type { EntityManager } from '@mikro-orm/postgresql'
import { expect, test } from 'vitest'
import { anAdmin, type Api } from '../../../test/admin.ts'
import { randomFrom } from '../../../test/random-from.ts'
import { History, perMonth, yearlyOf, type Row } from '../../../test/random-history.ts'
import { createTestApp } from '../../../test/test-app.ts'
import { MRR_KINDS } from '../figures.schemas.ts'
import { addUpPlanCounts } from './add-up-plan-counts.ts'
import { countDays } from './count-days.ts'
import { addDays, dayOf, daysBetween } from './day.ts'

const ACCOUNTS = 300
const ROUNDS = 12
const CURRENCIES = ['usd', 'eur', 'jpy', 'kwd'] as const
const STATUSES = ['pending', 'trialing', 'active', 'active', 'active', 'past_due', 'unpaid', 'paused', 'canceled']
interface PaymentRow {
  day: string
  currency: string
  status: string
  amount: string
  refunded: string
}

test.each([1, 2, 3])('the figures are those of the rows, whatever happened to them (seed %i)', async (seed) => {
  await using app = await createTestApp({}, { worker: false })
  const { admin } = (await anAdmin(app)).api
  const { em } = app.scope()
  const random = randomFrom(seed * 104_729)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const accounts = Array.from({ length: ACCOUNTS }, () => crypto.randomUUID())
  await em.execute(
    `insert into accounts (id, kind, name, created_at) select id, 'organization', 'Team', now() from unnest(?::uuid[]) id`,
    [`{${accounts.join(',')}}`],
  )
  const plans = (await em.execute<{ id: string }[]>('select id from plans order by code')).map(({ id }) => id)
  const today = dayOf(await app.deps.billing.time.now())
  const first = addDays(today, -25)
  const history = new History()

  for (let round = 0; round < ROUNDS; round += 1) {
    const day = addDays(first, Math.floor((round * 25) / (ROUNDS - 1)))
    for (const account of accounts) {
      if (random() < 0.6) continue
      await em.transactional(async (inOne) => {
        await inOne.execute("select set_config('tollgate.billing_now', ?, true)", [`${day}T12:00:00Z`])
        await change(inOne, account, { random, pick, plans })
        if (random() < 0.3) await pay(inOne, account, { random, pick, day })
      })
    }
    await em.execute(
      `update payments set refunded = amount, status = 'refunded' where status = 'succeeded' and abs(hashtext(id::text)) % 20 = ?`,
      [round],
    )
    history.note(day, await readRows(em))
    if (random() < 0.5) await countDays(app.scope())
    if (random() < 0.5) await addUpPlanCounts(app.scope())
    await expectFiguresOf(em, admin, { history, window: { from: addDays(first, -2), to: today } })
    // A window that begins in the middle starts with what there was before.
    await expectFiguresOf(em, admin, { history, window: { from: addDays(first, 12), to: today } })
  }
  expect(await readRows(em)).not.toEqual([])
})

interface Chance {
  random: () => number
  pick: <T>(from: readonly T[]) => T
}

/** Changes what an account has: it buys something, or its subscription changes in some way, or is gone. */
async function change(em: EntityManager, account: string, chance: Chance & { plans: readonly string[] }) {
  const { random, pick, plans } = chance
  const [live] = await em.execute<Row[]>(
    "select id, currency, price from subscriptions where account_id = ? and status <> 'canceled'",
    [account],
  )
  const price = Math.floor(random() * 100_000)
  const deducted = random() < 0.4
  const discount = deducted ? Math.floor(price * random()) : null
  const tax = deducted ? Math.floor((price - (discount ?? 0)) * 0.16) : null
  if (!live) {
    const isGrant = random() < 0.1
    const [unit, count] = random() < 0.15 ? [pick(['day', 'week', 'month', 'year']), 2 + Math.floor(random() * 13)] : []
    await em.execute(
      `insert into subscriptions (id, account_id, plan_id, provider, status, price, discount, included_tax, quantity,
         currency, billing_period, interval_unit, interval_count, started_at, current_period_start, current_period_end,
         created_at, updated_at)
       values (gen_random_uuid(), ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, now(), now(), now() + interval '30 days', now(), now())`,
      [
        ...[account, pick(plans), isGrant ? 'manual' : 'stripe', pick(STATUSES.filter((each) => each !== 'canceled'))],
        ...[isGrant ? 0 : price, isGrant ? null : discount, isGrant ? null : tax, pick(CURRENCIES)],
        ...[unit === 'year' || (!unit && random() < 0.3) ? 'yearly' : 'monthly', unit ?? null, count ?? null],
      ],
    )
    return
  }
  const act = random()
  if (act < 0.05) await em.execute('delete from subscriptions where id = ?', [live.id])
  else if (act < 0.5) {
    await em.execute('update subscriptions set status = ? where id = ?', [pick(STATUSES), live.id])
  } else if (act < 0.6) {
    await em.execute('update subscriptions set cancel_at_period_end = not cancel_at_period_end where id = ?', [live.id])
  } else {
    const of = [price, discount, tax, pick(plans), live.id]
    await em.execute(
      "update subscriptions set price = ?, discount = ?, included_tax = ?, plan_id = ? where id = ? and provider <> 'manual'",
      of,
    )
  }
}

async function pay(em: EntityManager, account: string, { random, pick, day }: Chance & { day: string }): Promise<void> {
  const amount = 100 + Math.floor(random() * 10_000)
  const status = pick(['pending', 'failed', 'succeeded', 'succeeded', 'partially_refunded', 'refunded', 'disputed'])
  const refunded = status === 'refunded' ? amount : status === 'partially_refunded' ? Math.floor(amount * random()) : 0
  await em.execute(
    `insert into payments (id, account_id, provider, provider_invoice_id, amount, refunded, currency, status, created_at,
       updated_at) values (gen_random_uuid(), ?, 'stripe', gen_random_uuid()::text, ?, ?, ?, ?, ?, now())`,
    [account, amount, refunded, pick(CURRENCIES), status, `${day}T${pick(['00:00:00', '12:30:00', '23:59:59'])}Z`],
  )
}

const readRows = (em: EntityManager) =>
  em.execute<Row[]>(
    `select s.id, account_id, s.status, s.provider, price, discount, included_tax, s.currency, s.billing_period,
       s.interval_unit, s.interval_count, p.code as plan from subscriptions s join plans p on p.id = s.plan_id`,
  )

async function expectFiguresOf(
  em: EntityManager,
  admin: Api['admin'],
  { history, window }: { history: History; window: { from: string; to: string } },
): Promise<void> {
  const rows = await readRows(em)
  const [overview, stats] = [await admin.overview.query(window), await admin.stats.query()]
  const mrr = CURRENCIES.flatMap((currency) => {
    const yearly = rows.filter((row) => row.currency === currency).reduce((sum, row) => sum + yearlyOf(row), 0n)
    return yearly > 0n ? [{ currency, cents: perMonth(yearly) }] : []
  }).toSorted((one, other) => one.currency.localeCompare(other.currency))
  expect(stats.revenue.mrr).toEqual(mrr)
  for (const { currency, cents, startCents, subscribers, movement, byDay } of overview.mrr) {
    expect({ currency, cents }).toEqual({ currency, cents: perMonth(history.after(window.to, currency).yearly) })
    expect(startCents).toBe(perMonth(history.after(addDays(window.from, -1), currency).yearly))
    expect(subscribers).toBe(history.after(window.to, currency).subscribers)
    const days = daysBetween(window.from, window.to)
    expect(byDay.map((each) => each.cents)).toEqual(days.map((day) => perMonth(history.after(day, currency).yearly)))
    for (const kind of MRR_KINDS) {
      const changes = days.map((day) => history.changesOn(day, currency)[kind])
      const count = changes.reduce((sum, each) => sum + each.count, 0)
      expect({ kind, count: movement[kind].count }).toEqual({ kind, count })
      // Each day is rounded so that the kinds add up.
      const exact = perMonth(changes.reduce((sum, each) => sum + each.yearly, 0n))
      expect(Math.abs(movement[kind].cents - exact)).toBeLessThanOrEqual(5 * days.length)
    }
    const changed = MRR_KINDS.reduce((sum, kind) => sum + movement[kind].cents, 0)
    expect(startCents + changed).toBe(cents)
  }
  for (const plan of (await admin.plans.list.query({})).items) {
    const own = rows.filter((row) => row.plan === plan.code)
    const expected = CURRENCIES.flatMap((currency) => {
      const yearly = own.filter((row) => row.currency === currency).reduce((sum, row) => sum + yearlyOf(row), 0n)
      return perMonth(yearly) > 0 ? [{ currency, cents: perMonth(yearly) }] : []
    }).toSorted((one, other) => one.currency.localeCompare(other.currency))
    expect(plan.mrr).toEqual(expected)
  }
  const pastDue = rows.filter(({ status }) => status === 'past_due')
  expect(overview.pastDue.subscriptions).toBe(pastDue.length)
  expect(overview.pastDue.mrr).toEqual(
    [...new Set(pastDue.map(({ currency }) => currency))].toSorted().map((currency) => {
      const owed = pastDue.filter((row) => row.currency === currency)
      return { currency, cents: perMonth(owed.reduce((sum, row) => sum + yearlyOf(row), 0n)) }
    }),
  )
  await expectPaymentsOf(em, overview, stats, window)
}

async function expectPaymentsOf(
  em: EntityManager,
  overview: Awaited<ReturnType<Api['admin']['overview']['query']>>,
  stats: Awaited<ReturnType<Api['admin']['stats']['query']>>,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const all = await em.execute<PaymentRow[]>(
    `select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, currency, status, amount, refunded from payments`,
  )
  const inWindow = all.filter(({ day }) => day >= from && day <= to)
  const sum = (payments: readonly PaymentRow[], of: (row: PaymentRow) => number) =>
    payments.reduce((total, row) => total + of(row), 0)
  const kept = ({ amount, refunded }: PaymentRow) => Number(amount) - Number(refunded)
  const isPaid = ({ status }: PaymentRow) => status === 'succeeded' || status === 'partially_refunded'
  for (const { currency, cents, payments, refundedCents, refunds } of overview.revenue) {
    const own = inWindow.filter((row) => row.currency === currency)
    const back = own.filter((row) => Number(row.refunded) > 0)
    expect({ currency, cents, payments, refundedCents, refunds }).toEqual({
      ...{ currency, cents: sum(own.filter(isPaid), kept), payments: own.filter(isPaid).length },
      ...{ refundedCents: sum(back, ({ refunded }) => Number(refunded)), refunds: back.length },
    })
  }
  for (const { currency, cents } of stats.revenue.last30d) {
    expect({ currency, cents }).toEqual({
      ...{
        currency,
        cents: sum(
          all.filter((row) => row.currency === currency && isPaid(row)),
          kept,
        ),
      },
    })
  }
}
