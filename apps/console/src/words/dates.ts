/** In which days are counted. Null or left out: the user's own time zone. */
type TimeZone = string | null | undefined

const formats = new Map<string, Intl.DateTimeFormat>()

/** Made once for each time zone, because making one is slow. */
function dayIn(timeZone: TimeZone): Intl.DateTimeFormat {
  const key = timeZone ?? ''
  const known = formats.get(key)
  if (known) return known
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', ...(timeZone && { timeZone }) })
  formats.set(key, format)
  return format
}

/** A day in the user's locale: Nov 24, 2026. */
export function formatDay(moment: Date, timeZone?: TimeZone): string {
  return dayIn(timeZone).format(moment)
}

/** A range of days: Nov 24 – Dec 24, 2026. */
export function formatDays(from: Date, to: Date, timeZone?: TimeZone): string {
  return dayIn(timeZone).formatRange(from, to)
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A day and time in the user's locale and time zone: Nov 24, 2026, 5:04 PM. */
export function formatMoment(at: Date): string {
  return moment.format(at)
}
