import type { DeclineName } from './payment.ts'

export interface Address {
  readonly city: string | null
  readonly country: string | null
  readonly line1: string | null
  readonly line2: string | null
  readonly postal_code: string | null
  readonly state: string | null
}

export interface CustomerRow {
  readonly id: string
  readonly created: number
  readonly address: Address | null
  /** In the currency's smallest unit. A negative balance is credit, which the next invoice uses. */
  readonly balance: number
  readonly currency: string | null
  readonly default_payment_method: string | null
  readonly delinquent: boolean
  /** Of all that the customer is invoiced for; only API versions before 2025-03-31.basil can set it. */
  readonly discount?: string | null
  readonly description: string | null
  readonly email: string | null
  readonly invoice_prefix: string
  readonly metadata: Record<string, string>
  readonly name: string | null
  readonly next_invoice_sequence: number
  readonly phone: string | null
  /** How bank transfers are matched to payments; missing if it is as the account has it. */
  readonly reconciliation_mode?: 'automatic' | 'manual' | undefined
  readonly tax_exempt?: 'none' | 'exempt' | 'reverse'
  /** For taxes, if there is no address. */
  readonly tax_ip_address?: string | null
  readonly test_clock: string | null
  readonly deleted: boolean
  /** Set by the controls: the decline code for every charge; null lets charges succeed. */
  readonly failCharges: DeclineName | null
}

/** How a test card behaves. */
export interface TestCardBehaviour {
  /** The decline when it is saved or first charged, if any. */
  readonly attach: DeclineName | null
  /** The decline of every charge, if any. */
  readonly charge: DeclineName | null
  /** When the cardholder must authenticate: never, until they have done so once, or for every payment. */
  readonly authentication: 'never' | 'once' | 'always'
  /** Whether each successful payment is disputed immediately, or starts an inquiry. */
  readonly disputed: 'no' | 'dispute' | 'inquiry'
}

export interface PaymentMethodRow {
  readonly id: string
  readonly created: number
  readonly customer: string | null
  readonly metadata: Record<string, string>
  readonly billing_details: {
    readonly email: string | null
    readonly name: string | null
    readonly postal_code: string | null
    readonly country: string | null
  }
  readonly card: {
    readonly brand: string
    readonly last4: string
    readonly exp_month: number
    readonly exp_year: number
    readonly fingerprint: string
  }
  /** How this card behaves when it is charged. The sandbox never stores its number. */
  readonly behaviour: TestCardBehaviour
  /** Whether the cardholder has authenticated it for off-session payments. */
  readonly authenticated: boolean
  /** It was detached from a customer, and can't be used again. */
  readonly detached?: true
}

export interface BalanceTransactionRow {
  readonly id: string
  readonly created: number
  readonly customer: string
  /** The change of the balance; negative when credit was given. */
  readonly amount: number
  readonly credit_note: string | null
  readonly currency: string
  readonly description: string | null
  readonly ending_balance: number
  readonly invoice: string | null
  readonly metadata: Record<string, string>
  readonly type: 'adjustment' | 'applied_to_invoice' | 'credit_note' | 'unapplied_from_invoice'
}
