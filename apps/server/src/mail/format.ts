import { MINUTE } from '../platform/durations.ts'

/**
 * Currencies whose smallest unit is not a hundredth, as Stripe counts them; `Intl` knows others, such as the forint,
 * that Stripe charges in hundredths all the same.
 *
 * @see https://docs.stripe.com/currencies#zero-decimal
 */
const ZERO_DECIMALS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMALS = new Set('bhd jod kwd omr tnd'.split(' '))

/** An amount in a currency's smallest unit, for people: 500 jpy is ¥500, 500 usd is $5.00. Digits, never a float. */
export function formatMoney(amountCents: number, currency: string): string {
  const digits = ZERO_DECIMALS.has(currency) ? 0 : THREE_DECIMALS.has(currency) ? 3 : 2
  const options = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- digits with an exponent are a number's literal
  return new Intl.NumberFormat('en-US', options).format(`${BigInt(amountCents)}E-${digits}` as `${number}`)
}

/** A day in UTC, such as 24 November 2026 (UTC). */
export function formatDay(moment: string): string {
  return `${dayOf(moment)} (UTC)`
}

/** A minute in UTC, such as 24 November 2026 at 03:42 UTC. */
export function formatMinute(moment: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' }).format(new Date(moment))
  return `${dayOf(moment)} at ${time} UTC`
}

/** How long something lasts, in its largest whole unit: 24 hours, 1 hour, 15 minutes. */
export function formatDuration(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE))
  const [count, unit] = minutes < 60 ? [minutes, 'minute'] : [Math.round(minutes / 60), 'hour']
  return new Intl.NumberFormat('en-US', { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

function dayOf(moment: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(moment))
}
