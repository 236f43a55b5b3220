import { MINUTE } from '../platform/durations.ts'

/** Formats a moment as a day in UTC: 24 November 2026 (UTC). */
export function formatDay(moment: string): string {
  return `${dayOf(moment)} (UTC)`
}

/** Formats a moment as a minute in UTC: 24 November 2026 at 03:42 UTC. */
export function formatMinute(moment: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' }).format(new Date(moment))
  return `${dayOf(moment)} at ${time} UTC`
}

/** Formats milliseconds in whole minutes, or from an hour on in whole hours: 15 minutes, 1 hour, 24 hours. */
export function formatDuration(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE))
  const [count, unit] = minutes < 60 ? [minutes, 'minute'] : [Math.round(minutes / 60), 'hour']
  return new Intl.NumberFormat('en-US', { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

function dayOf(moment: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(moment))
}
