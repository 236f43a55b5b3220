/** An amount in a currency's smallest unit, for people: 500 jpy is ¥500, 500 usd is $5.00. */
export function formatMoney(amountCents: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amountCents / 10 ** digits)
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
