import type { InvoiceSettings } from './invoice.ts'

export type SubscriptionStatus =
  | 'incomplete'
  | 'incomplete_expired'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'canceled'
  | 'unpaid'
  | 'paused'
export type PaymentBehavior =
  | 'allow_incomplete'
  | 'default_incomplete'
  | 'error_if_incomplete'
  | 'pending_if_incomplete'
export type ProrationBehavior = 'create_prorations' | 'always_invoice' | 'none'

/** What a customer was last billed for an item, and for which period. Credit for unused time is computed from it. */
export interface Debit {
  /** After discounts, without exclusive tax. */
  readonly amount: number
  /** The tax rates that it was billed with. Missing in rows of older state files. */
  readonly tax_rates?: readonly string[]
  readonly start: number
  readonly end: number
}

export interface ItemRow {
  readonly id: string
  readonly created: number
  readonly price: string
  readonly quantity: number
  readonly metadata: Record<string, string>
  readonly current_period_start: number
  readonly current_period_end: number
  readonly debit: Debit | null
  readonly discounts: string[]
  readonly tax_rates: string[]
  /** Since when a metered item's usage counts, if not since its period began. */
  readonly usageFrom?: number
  /** Shown, but never reached. Missing without one. */
  readonly billing_thresholds?: ItemThresholds | undefined
  /** What was billed in advance for later periods, in their order. Empty in the last of them. Missing without any. */
  readonly ahead?: readonly Debit[] | undefined
}

/** Until when some items are billed in advance. */
export interface BillingSchedule {
  readonly key: string
  /** The items by their price; null for all that are not metered. */
  readonly applies_to: readonly { readonly price: string; readonly type: 'price' }[] | null
  readonly bill_until: {
    readonly computed_timestamp: number
    readonly duration: PendingInterval | null
    readonly timestamp: number | null
    readonly type: 'duration' | 'timestamp'
  }
}

/** How much usage would send an invoice before the period ends. */
export interface ItemThresholds {
  readonly usage_gte: number
}

/** How often a subscription's pending invoice items are billed, besides its renewals. */
export interface PendingInterval {
  readonly interval: 'day' | 'week' | 'month' | 'year'
  readonly interval_count: number
}

export interface PendingUpdate {
  readonly expires_at: number
  readonly items: ItemRow[] | null
  readonly billing_cycle_anchor: number | null
  readonly trial_end: number | null
  /** The subscription's new discounts; null keeps them. */
  readonly discounts: string[] | null
  /** The invoice whose payment applies the update. */
  readonly invoice: string
}

export interface CancellationDetails {
  readonly comment: string | null
  readonly feedback: string | null
  readonly reason: 'cancellation_requested' | 'payment_failed' | 'payment_disputed' | null
}

/** When an invoice would be sent before the period ends. Simplified: shown, but never reached. */
export interface BillingThresholds {
  readonly amount_gte: number | null
  readonly reset_billing_cycle_anchor: boolean | null
}

/** The day of the month that a subscription's periods begin on, and what is left open about its time. */
export interface AnchorConfig {
  readonly day_of_month: number
  readonly hour: number | null
  readonly minute: number | null
  readonly month: number | null
  readonly second: number | null
}

export interface SubscriptionRow {
  readonly id: string
  readonly created: number
  readonly start_date: number
  readonly customer: string
  readonly currency: string
  readonly status: SubscriptionStatus
  readonly items: ItemRow[]
  /** How taxes are computed by location; missing if they are not. */
  readonly automatic_tax?: 'enabled' | 'requires_location_inputs'
  readonly billing_cycle_anchor: number
  /**
   * The day of the month that the anchor comes from; missing if there is none. It counts while the anchor is `from`.
   * The first full invoice is at `first`. The anchor that is shown is `shown`, or else `first`.
   */
  readonly anchorConfig?: AnchorConfig & { readonly from: number; readonly first: number; readonly shown?: number }
  readonly billing_mode: 'classic' | 'flexible'
  /** When it was migrated to flexible billing; missing if it was not. */
  readonly migrated?: number
  /** Whether prorations show their discounts. Only shown. Missing for `included`. */
  readonly prorationDiscounts?: 'itemized'
  /** Missing without any. */
  readonly billing_schedules?: readonly BillingSchedule[]
  readonly billing_thresholds: BillingThresholds | null
  readonly cancel_at: number | null
  readonly cancel_at_period_end: boolean
  readonly canceled_at: number | null
  readonly ended_at: number | null
  readonly cancellation_details: CancellationDetails
  readonly collection_method: 'charge_automatically' | 'send_invoice'
  readonly days_until_due: number | null
  readonly default_payment_method: string | null
  readonly default_tax_rates: string[]
  readonly description: string | null
  readonly discounts: string[]
  /** How its invoices look; missing for the defaults. */
  readonly invoice_settings?: InvoiceSettings
  readonly latest_invoice: string | null
  readonly metadata: Record<string, string>
  readonly pause_collection: {
    readonly behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void'
    readonly resumes_at: number | null
  } | null
  readonly paused: {
    readonly reason: 'pause_requested' | 'trial_end_without_payment_method'
    readonly at: number
    /** The unpaid invoice that resumes it until it `expires`, and the periods that it bills; missing without one. */
    readonly resumption?: Pick<SubscriptionRow, 'billing_cycle_anchor' | 'items'> & {
      readonly expires?: number
      readonly invoice: string
      readonly onSuccessOnly?: boolean
    }
  } | null
  readonly pending_setup_intent: string | null
  readonly pending_update: PendingUpdate | null
  readonly save_default_payment_method: 'off' | 'on_subscription'
  readonly schedule: string | null
  readonly test_clock: string | null
  readonly trial_start: number | null
  readonly trial_end: number | null
  readonly missing_payment_method: 'cancel' | 'create_invoice' | 'pause'
  /** Whether a scheduled cancellation in mid-period gives credit: the proration behavior of the request that set it. */
  readonly prorateCancellation?: boolean
  /** Missing if pending invoice items wait for the next invoice. */
  readonly pendingInterval?: PendingInterval | undefined
  readonly nextPendingInvoice?: number | undefined
  /** What happens to the anchor when a trial ends. Missing if the caller didn't say. */
  readonly trialEndAnchor?: 'now' | 'unchanged'
  /** Whether the time from the end of the trial to the anchor is free. */
  readonly freeUntilAnchor?: boolean
  /** Whether `trial_will_end` was sent. */
  readonly trialEndAnnounced: boolean
}

/** How a schedule sets up its subscription. In a phase, null means: as in the schedule's default settings. */
export interface ScheduleSettings {
  /** Whether taxes are computed by location. Missing in rows of older state files. */
  readonly automatic_tax?: boolean | null
  readonly billing_cycle_anchor: 'automatic' | 'phase_start' | null
  readonly billing_thresholds: BillingThresholds | null
  readonly collection_method: 'charge_automatically' | 'send_invoice' | null
  readonly days_until_due: number | null
  readonly default_payment_method: string | null
  readonly description: string | null
  /** Missing if it names none. */
  readonly invoice_settings?: InvoiceSettings
}

/** A discount of a phase: exactly one of the three is set. */
export interface PhaseDiscount {
  readonly coupon: string | null
  readonly discount: string | null
  readonly promotion_code: string | null
}

export interface PhaseItem {
  readonly price: string
  readonly quantity: number
  readonly metadata: Record<string, string>
  readonly discounts: PhaseDiscount[]
  readonly tax_rates: string[]
  readonly billing_thresholds?: ItemThresholds | undefined
}

/** When the period of an added invoice item begins and ends, seen from the items of its subscription. */
export interface AddedPeriod {
  readonly start: {
    readonly type: 'max_item_period_start' | 'now' | 'phase_start' | 'timestamp'
    readonly timestamp?: number
  }
  readonly end: { readonly type: 'min_item_period_end' | 'phase_end' | 'timestamp'; readonly timestamp?: number }
}

/** What a phase adds to its next invoice. */
export interface PhaseInvoiceItem {
  readonly price: string
  readonly quantity: number
  readonly discountable: boolean
  readonly discounts: PhaseDiscount[]
  readonly metadata: Record<string, string>
  readonly period: AddedPeriod
  readonly tax_rates: string[]
}

export interface SchedulePhase extends ScheduleSettings {
  readonly start_date: number
  readonly end_date: number
  /** Missing if there are none. */
  readonly add_invoice_items?: readonly PhaseInvoiceItem[]
  readonly default_tax_rates: string[]
  readonly discounts: PhaseDiscount[]
  readonly items: PhaseItem[]
  readonly metadata: Record<string, string>
  /** The keys that the phase removes from the subscription's metadata. */
  readonly unsetMetadata: string[]
  readonly proration_behavior: ProrationBehavior
  readonly trial_end: number | null
}

/** When a schedule pauses its subscription, and when it resumes it. */
export interface PauseSchedule {
  readonly key: string
  readonly pause: {
    readonly pause_at: number
    /** Null for a pause that was there before. */
    readonly settings: {
      readonly bill_for: {
        readonly outstanding_usage_through: { readonly type: 'none' | 'pause_at' }
        readonly unused_time_from: { readonly type: 'item_current_period_start' | 'none' | 'pause_at' }
      }
      readonly invoicing_behavior: 'invoice' | 'pending_invoice_item'
      readonly type: 'subscription'
    } | null
    readonly status: PauseStatus<'error' | 'scheduled' | 'succeeded'>
  }
  readonly resume: {
    readonly resume_at: number
    readonly settings: {
      readonly billing_cycle_anchor: 'resume_at' | 'unchanged'
      readonly payment_behavior: 'resume_on_payment_attempt' | 'resume_on_payment_success'
      readonly proration_behavior: ProrationBehavior
    }
    readonly status: PauseStatus<'error' | 'pending' | 'scheduled' | 'succeeded'>
  } | null
}

interface PauseStatus<Type> {
  readonly type: Type
  readonly error?: { readonly code?: string; readonly message: string }
}

export interface ScheduleRow {
  readonly id: string
  /** That of the subscription that it will create. Missing for flexible billing. */
  readonly billing_mode?: SubscriptionRow['billing_mode']
  readonly prorationDiscounts?: 'itemized'
  readonly created: number
  readonly customer: string
  readonly subscription: string | null
  readonly released_subscription: string | null
  readonly status: 'not_started' | 'active' | 'completed' | 'released' | 'canceled'
  /** The index of the next phase; after the last phase, the schedule ends. */
  readonly nextPhase: number | null
  readonly phases: SchedulePhase[]
  readonly default_settings: ScheduleSettings
  readonly end_behavior: 'release' | 'cancel'
  readonly metadata: Record<string, string>
  /** Missing without one. */
  readonly pauseSchedule?: PauseSchedule | undefined
  readonly canceled_at: number | null
  readonly completed_at: number | null
  readonly released_at: number | null
  readonly test_clock: string | null
}
