import { IsolationLevel } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AdminScope } from '../admin-scope.ts'
import type { DaySource } from '../day-figure.entity.ts'
import { daySources } from './day-sources.ts'
import { addDays, dayOf, rangesOf } from './day.ts'

/** Older days are counted when they are asked for. Of MRR, all days are: what it is today is the sum of all changes. */
const KEPT_DAYS = 400
/** How many days one transaction counts. */
const DAYS_AT_ONCE = 7

interface Stop {
  /** Ends the run after the present transaction. The next run does the rest. */
  stopping?: AbortSignal | undefined
}

/**
 * Counts the figures of days that were not counted yet, or in which a row has changed since, newest first.
 *
 * A transaction sees one moment of the database. It removes the notes of changes that it has seen, and no others: a day
 * that changes meanwhile stays noted, and is counted again.
 */
export async function countDays(
  { em, billing, clock, log }: Pick<AdminScope, 'em' | 'billing' | 'clock' | 'log'>,
  { stopping }: Stop = {},
): Promise<void> {
  const billingNow = await billing.time.now()
  const last = dayOf(billingNow > clock.now() ? billingNow : clock.now())
  let counted = 0
  for (const source of ['mrr', 'payments', 'users'] as const) {
    const first = source === 'mrr' ? await firstDayOfMrr(em) : null
    const kept = addDays(last, 1 - KEPT_DAYS)
    const days = await findUncounted(em, source, { first: first && first < kept ? first : kept, last })
    for (let start = 0; start < days.length; start += DAYS_AT_ONCE) {
      if (stopping?.aborted) return
      await countOnce(em.fork(), source, { days: days.slice(start, start + DAYS_AT_ONCE), now: clock.now() })
    }
    counted += days.length
  }
  if (counted > 0) log.info({ counted }, 'figures of days counted')
}

async function findUncounted(
  em: EntityManager,
  source: DaySource,
  { first, last }: { first: string; last: string },
): Promise<string[]> {
  const rows = await em.execute<{ day: string }[]>(
    `select to_char(day, 'YYYY-MM-DD') as day from (
       select day::date from generate_series(?::date, ?::date, interval '1 day') day
       except select day from counted_days where source = ?
       union select day from stale_days where source = ? and day between ?::date and ?::date
     ) days order by 1 desc`,
    [first, last, source, source, first, last],
  )
  return rows.map(({ day }) => day)
}

async function firstDayOfMrr(em: EntityManager): Promise<string | null> {
  const [row] = await em.execute<{ day: string | null }[]>(
    "select to_char(min(day), 'YYYY-MM-DD') as day from mrr_changes",
  )
  return row?.day ?? null
}

async function countOnce(
  em: EntityManager,
  source: DaySource,
  { days, now }: { days: readonly string[]; now: Date },
): Promise<void> {
  const these = `{${days.join(',')}}`
  await em.transactional(
    async (em) => {
      await em.execute('delete from stale_days where source = ? and day = any(?::date[])', [source, these])
      await em.execute('delete from day_figures where source = ? and day = any(?::date[])', [source, these])
      for (const { first, last } of rangesOf(days)) {
        await em.execute(
          `insert into day_figures (source, day, figure, currency, count, amount)
           select ?, day, figure, currency, count, amount from (${daySources[source]}) counted`,
          [source, first, addDays(last, 1)],
        )
      }
      await em.execute(
        `insert into counted_days (source, day, counted_at) select ?, day, ? from unnest(?::date[]) day
         on conflict (source, day) do update set counted_at = excluded.counted_at`,
        [source, now, these],
      )
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ },
  )
}
