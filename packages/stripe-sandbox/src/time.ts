/** Like Stripe, everything here counts in seconds since 1970, unless its name says otherwise. */
export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The wall clock, in whole seconds. */
export function wallNow(): number {
  return Math.floor(Date.now() / 1000)
}

const DATES = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

/** `10 Nov 2026` in UTC, as in the descriptions of invoice lines. */
export function formatDate(time: number): string {
  return DATES.format(time * 1000)
}

/** `10 Nov 2026, 08:15 UTC`. */
export function formatMoment(time: number): string {
  return `${formatDate(time)}, ${new Date(time * 1000).toISOString().slice(11, 16)} UTC`
}

/** The same day and time (UTC) some months later, or the last day of a shorter month. */
export function addMonths(time: number, months: number): number {
  const from = new Date(time * 1000)
  const month = from.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const midnight = Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), lastDay))
  return midnight / 1000 + (((time % DAY) + DAY) % DAY)
}
