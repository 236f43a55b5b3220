import type { TaxIdRow } from '../state/rows/tax.ts'

type Verdict = NonNullable<TaxIdRow['verification']>

/**
 * What the numbers of some types look like, without spaces, dots and hyphens. Any text is accepted for the others.
 *
 * @see https://docs.stripe.com/billing/customer/tax-ids
 */
const FORMATS: Readonly<Record<string, RegExp>> = {
  au_abn: /^\d{11}$/,
  ca_gst_hst: /^\d{9}RT\d{4}$/,
  ch_vat: /^CHE\d{9}(?:MWST|TVA|IVA)$/,
  eu_vat: /^(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[A-Z0-9]{8,12}$/,
  gb_vat: /^GB(?:\d{9}|\d{12})$/,
  in_gst: /^\d{2}[A-Z0-9]{13}$/,
  no_vat: /^\d{9}MVA$/,
  us_ein: /^\d{9}$/,
}

/** The types that a registry verifies. */
const VERIFIED = new Set(['au_abn', 'eu_vat', 'gb_vat'])

/** How the registry answers for numbers that end like this. The first three are Stripe's own; 'unavailable' is ours. */
const MAGIC: readonly (readonly [end: string, status: Verdict['status']])[] = [
  ['000000000', 'verified'],
  ['111111111', 'unverified'],
  ['222222222', 'pending'],
  ['333333333', 'unavailable'],
]

export function hasFormat(type: string, value: string): boolean {
  return FORMATS[type]?.test(value.toUpperCase().replaceAll(/[\s.-]/g, '')) ?? value.trim() !== ''
}

/** The two-letter country of a tax id. Greek VAT numbers begin with EL. */
export function countryOf(type: string, value: string): string | null {
  const country = type === 'eu_vat' ? value.slice(0, 2).toUpperCase() : type.slice(0, 2).toUpperCase()
  return country === 'EL' ? 'GR' : country === 'EU' ? null : country
}

/**
 * What the registry answers about a tax id; null if there is no registry for its type. Numbers without a special meaning
 * are verified.
 *
 * @see https://docs.stripe.com/billing/customer/tax-ids#test
 */
export function verdictOn(type: string, value: string): Verdict['status'] | null {
  if (!VERIFIED.has(type)) return null
  const digits = value.replaceAll(/[\s.-]/g, '')
  return MAGIC.find(([end]) => digits.endsWith(end))?.[1] ?? 'verified'
}
