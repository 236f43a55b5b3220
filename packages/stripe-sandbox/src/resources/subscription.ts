import type Stripe from 'stripe'
import { emitUpdated } from '../events/emit.ts'
import type { Account } from '../state/account.ts'
import { billedUntil } from '../state/billed-until.ts'
import type { InvoiceSettings } from '../state/rows/invoice.ts'
import type { ItemRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { embeddedList, type Wire } from '../wire.ts'
import { announceDiscounts } from './announce-discounts.ts'
import { refreshEntitlements } from './entitlements.ts'
import { serializePlan, serializePrice } from './price.ts'
import { taxRates } from './tax-rate.ts'

export function serializeSubscription(account: Account, row: SubscriptionRow): Wire<Stripe.Subscription> {
  const {
    anchorConfig,
    billing_mode,
    billing_schedules = [],
    freeUntilAnchor: _free,
    invoice_settings,
    migrated,
    missing_payment_method,
    nextPendingInvoice,
    paused,
    pendingInterval,
    save_default_payment_method,
    prorateCancellation: _prorates,
    prorationDiscounts = 'included',
    trialEndAnchor,
    trialEndAnnounced: _announced,
    ...shown
  } = row
  return {
    ...shown,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: serializeAutomaticTax(row.automatic_tax),
    ...serializeAnchor(row.billing_cycle_anchor, anchorConfig),
    billing_mode: {
      flexible: billing_mode === 'flexible' ? { proration_discounts: prorationDiscounts } : null,
      type: billing_mode,
      ...(migrated !== undefined && { updated_at: migrated }),
    },
    billing_schedules: billing_schedules.map(({ applies_to, ...schedule }) => ({
      ...schedule,
      applies_to: applies_to && [...applies_to],
    })),
    cancellation_details: { ...row.cancellation_details, feedback_option: null },
    customer_account: null,
    default_source: null,
    default_tax_rates: taxRates(account, row.default_tax_rates),
    invoice_settings: serializeInvoiceSettings(invoice_settings),
    items: embeddedList(
      `/v1/subscription_items?subscription=${row.id}`,
      row.items.map((item) => serializeItem(account, row.id, item)),
    ),
    livemode: false,
    managed_payments: { enabled: false },
    next_pending_invoice_item_invoice: nextPendingInvoice ?? null,
    on_behalf_of: null,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method },
    pending_invoice_item_interval: pendingInterval ?? null,
    pending_update: row.pending_update && {
      billing_cycle_anchor: row.pending_update.billing_cycle_anchor,
      cancel_at_period_end: null,
      discount: null,
      discounts: row.pending_update.discounts,
      expires_at: row.pending_update.expires_at,
      metadata: null,
      subscription_items: row.pending_update.items?.map((item) => serializeItem(account, row.id, item)) ?? null,
      trial_end: row.pending_update.trial_end,
      trial_from_plan: null,
    },
    ...(paused && {
      status_details: {
        paused: { subscription: { type: paused.reason }, transitioned_at: paused.at, type: 'subscription' },
      },
    }),
    transfer_data: null,
    trial_settings: { end_behavior: { billing_cycle_anchor: trialEndAnchor ?? null, missing_payment_method } },
  }
}

/** The anchor, and the day of the month that it comes from unless it was moved since. */
function serializeAnchor(
  billing_cycle_anchor: number,
  config: SubscriptionRow['anchorConfig'],
): Pick<Wire<Stripe.Subscription>, 'billing_cycle_anchor' | 'billing_cycle_anchor_config'> {
  if (config?.from !== billing_cycle_anchor) return { billing_cycle_anchor, billing_cycle_anchor_config: null }
  const { first, from: _from, shown = first, ...billing_cycle_anchor_config } = config
  return { billing_cycle_anchor: shown, billing_cycle_anchor_config }
}

/** What the invoices of a subscription or a phase say. */
export const serializeInvoiceSettings = ({
  account_tax_ids,
  custom_fields,
  description,
  footer,
}: InvoiceSettings = {}) => ({
  account_tax_ids: account_tax_ids ? [...account_tax_ids] : null,
  custom_fields: custom_fields ? [...custom_fields] : null,
  description: description ?? null,
  footer: footer ?? null,
  issuer: { type: 'self' as const },
})

function serializeAutomaticTax(tax: SubscriptionRow['automatic_tax']): Wire<Stripe.Subscription.AutomaticTax> {
  return {
    disabled_reason: tax === 'requires_location_inputs' ? tax : null,
    enabled: tax === 'enabled',
    liability: tax === 'enabled' ? { type: 'self' } : null,
  }
}

export function serializeItem(account: Account, subscription: string, row: ItemRow): Wire<Stripe.SubscriptionItem> {
  const { ahead, debit: _debit, price: priceId, quantity, usageFrom: _from, ...shown } = row
  const price = account.prices.get(priceId)
  return {
    ...shown,
    ...(price.meter === null && { quantity }),
    object: 'subscription_item',
    ...(ahead && { billed_until: billedUntil(row) }),
    billing_thresholds: row.billing_thresholds ?? null,
    current_trial: null,
    plan: serializePlan(price),
    price: serializePrice(price),
    subscription,
    tax_rates: taxRates(account, row.tax_rates),
  }
}

/** Changes a subscription, and emits `customer.subscription.updated` if the API object changed. */
export function updateSubscription(account: Account, id: string, changes: Partial<SubscriptionRow>): SubscriptionRow {
  const before = serializeSubscription(account, account.subscriptions.get(id))
  const old = account.subscriptions.get(id)
  const row = account.subscriptions.patch(id, changes)
  announceDiscounts(account, old, row)
  emitUpdated(account, 'customer.subscription.updated', before, serializeSubscription(account, row))
  refreshEntitlements(account, row.customer)
  return row
}
