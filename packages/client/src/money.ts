/** https://docs.stripe.com/currencies#zero-decimal */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
/** https://docs.stripe.com/currencies#three-decimal */
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))

/**
 * How many decimals the API's amounts have in this currency: 2 for `usd`, where 1900 means $19.00.
 *
 * This follows Stripe, not ISO 4217 or `Intl`: Stripe counts Hungarian forints, Icelandic krónur and Ugandan shillings
 * in hundredths.
 *
 * @see https://docs.stripe.com/currencies#special-cases
 */
export function minorUnitDigits(currency: string): 0 | 2 | 3 {
  const code = currency.toLowerCase()
  if (ZERO_DECIMAL.has(code)) return 0
  return THREE_DECIMAL.has(code) ? 3 : 2
}

/**
 * Formats an amount from the API for people: 1900 `usd` is $19.00, 500 `jpy` is ¥500.
 *
 * @param amountCents in the currency's smallest unit, as in `priceCents` and `amountCents`.
 * @param locale defaults to the locale of the browser or process.
 */
export function formatMoney(amountCents: number, currency: string, locale?: string): string {
  const digits = minorUnitDigits(currency)
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amountCents / 10 ** digits)
}
