import type { AutomaticTax, TaxabilityReason } from './tax.ts'

export interface InvoiceLine extends ItemTerms {
  readonly id: string
  readonly amount: number
  readonly description: string
  readonly metadata: Record<string, string>
  readonly period: { readonly start: number; readonly end: number }
  readonly price: string | null
  readonly product: string | null
  readonly quantity: number
  /** The price per unit of a tier's line; null for a flat amount. Missing if the price is not tiered. */
  readonly unit_amount_decimal?: string | null
  readonly proration: boolean
  readonly subscription: string | null
  readonly subscription_item: string | null
  readonly invoice_item: string | null
  readonly discountable: boolean
  readonly discounts: string[]
  /** The discounts that a proration's amount already takes into account. */
  readonly included_discounts: string[]
  readonly tax_rates: string[]
  /** For credit: the tax rates that the unused time was billed with, which count instead of all others. */
  readonly credited_tax_rates?: readonly string[]
  /** The taxes that the caller computed, which count instead of all tax rates. */
  readonly tax_amounts?: readonly LineTax[] | undefined
}

/** A tax that the caller computed. */
export interface LineTax {
  readonly tax_rate: string
  readonly amount: number
  readonly taxable_amount: number
  readonly reason?: TaxabilityReason
}

/** How an invoice item counts its units, and is taxed by location, if not as its price says. */
export interface ItemTerms {
  /** The quantity, if it has decimals. */
  readonly quantity_decimal?: string | undefined
  readonly tax_behavior?: 'exclusive' | 'inclusive' | undefined
  readonly tax_code?: string | undefined
}

/** A pending line for the next invoice of the customer or the subscription. */
export interface InvoiceItemRow extends ItemTerms {
  readonly id: string
  readonly date: number
  readonly customer: string
  readonly currency: string
  readonly amount: number
  readonly description: string
  readonly metadata: Record<string, string>
  readonly period: { readonly start: number; readonly end: number }
  readonly price: string | null
  readonly quantity: number
  readonly proration: boolean
  readonly subscription: string | null
  readonly subscription_item: string | null
  readonly invoice: string | null
  readonly test_clock: string | null
  readonly discountable: boolean
  readonly discounts: string[]
  /** The discounts that a proration's amount already takes into account. */
  readonly included_discounts: string[]
  readonly tax_rates: string[]
  /** For credit: the tax rates that the unused time was billed with, which count instead of all others. */
  readonly credited_tax_rates?: readonly string[]
}

/** What an invoice says besides its lines. What is missing comes from the customer, or is left out. */
export interface InvoiceSettings {
  /** The account's own tax ids. */
  readonly account_tax_ids?: readonly string[] | null
  readonly custom_fields?: readonly { readonly name: string; readonly value: string }[] | null
  readonly description?: string | null
  readonly footer?: string | null
}

/** Credit that a line has used, or that a draft's line would use. */
export interface AppliedCredit {
  /** The id of the line. */
  readonly line: string
  readonly amount: number
  /** The credit balance transaction; null before the invoice is finalized. */
  readonly transaction: string | null
}

export type BillingReason =
  | 'automatic_pending_invoice_item_invoice'
  | 'subscription_create'
  | 'subscription_cycle'
  | 'subscription_update'
  | 'manual'

export interface InvoiceRow {
  readonly id: string
  readonly created: number
  readonly customer: string
  readonly currency: string
  readonly status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void'
  readonly billing_reason: BillingReason
  readonly collection_method: 'charge_automatically' | 'send_invoice'
  readonly lines: InvoiceLine[]
  readonly subscription: string | null
  /** The subscription's metadata when the invoice was created. */
  readonly subscription_metadata: Record<string, string>
  readonly subscription_proration_date: number | null
  readonly period_start: number
  readonly period_end: number
  /** How the goods are shipped; missing if nothing is. */
  readonly shipping_rate?: string | null
  readonly starting_balance: number
  readonly ending_balance: number | null
  /** The amount due at finalization; null for a draft, whose amounts can still change. */
  readonly finalized_amount_due: number | null
  readonly amount_paid: number
  readonly amount_paid_off_stripe: number
  readonly account_tax_ids?: readonly string[] | null
  readonly attempt_count: number
  /** Missing if automatic tax is off. */
  readonly automatic_tax?: AutomaticTax | null
  readonly attempted: boolean
  readonly auto_advance: boolean
  readonly automatically_finalizes_at: number | null
  readonly next_payment_attempt: number | null
  readonly custom_fields?: InvoiceSettings['custom_fields']
  /** The credit for metered prices that it has used; missing before it is finalized, and without any. */
  readonly credits?: readonly AppliedCredit[]
  readonly default_payment_method: string | null
  readonly default_tax_rates: string[]
  readonly description: string | null
  readonly discounts: string[]
  /** When it takes effect; missing for when it is finalized. */
  readonly effective_at?: number | null
  /** The invoice that this one revises; missing without one. */
  readonly from_invoice?: { readonly action: 'revision'; readonly invoice: string }
  /** The invoice that revises this one; missing without one. */
  readonly latest_revision?: string
  /** What credit notes took off before payment: it is no longer due. */
  readonly pre_payment_credit_notes_amount: number
  /** What credit notes gave back after payment. */
  readonly post_payment_credit_notes_amount: number
  readonly due_date: number | null
  readonly days_until_due: number | null
  readonly footer: string | null
  readonly metadata: Record<string, string>
  readonly number: string | null
  readonly status_transitions: {
    readonly finalized_at: number | null
    readonly marked_uncollectible_at: number | null
    readonly paid_at: number | null
    readonly voided_at: number | null
  }
  readonly test_clock: string | null
  /** The number of failed automatic attempts, for the retry schedule. */
  readonly failedAttempts: number
  readonly deleted: boolean
  /** How far an unpaid invoice that was sent is past its due date; missing before it. */
  readonly overdue?: 'due' | 'given_up'
}

export interface InvoicePaymentRow {
  readonly id: string
  readonly created: number
  readonly invoice: string
  readonly currency: string
  readonly amount_requested: number
  readonly amount_paid: number | null
  readonly payment_intent: string
  readonly is_default: boolean
  readonly status: 'open' | 'paid' | 'canceled'
  readonly paid_at: number | null
  readonly canceled_at: number | null
}
