import type { TaxabilityReason } from './tax.ts'

export interface CreditedDiscount {
  readonly discount: string
  readonly amount: number
}

export interface CreditedTax {
  readonly tax_rate: string
  readonly inclusive: boolean
  readonly percentage: number
  readonly amount: number
  readonly taxable_amount: number
  readonly reason?: TaxabilityReason | null
}

/** A line of a credit note. All amounts are in the currency's smallest unit. */
export interface CreditNoteLine {
  readonly id: string
  readonly type: 'custom_line_item' | 'invoice_line_item'
  /** Before discounts and exclusive tax. */
  readonly amount: number
  readonly description: string | null
  /** The line's own discounts. */
  readonly own: readonly CreditedDiscount[]
  /** Its share of the invoice's discounts. */
  readonly shared: readonly CreditedDiscount[]
  /** Its share of the billing credits that the invoice's line has used; missing without any. */
  readonly credits?: readonly { readonly amount: number; readonly transaction: string }[]
  readonly invoice_line_item: string | null
  readonly metadata: Record<string, string>
  readonly quantity: number | null
  readonly tax_rates: readonly string[]
  readonly taxes: readonly CreditedTax[]
  readonly unit_amount: number | null
  /** The unit amount, if it was given with decimals. */
  readonly unit_amount_decimal?: string
}

/** What is credited of an invoice's shipping: all of it. */
export interface CreditedShipping {
  readonly shipping_rate: string
  readonly amount_subtotal: number
  readonly taxes: readonly CreditedTax[]
}

export interface CreditNoteRow {
  readonly id: string
  readonly created: number
  readonly currency: string
  readonly customer: string
  readonly customer_balance_transaction: string | null
  readonly effective_at: number
  readonly invoice: string
  readonly lines: readonly CreditNoteLine[]
  readonly memo: string | null
  readonly metadata: Record<string, string>
  readonly number: string
  readonly out_of_band_amount: number | null
  /** What was no longer due after it. */
  readonly pre_payment_amount: number
  /** What was refunded, credited or given back outside of Stripe. */
  readonly post_payment_amount: number
  readonly reason: 'duplicate' | 'fraudulent' | 'order_change' | 'product_unsatisfactory' | null
  readonly refunds: readonly { readonly refund: string; readonly amount_refunded: number }[]
  /** Missing if the shipping is not credited. */
  readonly shipping?: CreditedShipping
  readonly status: 'issued' | 'void'
  readonly voided_at: number | null
}
