import type { EntityManager } from '@mikro-orm/postgresql'
import { MRR_KINDS, type MrrKind, type Overview } from '../figures.schemas.ts'
import { addDays, daysBetween } from './day.ts'
import { countOpenDays, readDays, splitDays, type DayFigure } from './read-days.ts'

type MrrOfCurrency = Overview['mrr'][number]

/**
 * Reads MRR and its changes by day, for each currency.
 *
 * Amounts are kept per year and exact. What is shown is rounded so that it adds up: what a window starts with, plus all
 * its changes, is what it ends with.
 */
export async function readMrr(em: EntityManager, window: { from: string; to: string }): Promise<MrrOfCurrency[]> {
  const figures = await readDays(em, 'mrr', window)
  const before = await standBefore(em, window.from)
  const currencies = [...new Set([...figures.map(({ currency }) => currency), ...before.keys()])].toSorted()
  return currencies.map((currency) =>
    ofCurrency(
      currency,
      figures.filter((figure) => figure.currency === currency),
      { days: daysBetween(window.from, window.to), before: before.get(currency) ?? { yearly: 0, subscribers: 0 } },
    ),
  )
}

const perMonth = (yearly: number): number => Math.round(yearly / 12)

function ofCurrency(
  currency: string,
  figures: readonly DayFigure[],
  { days, before }: { days: readonly string[]; before: Standing },
): MrrOfCurrency {
  let { yearly } = before
  const byDay = days.map((day) => {
    const start = perMonth(yearly)
    const ofDay = figures.filter((figure) => figure.day === day)
    const exact = MRR_KINDS.map((kind) => ofDay.find(({ figure }) => figure === kind)?.amount ?? 0)
    yearly += exact.reduce((sum, amount) => sum + amount, 0)
    const cents = perMonth(yearly)
    const [isNew, expansion, contraction, churn, reactivation] = rounded(exact, cents - start)
    return { day, new: isNew, expansion, contraction, churn, reactivation, cents }
  })
  const total = (kind: MrrKind) => ({
    cents: byDay.reduce((sum, day) => sum + day[kind], 0),
    count: figures.filter(({ figure }) => figure === kind).reduce((sum, { count }) => sum + count, 0),
  })
  return {
    currency,
    startCents: perMonth(before.yearly),
    cents: byDay.at(-1)?.cents ?? perMonth(before.yearly),
    subscribers: figures.reduce((sum, { figure, count }) => sum + count * (ADDS[figure] ?? 0), before.subscribers),
    movement: {
      new: total('new'),
      expansion: total('expansion'),
      contraction: total('contraction'),
      churn: total('churn'),
      reactivation: total('reactivation'),
    },
    byDay,
  }
}

type Five = [number, number, number, number, number]

/** Rounds the amounts of a day per month. The largest one takes what is left, so that they add up to the difference. */
function rounded(exact: readonly number[], difference: number): Five {
  const cents = exact.map(perMonth)
  const largest = exact.reduce(
    (found, amount, place) => (Math.abs(amount) > Math.abs(exact[found] ?? 0) ? place : found),
    0,
  )
  const left = difference - cents.reduce((sum, each) => sum + each, 0)
  const of = (place: number) => (cents[place] ?? 0) + (place === largest ? left : 0)
  return [of(0), of(1), of(2), of(3), of(4)]
}

interface Standing {
  /** What all pay per year. */
  yearly: number
  subscribers: number
}

/** Sums all changes before a day. Only days that are not counted are read from the rows. */
async function standBefore(em: EntityManager, day: string): Promise<Map<string, Standing>> {
  const [oldest] = await em.execute<{ day: string | null }[]>(
    "select to_char(min(day), 'YYYY-MM-DD') as day from mrr_changes",
  )
  const window = { from: oldest?.day ?? day, to: addDays(day, -1) }
  const { open } = await splitDays(em, 'mrr', window)
  const counted = await em.execute<{ figure: string; currency: string; count: string; amount: string }[]>(
    `select figure, currency, sum(count) as count, sum(amount) as amount from day_figures
     where source = 'mrr' and day < ?::date and day <> all(?::date[]) group by figure, currency`,
    [day, `{${open.join(',')}}`],
  )
  const sums = [
    ...counted.map((row) => ({ ...row, count: Number(row.count), amount: Number(row.amount) })),
    ...(await countOpenDays(em, 'mrr', open)),
  ]
  const standings = new Map<string, Standing>()
  for (const { figure, currency, count, amount } of sums) {
    const { yearly, subscribers } = standings.get(currency) ?? { yearly: 0, subscribers: 0 }
    standings.set(currency, { yearly: yearly + amount, subscribers: subscribers + count * (ADDS[figure] ?? 0) })
  }
  return standings
}

/** How many subscribers there are more after each change. */
const ADDS: Readonly<Record<string, number>> = { new: 1, reactivation: 1, churn: -1 }
