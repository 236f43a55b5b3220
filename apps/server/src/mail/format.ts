import ipaddr from 'ipaddr.js'
import { MINUTE } from '../platform/durations.ts'
import { describeDevice } from './device.ts'
import type { Detail } from './letter.ts'
import type { Requester } from './mail.queues.ts'
import type { MailTexts } from './texts/en.ts'

/** Formats a moment as a day in the time zone of the texts: 24 November 2026 (UTC), or (GMT+2). */
export function formatDay(texts: MailTexts, moment: string): string {
  return texts.day(dayOf(texts, moment), zoneNameAt(texts, moment))
}

/** Formats a moment as a minute in the time zone of the texts: 24 November 2026 at 03:42 UTC. */
export function formatMinute(texts: MailTexts, moment: string): string {
  const format = new Intl.DateTimeFormat(texts.locale, { timeStyle: 'short', timeZone: zoneOf(texts) })
  return texts.minute(dayOf(texts, moment), format.format(new Date(moment)), zoneNameAt(texts, moment))
}

/** Formats milliseconds in minutes, hours from an hour on, or days from three days on: 15 minutes, 24 hours, 7 days. */
export function formatDuration({ locale }: MailTexts, ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE))
  const hours = Math.round(minutes / 60)
  const [count, unit] =
    minutes < 60 ? [minutes, 'minute'] : hours < 72 ? [hours, 'hour'] : [Math.round(hours / 24), 'day']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

/** Says when something was asked for, and from where. Jobs of older versions don't know where. */
export function requestDetails(texts: MailTexts, at: string, by: Requester | undefined): Detail[] {
  const { request } = texts
  const time = { name: request.time, value: formatMinute(texts, at) }
  if (!by) return [time]
  return [
    time,
    { name: request.device, value: describeDevice(by.userAgent) },
    { name: request.address, value: formatAddress(texts, by.ip) },
  ]
}

interface Request {
  at?: string | undefined
  by?: Requester | undefined
}

/** Says when and from where a link or a code was requested. Empty for jobs of older versions, which don't know. */
export function requestSentence(texts: MailTexts, { at, by }: Request): string[] {
  if (!at || !by) return []
  const { sentence } = texts.request
  return [sentence(formatMinute(texts, at), describeDevice(by.userAgent), formatAddress(texts, by.ip))]
}

/**
 * Writes a name that a stranger has chosen so that no mail program makes a link of it. An invisible character separates
 * what would look like an address.
 */
export function plainName(name: string): string {
  return name.replaceAll(/[.:/@\\](?=\S)/g, '$&\u2060')
}

/** A misconfigured proxy may pass on any text as an address. */
export function formatAddress({ unknownAddress }: MailTexts, ip: string): string {
  return ipaddr.isValid(ip) ? ipaddr.process(ip).toString() : unknownAddress
}

/** Formats a moment as a day, without the time zone: 24 November 2026. */
export function dayOf(texts: MailTexts, moment: string): string {
  const format = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'long', timeZone: zoneOf(texts) })
  return format.format(new Date(moment))
}

const zoneOf = ({ providerZone, timeZone }: MailTexts) => providerZone ?? timeZone

/** UTC, GMT+2, or CET and then CEST: the name at that moment. */
function zoneNameAt({ locale, timeZone, providerZone, providerZoneName }: MailTexts, moment: string): string {
  if (providerZone !== null) return providerZoneName(providerZone)
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' })
  return format.formatToParts(new Date(moment)).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}
