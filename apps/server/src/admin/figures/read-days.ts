import type { EntityManager } from '@mikro-orm/postgresql'
import type { DaySource } from '../day-figure.entity.ts'
import { daySources } from './day-sources.ts'
import { addDays, daysBetween, rangesOf } from './day.ts'

/** A figure of one day. */
export interface DayFigure {
  day: string
  figure: string
  /** Empty if it is not money. */
  currency: string
  count: number
  /** In the currency's smallest unit; of `mrr`, per year. */
  amount: number
}

interface Row {
  day: string
  figure: string
  currency: string
  count: string
  amount: string
}

const COLUMNS = "to_char(day, 'YYYY-MM-DD') as day, figure, currency, count, amount"

/**
 * Reads the figures of days: those that are counted, and those of the other days from the rows themselves. So they are
 * always exact, and quick as soon as `countDays` has run.
 *
 * @param em a transaction that sees one moment of the database.
 * @param window both days are included.
 */
export async function readDays(em: EntityManager, source: DaySource, window: Window): Promise<DayFigure[]> {
  const { counted, open } = await splitDays(em, source, window)
  const rows = await em.execute<Row[]>(`select ${COLUMNS} from day_figures where source = ? and day = any(?::date[])`, [
    source,
    `{${counted.join(',')}}`,
  ])
  return [...rows.map(figureOf), ...(await countOpenDays(em, source, open))]
}

/** Both days are included. */
interface Window {
  from: string
  to: string
}

/** Which days of a window are counted, and which must be read from the rows. */
export async function splitDays(
  em: EntityManager,
  source: DaySource,
  { from, to }: Window,
): Promise<{ counted: string[]; open: string[] }> {
  const rows = await em.execute<{ day: string }[]>(
    `select to_char(day, 'YYYY-MM-DD') as day from counted_days
     where source = ? and day between ?::date and ?::date
       and day not in (select day from stale_days where source = ?)`,
    [source, from, to, source],
  )
  const counted = new Set(rows.map(({ day }) => day))
  return { counted: [...counted], open: daysBetween(from, to).filter((day) => !counted.has(day)) }
}

/** Counts days from the rows. */
export async function countOpenDays(
  em: EntityManager,
  source: DaySource,
  days: readonly string[],
): Promise<DayFigure[]> {
  const figures: DayFigure[] = []
  for (const { first, last } of rangesOf(days)) {
    const rows = await em.execute<Row[]>(`select ${COLUMNS} from (${daySources[source]}) counted`, [
      first,
      addDays(last, 1),
    ])
    figures.push(...rows.map(figureOf))
  }
  return figures
}

const figureOf = (row: Row): DayFigure => ({ ...row, count: Number(row.count), amount: Number(row.amount) })
