export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** Paymob has one host per country. An account's times are in its country's time zone. */
export const TIME_ZONES = {
  EGY: 'Africa/Cairo',
  SAU: 'Asia/Riyadh',
  ARE: 'Asia/Dubai',
  OMN: 'Asia/Muscat',
} as const

export type Region = keyof typeof TIME_ZONES

const BILLING_RUNS = new Map<string, number>()
const FORMATS = new Map<Region, Intl.DateTimeFormat>()

/** The local wall time as if it were UTC, in milliseconds. */
function localTime(region: Region, time: number): number {
  const known = FORMATS.get(region)
  const format =
    known ?? new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONES[region], dateStyle: 'short', timeStyle: 'medium' })
  if (!known) FORMATS.set(region, format)
  return Date.parse(`${format.format(time).replace(' ', 'T')}Z`) + (((time % 1000) + 1000) % 1000)
}

/** The date in the account's time zone: `2026-01-14`. */
export function dateOf(region: Region, time: number): string {
  return new Date(localTime(region, time)).toISOString().slice(0, 10)
}

/** `2026-01-14` and 30 days → `2026-02-13`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** When the deductions of a date are made: a minute after midnight, as in the samples of Paymob's documentation. */
export function billingRunOf(region: Region, date: string): number {
  const key = `${region} ${date}`
  const known = BILLING_RUNS.get(key)
  if (known !== undefined) return known
  const local = Date.parse(`${date}T00:01:00Z`)
  const guess = local - (localTime(region, local) - local)
  const run = local - (localTime(region, guess) - guess)
  BILLING_RUNS.set(key, run)
  return run
}

/**
 * `2026-01-14T00:01:02.180909`: local time without an offset in Egypt, and with one (`+04:00`) elsewhere, as in the
 * samples of the documentation. The last three digits come from `seed`, so that a program that parses the time and
 * formats it again breaks the signature.
 */
export function stampOf(region: Region, time: number, seed: number): string {
  const local = localTime(region, time)
  const micros = String((seed % 999) + 1).padStart(3, '0')
  const text = `${new Date(local).toISOString().slice(0, -1)}${micros}`
  if (region === 'EGY') return text
  return `${text}+0${Math.round((local - time) / HOUR)}:00`
}

/** `14 Jan 2026, 00:01` in the account's time zone. */
export function momentOf(region: Region, time: number): string {
  const local = localTime(region, time)
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(local)
  return `${date}, ${new Date(local).toISOString().slice(11, 16)}`
}

/** Whether this is a real date such as `2026-02-28`. */
export function isDate(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
