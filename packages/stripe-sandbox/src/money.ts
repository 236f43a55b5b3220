/**
 * Currencies that Stripe charges in whole units, and in thousandths. All others count in hundredths, even ISK and UGX:
 * they no longer have a smaller unit, but 5 UGX is still the amount 500.
 *
 * @see https://docs.stripe.com/currencies#zero-decimal and #three-decimal and #special-cases
 */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))

/**
 * The minimum charge per currency, in the smallest unit. A smaller amount stays on the customer's balance.
 *
 * @see https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
const MINIMUM_CHARGE: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
}

/** Currencies without a smaller unit that still count in hundredths. */
const WHOLE_IN_HUNDREDTHS = new Set(['isk', 'ugx'])

/**
 * What every amount of a currency must be a multiple of: 5 UGX is 500, and the last of three decimals is 0.
 *
 * @see https://docs.stripe.com/currencies#special-cases and #three-decimal
 */
export function smallestStep(currency: string): number {
  if (WHOLE_IN_HUNDREDTHS.has(currency)) return 100
  return THREE_DECIMAL.has(currency) ? 10 : 1
}

/** The number of decimals in a currency's amounts. */
function decimalsOf(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0
  return THREE_DECIMAL.has(currency) ? 3 : 2
}

export function minimumCharge(currency: string): number {
  return MINIMUM_CHARGE[currency] ?? 1
}

/** An amount that a person typed: `19`, `usd` → `1900`; `19.5`, `usd` → `1950`. NaN for what is none. */
export function parseMoney(text: string, currency: string): number {
  const digits = decimalsOf(currency)
  const [, whole, fraction = ''] = /^(\d{1,9})(?:[.,](\d{0,3}))?$/.exec(text.trim()) ?? []
  if (whole === undefined || fraction.length > digits) return Number.NaN
  return Number(whole + fraction.padEnd(digits, '0'))
}

/** An amount as a person types it: `1900`, `usd` → `19.00`. */
export function typedMoney(amount: number, currency: string): string {
  const digits = decimalsOf(currency)
  return (amount / 10 ** digits).toFixed(digits)
}

const FORMATS = new Map<string, Intl.NumberFormat>()

/** `1900`, `usd` → `$19.00`; `500`, `jpy` → `¥500`. */
export function formatMoney(amount: number, currency: string): string {
  const digits = decimalsOf(currency)
  const known = FORMATS.get(currency)
  const format =
    known ??
    new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
  if (!known) FORMATS.set(currency, format)
  return format.format(amount / 10 ** digits)
}

/** `3.6`, `usd` → `$0.036`: an amount per unit, with all its decimals. */
export function formatUnitAmount(amount: string, currency: string): string {
  const [whole = '', fraction = ''] = amount.split('.')
  if (fraction === '') return formatMoney(Number(whole), currency)
  const digits = decimalsOf(currency) + fraction.length
  const format = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  return new Intl.NumberFormat('en-US', format).format(Number(amount) / 10 ** decimalsOf(currency))
}

/**
 * The share `part / whole` of an amount, rounded half away from zero, in exact integer arithmetic.
 *
 * The product is a BigInt, because the amount of a large price times seconds exceeds 2^53.
 */
export function prorate(amount: number, part: number, whole: number): number {
  if (whole <= 0) return 0
  const product = BigInt(amount) * BigInt(part)
  const magnitude = (product < 0n ? -product : product) * 2n + BigInt(whole)
  const rounded = Number(magnitude / (2n * BigInt(whole)))
  return product < 0n ? -rounded : rounded
}

/** The share of an amount as a multiple of its currency's smallest step, rounded once, half away from zero. */
export function prorateIn(currency: string, amount: number, part: number, whole: number): number {
  const step = smallestStep(currency)
  return prorate(amount, part, whole * step) * step
}

/** Whether this is an ISO 4217 code that the platform can format. */
export function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code.toUpperCase())
}
