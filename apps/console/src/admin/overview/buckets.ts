/** A day of the overview, or several of them, with the sums of their figures. */
export interface Bucket<Figures extends string> {
  /** The first and the last day, in UTC. */
  from: string
  to: string
  figures: Readonly<Record<Figures, number>>
}

export type Period = 'day' | 'week' | 'month'

const MAX_DAYS = 31
const MAX_WEEKS = 16

/** How many days stand together, so that a chart has a few dozen bars at most. */
export function periodOf(days: number): Period {
  if (days <= MAX_DAYS) return 'day'
  return days <= MAX_WEEKS * 7 ? 'week' : 'month'
}

/** Sums days that stand together. Weeks end with the last day; months are those of the calendar. */
export function bucketsOf<Figures extends string>(
  days: readonly ({ day: string } & Readonly<Record<Figures, number>>)[],
  names: readonly Figures[],
): Bucket<Figures>[] {
  const period = periodOf(days.length)
  const keyOf = (day: string, index: number): string => {
    if (period === 'day') return day
    return period === 'month' ? day.slice(0, 7) : String(Math.floor((index + 7 - (days.length % 7 || 7)) / 7))
  }
  const groups = Map.groupBy(
    days.map((each, index) => ({ each, key: keyOf(each.day, index) })),
    ({ key }) => key,
  )
  return [...groups.values()].flatMap((group) => {
    const [first, last] = [group.at(0)?.each.day, group.at(-1)?.each.day]
    if (first === undefined || last === undefined) return []
    const sums = names.map((name) => [name, group.reduce((sum, { each }) => sum + each[name], 0)] as const)
    // eslint-disable-next-line typescript/no-unsafe-type-assertion -- each name has its sum
    return [{ from: first, to: last, figures: Object.fromEntries(sums) as Record<Figures, number> }]
  })
}
