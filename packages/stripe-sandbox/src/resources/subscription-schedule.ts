import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { PauseSchedule, SchedulePhase, ScheduleRow } from '../state/rows/subscription.ts'
import type { Wire } from '../wire.ts'
import { serializeInvoiceSettings } from './subscription.ts'
import { taxRates } from './tax-rate.ts'

export function serializeSchedule(account: Account, row: ScheduleRow): Wire<Stripe.SubscriptionSchedule> {
  const now = account.nowOf(row.customer)
  const {
    nextPhase: _next,
    billing_mode: _mode,
    default_settings: defaults,
    pauseSchedule,
    prorationDiscounts: _discounts,
    ...shown
  } = row
  const phase =
    row.status === 'active'
      ? row.phases.find((candidate) => candidate.start_date <= now && now < candidate.end_date)
      : undefined
  return {
    ...shown,
    object: 'subscription_schedule',
    application: null,
    billing_mode: serializeMode(account, row),
    current_phase: phase ? { start_date: phase.start_date, end_date: phase.end_date } : null,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: serializeTax(defaults.automatic_tax ?? false),
      billing_cycle_anchor: defaults.billing_cycle_anchor ?? 'automatic',
      billing_thresholds: defaults.billing_thresholds,
      collection_method: defaults.collection_method,
      default_payment_method: defaults.default_payment_method,
      description: defaults.description,
      invoice_settings: {
        ...serializeInvoiceSettings(defaults.invoice_settings),
        days_until_due: defaults.days_until_due,
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    livemode: false,
    pause_schedules: pauseSchedule ? [serializePauses(account, row, pauseSchedule)] : [],
    phases: row.phases.map((each) => serializePhase(account, each)),
  }
}

/** A resumption that waits for its payment has succeeded once the subscription is no longer paused. */
function serializePauses(
  account: Account,
  { subscription }: ScheduleRow,
  { key, pause, resume }: PauseSchedule,
): Wire<Stripe.SubscriptionSchedule.PauseSchedule> {
  const isPaid =
    resume?.status.type === 'pending' &&
    subscription !== null &&
    account.subscriptions.get(subscription).status !== 'paused'
  return { key, pause, resume: isPaid ? { ...resume, status: { type: 'succeeded' } } : resume }
}

/** The billing mode of the subscription that the schedule has or will create. */
function serializeMode(
  account: Account,
  { billing_mode = 'flexible', prorationDiscounts: own, released_subscription, subscription }: ScheduleRow,
): Wire<Stripe.SubscriptionSchedule.BillingMode> {
  const id = subscription ?? released_subscription
  const row = id === null ? null : account.subscriptions.get(id)
  const type = row?.billing_mode ?? billing_mode
  const discounts = (row ? row.prorationDiscounts : own) ?? 'included'
  return { flexible: type === 'flexible' ? { proration_discounts: discounts } : null, type }
}

function serializeTax(enabled: boolean): Wire<Stripe.SubscriptionSchedule.DefaultSettings.AutomaticTax> {
  return { disabled_reason: null, enabled, liability: enabled ? { type: 'self' } : null }
}

function serializePhase(account: Account, phase: SchedulePhase): Wire<Stripe.SubscriptionSchedule.Phase> {
  const [first] = phase.items
  const { automatic_tax, days_until_due, invoice_settings, unsetMetadata: _unset, ...shown } = phase
  return {
    ...shown,
    add_invoice_items: (phase.add_invoice_items ?? []).map((item) => ({
      ...item,
      tax_rates: taxRates(account, item.tax_rates),
    })),
    application_fee_percent: null,
    ...(automatic_tax != null && { automatic_tax: serializeTax(automatic_tax) }),
    currency: first ? account.prices.get(first.price).currency : 'usd',
    default_tax_rates: taxRates(account, phase.default_tax_rates),
    invoice_settings:
      days_until_due === null && invoice_settings === undefined
        ? null
        : { ...serializeInvoiceSettings(invoice_settings), days_until_due, issuer: null },
    items: phase.items.map(({ quantity, ...item }) => ({
      ...item,
      // A metered price has none, and Stripe refuses one.
      ...(account.prices.get(item.price).meter === null && { quantity }),
      billing_thresholds: item.billing_thresholds ?? null,
      plan: item.price,
      tax_rates: taxRates(account, item.tax_rates),
    })),
    on_behalf_of: null,
    transfer_data: null,
  }
}
