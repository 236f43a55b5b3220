/**
 * Currencies whose smallest unit is not a hundredth, as Stripe counts them; `Intl` knows others, such as the forint,
 * that Stripe charges in hundredths all the same.
 *
 * @see https://docs.stripe.com/currencies#zero-decimal
 */
const ZERO_DECIMALS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMALS = new Set('bhd jod kwd omr tnd'.split(' '))

/** An amount in a currency's smallest unit, for people: 500 jpy is ¥500, 500 usd is $5.00. */
export function formatMoney(amountCents: number, currency: string): string {
  const digits = ZERO_DECIMALS.has(currency) ? 0 : THREE_DECIMALS.has(currency) ? 3 : 2
  const options = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  return new Intl.NumberFormat('en-US', options).format(amountCents / 10 ** digits)
}

/** A day in UTC, such as 24 November 2026. */
export function formatDay(moment: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(moment))
}

/** A minute in UTC, such as 24 November 2026 at 03:42 UTC. */
export function formatMinute(moment: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' }).format(new Date(moment))
  return `${formatDay(moment)} at ${time} UTC`
}
