/** Credit that a customer can use for metered prices only. */
export interface CreditGrantRow {
  readonly id: string
  readonly created: number
  readonly updated: number
  /** In the currency's smallest unit. */
  readonly amount: number
  readonly currency: string
  readonly category: 'paid' | 'promotional'
  readonly customer: string
  readonly effective_at: number
  readonly expires_at: number | null
  readonly metadata: Record<string, string>
  readonly name: string | null
  /** The metered prices that it can be used for; null for all. */
  readonly prices: string[] | null
  /** From 0, the first one that is used, to 100. */
  readonly priority: number
  readonly test_clock: string | null
  readonly voided_at: number | null
}

/** A change of what is left of a grant. */
export interface CreditTransactionRow {
  readonly id: string
  readonly created: number
  readonly credit_grant: string
  readonly customer: string
  readonly effective_at: number
  /** Positive for credit, negative for a debit. */
  readonly amount: number
  readonly currency: string
  readonly reason:
    | 'credits_application_invoice_voided'
    | 'credits_applied'
    | 'credits_expired'
    | 'credits_granted'
    | 'credits_voided'
  readonly invoice: string | null
  readonly invoice_line_item: string | null
  readonly test_clock: string | null
}
