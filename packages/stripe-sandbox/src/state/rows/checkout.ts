import type { Address } from './customer.ts'
import type { InvoiceSettings } from './invoice.ts'
import type { PaymentIntentRow } from './payment.ts'
import type { AnchorConfig, PendingInterval, ProrationBehavior } from './subscription.ts'
import type { AutomaticTax } from './tax.ts'

export interface SessionLine {
  readonly id: string
  readonly price: string
  readonly quantity: number
  readonly tax_rates: string[]
  /** What the customer has chosen to pay per unit; missing until then, and for prices with their own amount. */
  readonly amount?: number
  /** Between which bounds the customer can choose the quantity; missing if they can't. */
  readonly adjustable?: AdjustableQuantity
  /** The number of the optional item that the customer has added, counted from 0. */
  readonly optional?: number
}

export interface AdjustableQuantity {
  readonly minimum: number
  readonly maximum: number
}

/** Something that the customer can add to their order. */
export type OptionalItem = Pick<SessionLine, 'adjustable' | 'price' | 'quantity'>

/** Who gets a shipment, and where. */
export interface ShippingDetails {
  readonly name: string
  readonly address: Address
}

/** How a session or a payment link ships what it sells. The fields are missing if it doesn't. */
export interface Shipping {
  /** The countries that it ships to. */
  readonly shipping_countries?: string[]
  /** The shipping rates to choose from. */
  readonly shipping_rates?: string[]
}

export interface CheckoutSessionRow extends Shipping {
  readonly id: string
  readonly created: number
  readonly expires_at: number
  readonly mode: 'subscription' | 'payment' | 'setup'
  readonly status: 'open' | 'complete' | 'expired'
  readonly payment_status: 'unpaid' | 'paid' | 'no_payment_required'
  /** How customers can come back to a session that has expired; missing if they can't. */
  readonly recovery?: {
    readonly allow_promotion_codes: boolean
    /** Both are there once the session has expired. */
    readonly expires_at: number | null
    readonly token: string | null
  }
  /** The expired session that it is a copy of; missing for none. */
  readonly recovered_from?: string
  readonly allow_promotion_codes: boolean | null
  /** Missing if automatic tax is off. */
  readonly automatic_tax?: AutomaticTax | null
  readonly billing_address_collection: 'auto' | 'required' | null
  readonly cancel_url: string | null
  /** Where the hosted page leads; null for the other modes. */
  readonly success_url: string | null
  readonly ui_mode: 'hosted_page' | 'embedded_page' | 'elements' | 'form'
  /** Where the app's own page goes on. Undefined for a hosted page, or if that page stays. */
  readonly return_url?: string
  /** Undefined, and not shown, unless it is embedded. */
  readonly redirect_on_completion?: 'always' | 'if_required' | 'never'
  readonly client_secret: string | null
  readonly client_reference_id: string | null
  readonly currency: string | null
  readonly customer: string | null
  /** Whether a payment creates a customer; null for an existing one. A subscription always does. */
  readonly customer_creation: 'always' | 'if_required' | null
  readonly customer_details: {
    readonly email: string | null
    readonly name: string | null
    /** As entered on the page, or else that of the customer. Missing if the page asks for none. */
    readonly address?: Address | null
    /** The name of a business, and a phone number, as entered on the app's own page. */
    readonly business_name?: string | null
    readonly phone?: string | null
    readonly tax_ids?: { readonly type: string; readonly value: string }[]
  } | null
  readonly customer_email: string | null
  /** Whether the address and the name on the page become those of the session's customer. */
  readonly customer_update?: {
    readonly address?: 'auto' | 'never'
    readonly name?: 'auto' | 'never'
    readonly shipping?: 'auto' | 'never'
  }
  /** One at most. */
  readonly discounts: { readonly coupon: string | null; readonly promotion_code: string | null }[]
  readonly invoice: string | null
  /** What the invoice of a payment says; null if it has none. */
  readonly invoice_creation: (InvoiceSettings & { readonly metadata: Record<string, string> }) | null
  readonly lines: SessionLine[]
  readonly locale: string | null
  readonly metadata: Record<string, string>
  /** Missing if there are none. */
  readonly optional_items?: OptionalItem[]
  readonly payment_intent: string | null
  readonly payment_intent_data: Partial<
    Pick<PaymentIntentRow, 'capture_method' | 'card_capture_method' | 'description' | 'metadata' | 'setup_future_usage'>
  > & {
    /** What the payment intent only shows, such as `shipping`; missing for nothing. */
    readonly shown?: Readonly<Record<string, unknown>>
  }
  /** The payment link that it comes from; missing if there is none. */
  readonly payment_link?: string
  readonly payment_method_collection: 'always' | 'if_required'
  readonly setup_intent: string | null
  /** As entered on the page. */
  readonly shipping_details?: ShippingDetails
  /** The shipping rate that is chosen. */
  readonly shipping_rate?: string
  readonly subscription: string | null
  readonly tax_id_collection?: { readonly enabled: boolean; readonly required: 'if_supported' | 'never' }
  readonly subscription_data: {
    /** Missing if there is none. */
    readonly anchorConfig?: AnchorConfig | null
    readonly billing_cycle_anchor: number | null
    readonly billing_mode: 'classic' | 'flexible'
    readonly prorationDiscounts?: 'itemized'
    readonly default_tax_rates: string[]
    readonly description: string | null
    readonly metadata: Record<string, string>
    /** How much of the first period is sold, in seconds; missing if it is a full one. */
    readonly firstShare?: { readonly part: number; readonly whole: number } | undefined
    readonly missing_payment_method: 'cancel' | 'create_invoice' | 'pause'
    /** Missing for `create_prorations`. */
    readonly proration_behavior?: 'create_prorations' | 'none'
    readonly trial_end: number | null
    readonly pendingInterval?: PendingInterval
    readonly trial_period_days: number | null
  }
  /** Whether the subscription begins with the first attempt to pay, as before `2025-03-31.basil`. Missing if not. */
  readonly subscribesFirst?: boolean
  /** The subscription that began so; missing before the first attempt. */
  readonly started?: string
  /** A secret in the page's form, so that other sites can't submit it. */
  readonly formToken: string
  /** The page's latest payment attempt. The session shows its payment intent once it is complete. */
  readonly attempt: {
    readonly payment_intent: string | null
    readonly setup_intent: string | null
    readonly payment_method: string
    readonly email: string | null
    readonly name: string | null
  } | null
}

export interface PortalSessionRow {
  readonly id: string
  readonly created: number
  /** Seconds since 1970, by the wall clock. */
  readonly expires_at: number
  readonly configuration: string
  readonly customer: string
  readonly flow: PortalFlow | null
  readonly locale: string | null
  readonly return_url: string | null
  readonly token: string
}

export interface PortalFlow {
  readonly type:
    | 'customer_update'
    | 'payment_method_update'
    | 'subscription_cancel'
    | 'subscription_pause'
    | 'subscription_update'
    | 'subscription_update_confirm'
  readonly subscription: string | null
  readonly items: { readonly id: string; readonly price: string; readonly quantity: number }[]
  /** What a confirmed change of plan redeems; missing for nothing. */
  readonly discounts?: { readonly coupon: string | null; readonly promotion_code: string | null }[]
  /** The coupon that is offered to customers who cancel; missing for none. */
  readonly retention?: string
  readonly after_completion: {
    readonly type: 'portal_homepage' | 'redirect' | 'hosted_confirmation'
    readonly return_url: string | null
  }
}

export interface PortalConfigurationRow {
  readonly id: string
  readonly created: number
  readonly updated: number
  readonly active: boolean
  readonly is_default: boolean
  readonly default_return_url: string | null
  readonly headline: string | null
  readonly metadata: Record<string, string>
  readonly name: string | null
  /** The end of the login page's address; missing or null without one. */
  readonly token?: string | null
  readonly features: {
    /** What customers can change about themselves; missing for nothing. */
    readonly customer_update?: { readonly enabled: boolean; readonly allowed_updates: CustomerField[] }
    /** Missing if customers can't pause. */
    readonly subscription_pause?: { readonly enabled: boolean; readonly duration: PauseDuration }
    readonly invoice_history: boolean
    readonly payment_method_update: boolean
    readonly subscription_cancel: {
      readonly enabled: boolean
      readonly mode: 'at_period_end' | 'immediately'
      /** Missing for `none`. */
      readonly proration_behavior?: ProrationBehavior
    }
    /** `as_set`: the account's settings decide, as with a configuration that is managed in Stripe's Dashboard. */
    readonly subscription_update: PlanChanges | 'as_set'
  }
}

export type CustomerField = 'address' | 'email' | 'name' | 'phone' | 'shipping' | 'tax_id'

/** How long customers can pause a subscription. */
export interface PauseDuration {
  readonly type: 'indefinite' | 'interval_options'
  readonly interval_options: {
    readonly interval: 'day' | 'month' | 'week' | 'year'
    readonly interval_count: number
  }[]
}

/** Whether customers may change their plan, and to which prices they may switch. */
export interface PlanChanges {
  /** What customers may change; missing for only the price. */
  readonly allowed_updates?: ('price' | 'promotion_code' | 'quantity')[]
  readonly enabled: boolean
  /** Missing in the default configuration, which invoices prorations at once. */
  readonly proration_behavior?: ProrationBehavior
  readonly products: {
    readonly product: string
    readonly prices: string[]
    /** Shown, but the page has no quantities. Missing for none. */
    readonly adjustable_quantity?: {
      readonly enabled: boolean
      readonly maximum: number | null
      readonly minimum: number
    }
  }[]
  /** Missing for `unchanged`. */
  readonly billing_cycle_anchor?: 'now' | 'unchanged'
  /** Missing for `continue_trial`. */
  readonly trial_update_behavior?: 'continue_trial' | 'end_trial'
  /** Changes that wait for the end of the period; missing for none. */
  readonly atPeriodEnd?: ('decreasing_item_amount' | 'shortening_interval')[]
}
