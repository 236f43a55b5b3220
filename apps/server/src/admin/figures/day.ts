import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'

/** The day of a moment in UTC, as `YYYY-MM-DD`. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

/** The first moment of a day. */
export const startOf = (day: string): Date => new Date(`${day}T00:00:00Z`)

export const addDays = (day: string, count: number): string => dayOf(after(startOf(day), count * DAY))

/** All days from the first to the last, both included. */
export function daysBetween(first: string, last: string): string[] {
  const count = Math.round((startOf(last).getTime() - startOf(first).getTime()) / DAY) + 1
  return Array.from({ length: Math.max(0, count) }, (_, index) => addDays(first, index))
}

/** Joins days that follow each other, so that one query reads them. */
export function rangesOf(days: readonly string[]): { first: string; last: string }[] {
  const ranges: { first: string; last: string }[] = []
  for (const day of days.toSorted()) {
    const range = ranges.at(-1)
    if (range && addDays(range.last, 1) === day) range.last = day
    else ranges.push({ first: day, last: day })
  }
  return ranges
}
