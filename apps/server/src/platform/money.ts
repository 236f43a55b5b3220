/**
 * Currencies whose smallest unit is not a hundredth, as Stripe counts them. `Intl` has a different list: it knows no
 * hundredths of the forint, for example, but Stripe counts them.
 *
 * @see https://docs.stripe.com/currencies#zero-decimal
 */
const ZERO_DECIMALS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMALS = new Set('bhd jod kwd omr tnd'.split(' '))

/** Without a smaller unit, and still counted in hundredths. */
const WHOLE_IN_HUNDREDTHS = new Set(['isk', 'ugx'])

/**
 * What every amount of a currency must be a multiple of, or Stripe refuses it: 5 UGX is 500, and the last of three
 * decimals is 0.
 *
 * @see https://docs.stripe.com/currencies#special-cases
 */
export function smallestStep(currency: string): number {
  if (WHOLE_IN_HUNDREDTHS.has(currency)) return 100
  return THREE_DECIMALS.has(currency) ? 10 : 1
}

/** Writes an amount in a currency's smallest unit for people: 123456 usd is $1,234.56, and 500 jpy is ¥500. */
export function formatMoney(amountCents: number, currency: string, locale = 'en-US'): string {
  return format(amountCents, currency, { style: 'currency', currency }, locale)
}

/** Writes an amount in a currency's smallest unit for programs: 123456 usd is 1234.56, and 500 jpy is 500. */
export function formatAmount(amountCents: number, currency: string): string {
  return format(amountCents, currency, { useGrouping: false })
}

/** Decimals that a price per unit may have beyond those of its currency. */
const UNIT_DECIMALS = 6

/** Writes what one unit costs for programs. It may be a part of the smallest unit: 0.5 usd is 0.005, and 0.5 jpy is 0.5. */
export function formatUnitPrice(unitPriceCents: number, currency: string): string {
  const digits = digitsOf(currency)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- digits with an exponent are a number's literal
  const price = `${unitPriceCents.toFixed(UNIT_DECIMALS)}E-${digits}` as `${number}`
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits + UNIT_DECIMALS }
  return new Intl.NumberFormat('en-US', { useGrouping: false, ...decimals }).format(price)
}

const digitsOf = (currency: string) => (ZERO_DECIMALS.has(currency) ? 0 : THREE_DECIMALS.has(currency) ? 3 : 2)

function format(amountCents: number, currency: string, options: Intl.NumberFormatOptions, locale = 'en-US'): string {
  const digits = digitsOf(currency)
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  // Digits with an exponent, because a division could round.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- digits with an exponent are a number's literal
  const amount = `${BigInt(amountCents)}E-${digits}` as `${number}`
  return new Intl.NumberFormat(locale, { ...options, ...decimals }).format(amount)
}
