import type { Address } from './customer.ts'

export interface TaxRateRow {
  readonly id: string
  readonly created: number
  readonly active: boolean
  readonly country: string | null
  readonly description: string | null
  readonly display_name: string
  readonly inclusive: boolean
  readonly jurisdiction: string | null
  readonly metadata: Record<string, string>
  readonly percentage: number
  readonly state: string | null
  readonly tax_type: string | null
  /** Present if the sandbox made it for a customer's location. A reason means that it collects nothing. */
  readonly automatic?: { readonly reason: TaxabilityReason | null }
  /** Missing if it was not said. */
  readonly jurisdiction_level?: 'city' | 'country' | 'county' | 'district' | 'multiple' | 'state'
  /** Whether it was made for the tax amounts of a line. */
  readonly ofTaxAmounts?: true
}

/** Where something is performed or sold. */
export interface TaxLocationRow {
  readonly id: string
  readonly created: number
  readonly address: Address
  readonly description: string | null
  readonly type: 'performance'
}

/** Why a tax is what it is, or why there is none. */
export type TaxabilityReason =
  | 'customer_exempt'
  | 'not_collecting'
  | 'not_subject_to_tax'
  | 'not_supported'
  | 'portion_product_exempt'
  | 'portion_reduced_rated'
  | 'portion_standard_rated'
  | 'product_exempt'
  | 'product_exempt_holiday'
  | 'proportionally_rated'
  | 'reduced_rated'
  | 'reverse_charge'
  | 'standard_rated'
  | 'taxable_basis_reduced'
  | 'zero_rated'

/** The taxes that were computed from a customer's location. */
export interface AutomaticTax {
  readonly status: 'complete' | 'failed' | 'requires_location_inputs'
  /** Why it was turned off at finalization; null while it is on. */
  readonly disabled: 'finalization_requires_location_inputs' | 'finalization_system_error' | null
  readonly rates: RateSets
  /** The same for what takes place at a tax location, by its id. Missing if there are none. */
  readonly performed?: Readonly<Record<string, RateSets>>
}

/** The ids of the tax rates, by the tax behavior of a line's price. */
export interface RateSets {
  readonly exclusive: readonly string[]
  readonly inclusive: readonly string[]
  /** For products that no tax applies to. */
  readonly nontaxable: readonly string[]
}

export interface TaxIdRow {
  readonly id: string
  readonly created: number
  /** Null for one of the account's own. */
  readonly customer: string | null
  readonly country: string | null
  readonly type: string
  readonly value: string
  readonly verification: {
    readonly status: 'pending' | 'unavailable' | 'unverified' | 'verified'
    readonly verified_address: string | null
    readonly verified_name: string | null
  } | null
}

/** Where and how the account collects taxes. There is one row, and none before the settings are changed. */
export interface TaxSettingsRow {
  readonly id: 'tax'
  readonly head_office: Address | null
  readonly tax_behavior: 'exclusive' | 'inclusive' | 'inferred_by_currency' | null
  readonly tax_code: string | null
}

/** Where the account is registered to collect taxes. */
export interface TaxRegistrationRow {
  readonly id: string
  readonly created: number
  readonly active_from: number
  readonly country: string
  readonly expires_at: number | null
  /** Such as `standard`, `oss_union` or `state_sales_tax`. */
  readonly type: string
  /** Of the United States; null elsewhere. */
  readonly state: string | null
  /** As the caller gave it. */
  readonly country_options: Readonly<Record<string, unknown>>
}
