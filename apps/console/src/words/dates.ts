const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** A day in the user's locale and time zone: Nov 24, 2026. */
export function formatDay(moment: Date): string {
  return day.format(moment)
}

/** A range of days: Nov 24 – Dec 24, 2026. */
export function formatDays(from: Date, to: Date): string {
  return day.formatRange(from, to)
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A day and time in the user's locale and time zone: Nov 24, 2026, 5:04 PM. */
export function formatMoment(at: Date): string {
  return moment.format(at)
}
