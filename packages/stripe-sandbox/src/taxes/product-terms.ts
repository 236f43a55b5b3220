import type { Account } from '../state/account.ts'

/** What a product says about its taxes. */
export interface TaxTerms {
  readonly tax_code?: string
  /** Where it takes place: the id of a tax location. */
  readonly performance_location?: string
}

/** What a product says about its taxes, itself or in its `tax_details`. */
export function taxTermsOf(account: Account, product: string): TaxTerms {
  const { tax_code: own, tax_details } = account.echoes.find(product)?.fields ?? {}
  const details = isHash(tax_details) ? tax_details : {}
  const code = own ?? details['tax_code']
  const place = details['performance_location']
  return {
    ...(typeof code === 'string' && { tax_code: code }),
    ...(typeof place === 'string' && { performance_location: place }),
  }
}

const isHash = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
