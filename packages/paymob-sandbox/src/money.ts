/** The currencies of Paymob's countries. Amounts (`amount_cents`) count in the smallest unit: 1000 is 1 OMR. */
export const CURRENCIES = ['EGP', 'SAR', 'AED', 'OMR'] as const

export type Currency = (typeof CURRENCIES)[number]

/** `19900`, `EGP` → `EGP 199.00`; `4500`, `OMR` → `OMR 4.500`. */
export function formatMoney(amountCents: number, currency: Currency): string {
  const digits = currency === 'OMR' ? 3 : 2
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
    .format(amountCents / 10 ** digits)
    .replace('\u00A0', ' ')
}
