import type { Address } from './customer.ts'

/** Who buys, as far as a calculation needs it. */
export interface TaxedCustomer {
  readonly address: Address | null
  readonly address_source: 'billing' | 'shipping' | null
  readonly ip_address: string | null
  readonly tax_ids: readonly { readonly type: string; readonly value: string }[]
  readonly taxability_override: 'customer_exempt' | 'none' | 'reverse_charge'
}

/** One tax of an amount. */
export interface CalculatedTax {
  readonly amount: number
  readonly taxable_amount: number
  /** The id of the tax rate. */
  readonly tax_rate: string
}

/** An amount with its taxes. An inclusive tax is part of the amount, an exclusive one is not. */
export interface TaxedAmount {
  readonly amount: number
  readonly amount_tax: number
  readonly tax_behavior: 'exclusive' | 'inclusive'
  readonly tax_code: string
  readonly taxes: readonly CalculatedTax[]
}

export interface TaxedShipping extends TaxedAmount {
  readonly shipping_rate?: string
}

export interface TaxedLine extends TaxedAmount {
  readonly id: string
  readonly metadata: Record<string, string>
  /** The line that this one reverses; missing if it reverses none. */
  readonly original?: string
  /** Where it takes place, if taxes count from there. */
  readonly performance_location?: string
  readonly product: string | null
  readonly quantity: number
  readonly reference: string
}

interface Taxed {
  readonly id: string
  readonly created: number
  readonly currency: string
  readonly customer: string | null
  readonly customer_details: TaxedCustomer
  readonly lines: readonly TaxedLine[]
  readonly ship_from_details: { readonly address: Address } | null
  readonly shipping: TaxedShipping | null
  readonly tax_date: number
}

export interface TaxCalculationRow extends Taxed {
  readonly expires_at: number
}

export interface TaxTransactionRow extends Taxed {
  readonly metadata: Record<string, string>
  readonly posted_at: number
  readonly reference: string
  /** The transaction that this one reverses; null if it reverses none. */
  readonly original: string | null
}
