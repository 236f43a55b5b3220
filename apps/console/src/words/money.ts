/** Currencies that have no cents at Stripe, whatever a locale's data says: https://docs.stripe.com/currencies#zero-decimal */
const WHOLE = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
/** https://docs.stripe.com/currencies#three-decimal */
const THOUSANDTHS = new Set('bhd jod kwd omr tnd'.split(' '))

/**
 * An amount for people: 1900 `usd` is $19.00, 500 `jpy` is ¥500. How many decimals a currency has is Stripe's word and not
 * the platform's, which counts Hungarian forints, for one, without the hundredths that they are charged in.
 *
 * @param amount in the currency's smallest unit.
 * @param locale the reader's own by default.
 */
export function formatMoney(amount: number, currency: string, locale?: string): string {
  const digits = WHOLE.has(currency) ? 0 : THOUSANDTHS.has(currency) ? 3 : 2
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits)
}

/** `$19.00 a month`, or `Free`. */
export function formatPrice({ priceCents, currency, billingPeriod }: Price): string {
  if (priceCents === 0) return 'Free'
  return `${formatMoney(priceCents, currency)} ${PERIODS[billingPeriod]}`
}

export const PERIODS = { monthly: 'a month', yearly: 'a year' } as const

interface Price {
  priceCents: number
  currency: string
  billingPeriod: keyof typeof PERIODS
}
