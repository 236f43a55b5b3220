import ipaddr from 'ipaddr.js'
import { MINUTE } from '../platform/durations.ts'
import { describeDevice } from './device.ts'
import type { Detail } from './letter.ts'
import type { Requester } from './mail.queues.ts'

/** Formats a moment as a day in UTC: 24 November 2026 (UTC). */
export function formatDay(moment: string): string {
  return `${dayOf(moment)} (UTC)`
}

/** Formats a moment as a minute in UTC: 24 November 2026 at 03:42 UTC. */
export function formatMinute(moment: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' }).format(new Date(moment))
  return `${dayOf(moment)} at ${time} UTC`
}

/** Formats milliseconds in minutes, hours from an hour on, or days from three days on: 15 minutes, 24 hours, 7 days. */
export function formatDuration(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE))
  const hours = Math.round(minutes / 60)
  const [count, unit] =
    minutes < 60 ? [minutes, 'minute'] : hours < 72 ? [hours, 'hour'] : [Math.round(hours / 24), 'day']
  return new Intl.NumberFormat('en-US', { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

/** Says when something was asked for, and from where. Jobs of older versions don't know where. */
export function requestDetails(at: string, by: Requester | undefined): Detail[] {
  const time = { name: 'Time', value: formatMinute(at) }
  if (!by) return [time]
  return [
    time,
    { name: 'Device', value: describeDevice(by.userAgent) },
    { name: 'IP address', value: formatAddress(by.ip) },
  ]
}

/** Says when and from where a link or a code was requested. Jobs of older versions don't know. */
export function requestSentence({ at, by }: { at?: string | undefined; by?: Requester | undefined }): string {
  if (!at || !by) return ''
  return ` It was requested on ${formatMinute(at)} from ${describeDevice(by.userAgent)}, IP address ${formatAddress(by.ip)}.`
}

/**
 * Writes a name that a stranger has chosen so that no mail program makes a link of it. An invisible character separates
 * what would look like an address.
 */
export function plainName(name: string): string {
  return name.replaceAll(/[.:/@\\](?=\S)/g, '$&\u2060')
}

/** A misconfigured proxy may pass on any text as an address. */
export function formatAddress(ip: string): string {
  return ipaddr.isValid(ip) ? ipaddr.process(ip).toString() : 'unknown'
}

function dayOf(moment: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(moment))
}
