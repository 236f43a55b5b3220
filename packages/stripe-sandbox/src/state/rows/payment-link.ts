import type { CheckoutSessionRow, OptionalItem, SessionLine, Shipping } from './checkout.ts'

/** A page that opens a checkout session for everyone who follows its link. */
export interface PaymentLinkRow extends Shipping {
  readonly id: string
  readonly created: number
  readonly active: boolean
  readonly after_completion:
    | { readonly type: 'hosted_confirmation'; readonly custom_message: string | null }
    | { readonly type: 'redirect'; readonly url: string }
  readonly allow_promotion_codes: boolean
  /** Whether taxes are computed by the customer's location. */
  readonly automatic_tax?: boolean
  readonly billing_address_collection: 'auto' | 'required'
  /** How often it was paid. */
  readonly completed: number
  readonly currency: string
  readonly customer_creation: 'always' | 'if_required'
  readonly inactive_message: string | null
  readonly invoice_creation: CheckoutSessionRow['invoice_creation']
  /** How often it can be paid; null for any number. */
  readonly limit: number | null
  readonly lines: SessionLine[]
  readonly metadata: Record<string, string>
  /** Missing if there are none. */
  readonly optional_items?: OptionalItem[]
  readonly payment_intent_data: CheckoutSessionRow['payment_intent_data']
  readonly payment_method_collection: 'always' | 'if_required'
  readonly subscription_data: Pick<
    CheckoutSessionRow['subscription_data'],
    'description' | 'metadata' | 'missing_payment_method' | 'trial_period_days'
  >
  readonly tax_id_collection?: CheckoutSessionRow['tax_id_collection']
  /** The part of its address that can't be guessed. */
  readonly token: string
}
