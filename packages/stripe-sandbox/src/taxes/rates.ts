/** A tax of a place, in percent. */
export interface PlaceRate {
  readonly name: string
  readonly type: 'vat' | 'gst' | 'hst' | 'pst' | 'qst' | 'jct' | 'sales_tax'
  readonly percentage: number
}

/**
 * Standard rates of VAT in the European Union.
 *
 * Source: the European Commission's "Taxes in Europe" database, as of March 2026, through
 * https://vatnode.dev/blog/eu-vat-rates-2026.
 */
const EU_VAT: Readonly<Record<string, number>> = {
  AT: 20,
  BE: 21,
  BG: 20,
  CY: 19,
  CZ: 21,
  DE: 19,
  DK: 25,
  EE: 24,
  ES: 21,
  FI: 25.5,
  FR: 20,
  GR: 24,
  HR: 25,
  HU: 27,
  IE: 23,
  IT: 22,
  LT: 21,
  LU: 17,
  LV: 21,
  MT: 18,
  NL: 21,
  PL: 23,
  PT: 23,
  RO: 21,
  SE: 25,
  SI: 22,
  SK: 23,
}

/**
 * Standard rates elsewhere.
 *
 * Source: the npm package `sales-tax` 2.23.0 of May 2026 (MIT License, Copyright (c) 2017 Valerian Saliou).
 */
const ELSEWHERE: Readonly<Record<string, PlaceRate>> = {
  AU: { name: 'GST', type: 'gst', percentage: 10 },
  CH: { name: 'VAT', type: 'vat', percentage: 8.1 },
  GB: { name: 'VAT', type: 'vat', percentage: 20 },
  IN: { name: 'GST', type: 'gst', percentage: 18 },
  IS: { name: 'VAT', type: 'vat', percentage: 24 },
  JP: { name: 'Consumption tax', type: 'jct', percentage: 10 },
  NO: { name: 'VAT', type: 'vat', percentage: 25 },
  NZ: { name: 'GST', type: 'gst', percentage: 15 },
  SG: { name: 'GST', type: 'gst', percentage: 9 },
}

/**
 * Statewide sales taxes of the United States, without local taxes. Some include a local tax that is the same in the
 * entire state.
 *
 * Source: Tax Foundation, "State and Local Sales Tax Rates, 2025", as of 1 January 2025.
 */
const US_SALES_TAX: Readonly<Record<string, number>> = {
  AK: 0,
  AL: 4,
  AR: 6.5,
  AZ: 5.6,
  CA: 7.25,
  CO: 2.9,
  CT: 6.35,
  DC: 6,
  DE: 0,
  FL: 6,
  GA: 4,
  HI: 4,
  IA: 6,
  ID: 6,
  IL: 6.25,
  IN: 7,
  KS: 6.5,
  KY: 6,
  LA: 5,
  MA: 6.25,
  MD: 6,
  ME: 5.5,
  MI: 6,
  MN: 6.875,
  MO: 4.225,
  MS: 7,
  MT: 0,
  NC: 4.75,
  ND: 5,
  NE: 5.5,
  NH: 0,
  NJ: 6.625,
  NM: 4.875,
  NV: 6.85,
  NY: 4,
  OH: 5.75,
  OK: 4.5,
  OR: 0,
  PA: 6,
  RI: 7,
  SC: 6,
  SD: 4.2,
  TN: 7,
  TX: 6.25,
  UT: 6.1,
  VA: 5.3,
  VT: 6,
  WA: 6.5,
  WI: 5,
  WV: 6,
  WY: 4,
}

const CANADIAN_GST: PlaceRate = { name: 'GST', type: 'gst', percentage: 5 }

/**
 * What provinces of Canada add to the GST, or have instead of it.
 *
 * Source: https://www.canada.ca/en/revenue-agency, GST/HST rates as of 1 April 2025, and those of the provinces.
 */
const CANADA: Readonly<Record<string, readonly PlaceRate[]>> = {
  BC: [CANADIAN_GST, { name: 'PST', type: 'pst', percentage: 7 }],
  MB: [CANADIAN_GST, { name: 'RST', type: 'pst', percentage: 7 }],
  NB: [{ name: 'HST', type: 'hst', percentage: 15 }],
  NL: [{ name: 'HST', type: 'hst', percentage: 15 }],
  NS: [{ name: 'HST', type: 'hst', percentage: 14 }],
  ON: [{ name: 'HST', type: 'hst', percentage: 13 }],
  PE: [{ name: 'HST', type: 'hst', percentage: 15 }],
  QC: [CANADIAN_GST, { name: 'QST', type: 'qst', percentage: 9.975 }],
  SK: [CANADIAN_GST, { name: 'PST', type: 'pst', percentage: 6 }],
}

/** The countries that have rates here. */
export const KNOWN_COUNTRIES: readonly string[] = [
  'US',
  'CA',
  ...Object.keys(EU_VAT),
  ...Object.keys(ELSEWHERE),
].toSorted()

/** Whether a country is in the European Union. */
export const isInEu = (country: string): boolean => Object.hasOwn(EU_VAT, country)

/** The states of the United States, and DC. */
export const isUsState = (state: string): boolean => Object.hasOwn(US_SALES_TAX, state)

/** The standard rates of a place; null if the table has none. */
export function standardRates({
  country,
  state,
}: {
  country: string
  state: string | null
}): readonly PlaceRate[] | null {
  const vat = EU_VAT[country]
  if (vat !== undefined) return [{ name: 'VAT', type: 'vat', percentage: vat }]
  if (country === 'US') {
    const percentage = state === null ? undefined : US_SALES_TAX[state]
    return percentage === undefined ? null : [{ name: 'Sales tax', type: 'sales_tax', percentage }]
  }
  if (country === 'CA') return CANADA[state ?? ''] ?? [CANADIAN_GST]
  const rate = ELSEWHERE[country]
  return rate ? [rate] : null
}
