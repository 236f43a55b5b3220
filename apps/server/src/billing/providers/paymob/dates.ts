import { DAY, MINUTE, SECOND } from '../../../platform/durations.ts'

/** Paymob has one host per country, and keys that begin with it. An account's times are in its country's time zone. */
const ZONES: ReadonlyMap<string, string> = new Map([
  ['egy', 'Africa/Cairo'],
  ['sau', 'Asia/Riyadh'],
  ['are', 'Asia/Dubai'],
  ['omn', 'Asia/Muscat'],
])

/** Dates without a time, such as `2026-01-14`, in the account's time zone. */
export interface PaymobCalendar {
  readonly timeZone: string
  dateOf(moment: Date): string
  /** The date's first moment. */
  startOf(date: string): Date
  /** Reads a time such as `2026-01-14T00:01:02.180909`. In Egypt it is local time without an offset. */
  readStamp(stamp: string): Date
}

/** The calendar of an account, by the prefix of its keys. Egypt's for a prefix that we don't know. */
export function createCalendar(secretKey: string): PaymobCalendar {
  const timeZone = ZONES.get(secretKey.slice(0, 3).toLowerCase()) ?? 'Africa/Cairo'
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  /** The local wall time as if it were UTC, in whole seconds. */
  const localTime = (moment: number): number => Date.parse(`${format.format(moment).replace(' ', 'T')}Z`)
  const utcOf = (local: number): Date => {
    const guess = local - (localTime(local) - Math.floor(local / SECOND) * SECOND)
    const offset = localTime(guess) - Math.floor(guess / SECOND) * SECOND
    return new Date(local - offset)
  }
  return {
    timeZone,
    dateOf: (moment) => new Date(localTime(moment.getTime())).toISOString().slice(0, 10),
    startOf: (date) => utcOf(Date.parse(`${date}T00:00:00Z`)),
    readStamp(stamp) {
      const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/.test(stamp)
      const time = Date.parse(hasOffset ? stamp : `${stamp}Z`)
      if (Number.isNaN(time)) throw new Error(`Paymob's time can't be read: ${stamp.slice(0, 40)}`)
      return hasOffset ? new Date(time) : utcOf(time)
    },
  }
}

/** `2026-01-14` and 30 days → `2026-02-13`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** From `2026-01-14` to `2026-02-13` it is 30 days. */
export function daysBetween(one: string, other: string): number {
  return Math.round((Date.parse(`${other}T00:00:00Z`) - Date.parse(`${one}T00:00:00Z`)) / DAY)
}

/** A moment in whole minutes, as short as possible. */
export const writeMinutes = (moment: Date): string => Math.floor(moment.getTime() / MINUTE).toString(36)
export const readMinutes = (text: string): Date => new Date(Number.parseInt(text, 36) * MINUTE)
