/** Why the card's bank declined a payment. */
export interface Decline {
  readonly code: string
  readonly decline_code: string | null
  readonly message: string
}

/** The declines that a test card or the controls can ask for. */
export type DeclineName =
  | 'generic_decline'
  | 'insufficient_funds'
  | 'lost_card'
  | 'stolen_card'
  | 'expired_card'
  | 'incorrect_cvc'
  | 'processing_error'
  | 'authentication_required'

export interface PaymentIntentRow {
  readonly id: string
  readonly created: number
  readonly amount: number
  /** What an authorized payment can capture. */
  readonly amount_capturable: number
  readonly amount_received: number
  readonly canceled_at: number | null
  readonly cancellation_reason: string | null
  /** `manual` only authorizes the payment, until it is captured. */
  readonly capture_method: 'automatic' | 'automatic_async' | 'manual'
  /** What counts for cards instead; missing if nothing does. */
  readonly card_capture_method?: 'manual' | undefined
  /** `manual`: the server confirms again after the cardholder has authenticated. Missing for `automatic`. */
  readonly confirmation_method?: 'manual'
  /** Whether the cardholder has authenticated a payment that the server has to confirm again. */
  readonly authenticated?: boolean
  /** When an authorized payment is released, if it is not captured before; null unless it waits for its capture. */
  readonly capture_before: number | null
  readonly client_secret: string
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly last_error: (Decline & { readonly payment_method: string | null; readonly charge: string | null }) | null
  readonly latest_charge: string | null
  readonly metadata: Record<string, string>
  readonly payment_method: string | null
  readonly setup_future_usage: 'off_session' | 'on_session' | null
  readonly status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'requires_capture'
    | 'processing'
    | 'succeeded'
    | 'canceled'
  /** Where the authentication page sends the customer afterwards. */
  readonly return_url: string | null
  /** The invoice it pays, if any. */
  readonly invoice: string | null
  /** The checkout session it belongs to, if any. */
  readonly session: string | null
}

export interface SetupIntentRow {
  readonly id: string
  readonly created: number
  readonly client_secret: string
  readonly customer: string | null
  /** Missing without one. */
  readonly description?: string | null
  readonly last_error: (Decline & { readonly payment_method: string | null }) | null
  readonly metadata: Record<string, string>
  readonly payment_method: string | null
  readonly status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'succeeded' | 'canceled'
  readonly return_url: string | null
  readonly session: string | null
}

export interface ChargeRow {
  readonly id: string
  readonly created: number
  readonly amount: number
  readonly amount_captured: number
  readonly amount_refunded: number
  readonly balance_transaction: string | null
  readonly captured: boolean
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly disputed: boolean
  readonly failure: Decline | null
  readonly metadata: Record<string, string>
  readonly paid: boolean
  readonly payment_intent: string
  readonly payment_method: string
  readonly status: 'succeeded' | 'failed'
}

export interface RefundRow {
  readonly id: string
  readonly created: number
  readonly amount: number
  readonly balance_transaction: string | null
  readonly charge: string
  readonly currency: string
  readonly customer: string | null
  readonly metadata: Record<string, string>
  readonly payment_intent: string
  readonly reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null
  readonly status: 'succeeded' | 'failed' | 'canceled' | 'pending'
}

/** A `warning_…` status is an inquiry: the bank asks a question, and no money moves. */
export type DisputeStatus =
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost'
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'

export interface DisputeRow {
  readonly id: string
  readonly created: number
  readonly amount: number
  readonly charge: string
  readonly currency: string
  readonly customer: string | null
  readonly evidence: Record<string, string>
  readonly has_evidence: boolean
  readonly submitted: boolean
  readonly metadata: Record<string, string>
  readonly payment_intent: string
  readonly reason: string
  readonly status: DisputeStatus
  readonly balance_transactions: string[]
}

/** A change of the account's own balance. */
export interface LedgerEntryRow {
  readonly id: string
  readonly created: number
  readonly amount: number
  readonly currency: string
  readonly fee: number
  readonly description: string | null
  readonly source: string
  readonly type: 'charge' | 'refund' | 'adjustment'
}
