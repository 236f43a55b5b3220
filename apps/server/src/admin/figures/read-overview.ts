import { IsolationLevel } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { countJobs } from '../../platform/jobs/count-jobs.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { Overview, OverviewInput } from '../figures.schemas.ts'
import { addDays, dayOf, daysBetween, startOf } from './day.ts'
import { readDays } from './read-days.ts'
import { readMails } from './read-mails.ts'
import { readMrr } from './read-mrr.ts'
import { trialFilter } from './trials.ts'

const MAX_DAYS = 400

interface Window {
  from: string
  to: string
}

/**
 * Reads the figures of the overview. All of them are of the same moment.
 *
 * @throws {InvalidInput} if the window ends before it begins, or is longer than 400 days.
 * @see docs/decisions/0026-figures-by-day.md for what each figure counts.
 */
export async function readOverview(scope: AdminScope, input: OverviewInput): Promise<Overview> {
  const billingNow = await scope.billing.time.now()
  const wallNow = scope.clock.now()
  const window = windowOf(input, dayOf(billingNow))
  return scope.em.transactional(
    async (em) => ({
      ...window,
      now: billingNow,
      mrr: await readMrr(em, window),
      revenue: await readRevenue(em, window),
      trials: await readTrials(em, window, billingNow),
      pastDue: await readPastDue(em),
      recovered: await readRecovered(em, window),
      signUps: await readSignUps(em, window),
      webhooks: { failed: await countFailedEvents(em) },
      jobs: await countJobs(em),
      mails: await readMails(em, after(wallNow, -DAY)),
    }),
    { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
  )
}

function windowOf(input: OverviewInput, today: string): Window {
  const to = input.to ?? today
  const from = input.from ?? addDays(to, 1 - input.days)
  if (from > to) throw new InvalidInput({ to: 'must not be before `from`' })
  if (from < addDays(to, 1 - MAX_DAYS)) throw new InvalidInput({ from: `must be at most ${MAX_DAYS} days before` })
  return { from, to }
}

async function readRevenue(em: EntityManager, window: Window): Promise<Overview['revenue']> {
  const figures = await readDays(em, 'payments', window)
  const currencies = [...new Set(figures.map(({ currency }) => currency))].toSorted()
  return currencies.map((currency) => {
    const of = (figure: string) => figures.filter((each) => each.currency === currency && each.figure === figure)
    const [paid, refunds] = [of('revenue'), of('refunds')]
    const on = (day: string, rows: typeof figures) => rows.find((row) => row.day === day)?.amount ?? 0
    return {
      currency,
      cents: sum(paid, ({ amount }) => amount),
      payments: sum(paid, ({ count }) => count),
      refundedCents: sum(refunds, ({ amount }) => amount),
      refunds: sum(refunds, ({ count }) => count),
      byDay: daysBetween(window.from, window.to).map((day) => ({
        day,
        cents: on(day, paid),
        refundedCents: on(day, refunds),
      })),
    }
  })
}

async function readSignUps(em: EntityManager, window: Window): Promise<Overview['signUps']> {
  const counts = new Map((await readDays(em, 'users', window)).map(({ day, count }) => [day, count]))
  const byDay = daysBetween(window.from, window.to).map((day) => ({ day, count: counts.get(day) ?? 0 }))
  return { count: sum(byDay, ({ count }) => count), byDay }
}

async function readTrials(em: EntityManager, window: Window, billingNow: Date): Promise<Overview['trials']> {
  const count = async (state: 'started' | 'ended' | 'converted') => {
    const { where, values } = trialFilter({ state, ...window }, billingNow)
    return countRows(em, `subscriptions where ${where}`, values)
  }
  const [started, ended, converted] = [await count('started'), await count('ended'), await count('converted')]
  return {
    // Counted in the index of the figures. Each of these rows has a `trial_start`.
    running: await countRows(em, "subscriptions where status = 'trialing'", []),
    ...{ started, ended, converted },
    conversionRate: ended > 0 ? converted / ended : null,
  }
}

async function readPastDue(em: EntityManager): Promise<Overview['pastDue']> {
  const rows = await em.execute<{ currency: string; count: string; yearly: string }[]>(
    `select currency, sum(count) as count, sum(yearly) as yearly from (
       select currency, count(*) as count, sum(price) * case billing_period when 'yearly' then 1 else 12 end as yearly
       from subscriptions where status = 'past_due' group by currency, billing_period
       union all
       select currency, 0, sum(yearly - price * case billing_period when 'yearly' then 1 else 12 end)
       from subscriptions where status = 'past_due'
         and (interval_unit is not null or discount > 0 or included_tax > 0) group by currency
     ) sums group by currency order by currency`,
  )
  return {
    subscriptions: sum(rows, ({ count }) => Number(count)),
    mrr: rows.map(({ currency, yearly }) => ({ currency, cents: Math.round(Number(yearly) / 12) })),
  }
}

async function readRecovered(em: EntityManager, { from, to }: Window): Promise<Overview['recovered']> {
  const rows = await em.execute<{ currency: string; count: string; cents: string }[]>(
    `select currency, count(*) as count, sum(amount - refunded) as cents from payments
     where recovered_at >= ? and recovered_at < ? group by currency order by currency`,
    [startOf(from), startOf(addDays(to, 1))],
  )
  return {
    payments: sum(rows, ({ count }) => Number(count)),
    revenue: rows.map(({ currency, cents }) => ({ currency, cents: Number(cents) })),
  }
}

const countFailedEvents = (em: EntityManager): Promise<number> =>
  countRows(em, "provider_events where status in ('received', 'failed') and status = 'failed'", [])

async function countRows(em: EntityManager, from: string, values: readonly unknown[]): Promise<number> {
  const [row] = await em.execute<{ count: string }[]>(`select count(*) as count from ${from}`, [...values])
  return Number(row?.count ?? 0)
}

const sum = <T>(items: readonly T[], amount: (item: T) => number): number =>
  items.reduce((total, item) => total + amount(item), 0)
