import { amountsOf } from '../amounts/invoice-amounts.ts'
import { useUpDiscounts } from '../discounts/end-discounts.ts'
import { emit } from '../events/emit.ts'
import { invalidRequest } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { announceDiscounts } from '../resources/announce-discounts.ts'
import { refreshEntitlements } from '../resources/entitlements.ts'
import { amountDueOf } from '../resources/invoice.ts'
import { serializeSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type {
  AnchorConfig,
  BillingSchedule,
  ItemRow,
  ItemThresholds,
  PaymentBehavior,
  ProrationBehavior,
  SubscriptionRow,
} from '../state/rows/subscription.ts'
import { configuredAnchor, monthsOf, type ConfiguredAnchor } from './anchor-config.ts'
import { announceTrialEnd } from './announce-trial-end.ts'
import { collect } from './collection.ts'
import { backdatedLines, firstLines, firstPeriod } from './first-period.ts'
import { followPayment } from './follow-payment.ts'
import {
  announceInvoice,
  defaultPayment,
  draftSubscriptionInvoice,
  finalizeInvoice,
  payWith,
  recordInvoicePayment,
} from './invoicing.ts'
import { debitOf } from './lines.ts'
import { addOneTimeItem, type OneTimeItem } from './one-time-items.ts'
import { noPaymentMethod, paymentFailed } from './payment-errors.ts'
import { paymentMethodFor } from './payment-method.ts'
import { attachItems, pendingItems, putAside, takeUp } from './pending-items.ts'
import { nextBoundary } from './periods.ts'
import { prebill } from './prebilling.ts'
import { recurringPrice } from './recurring-price.ts'

/** @see https://docs.stripe.com/billing/subscriptions/backdating */
const MAX_LINES = 250

export interface NewItem {
  readonly billing_thresholds?: ItemThresholds | undefined
  readonly price: string
  readonly quantity: number
  readonly metadata: Record<string, string>
  readonly discounts?: string[]
  readonly tax_rates?: string[]
}

export interface NewSubscription {
  readonly customer: string
  /** By default that of the prices. */
  readonly currency?: string
  readonly items: readonly NewItem[]
  /** What the first invoice bills besides the items. */
  readonly once?: readonly OneTimeItem[]
  readonly trial_end: number | null
  readonly billing_cycle_anchor: number | null
  /** The day of the month of the anchor, instead of a time. */
  readonly anchorConfig?: AnchorConfig | null
  /** When it has started, if that is in the past. */
  readonly backdate?: number | null
  readonly payment_behavior: PaymentBehavior
  readonly proration_behavior: ProrationBehavior
  /** The payment intent that was already paid on the checkout page, if any. */
  readonly paidWith: string | null
  /** When it is canceled, from its first items; missing if it is not. */
  readonly cancelAt?: ((items: readonly ItemRow[]) => number) | null
  /** How far in advance items are billed: with the first invoice, or with the next one unless it is asked for at once. */
  readonly schedules?: readonly BillingSchedule[] | undefined
  /** The parameter that has them. */
  readonly schedulesParam?: string
  readonly fields: Partial<SubscriptionRow>
}

/**
 * Creates a subscription with its first period and its first invoice, and collects the payment.
 *
 * @throws {StripeApiError} 402 with `error_if_incomplete` if the payment fails.
 * @throws {StripeApiError} 400 without a card to charge.
 * @see https://docs.stripe.com/api/subscriptions/create
 */
export function createSubscription(account: Account, given: NewSubscription): SubscriptionRow {
  const now = account.nowOf(given.customer)
  const shortest = recurringPrice(account, given.items, given.fields.billing_mode ?? 'flexible', given.currency)
  const { currency = shortest.currency } = given
  const trialEnd = given.trial_end !== null && given.trial_end > now ? given.trial_end : null
  const trialing = trialEnd !== null
  const anchored = anchorOf(account, given, { now, trialEnd })
  const subscription = insertSubscription(account, given, { now, currency, trialEnd, anchored })

  const past = subscription.items.flatMap((item) =>
    backdatedLines(account, subscription, item, given.proration_behavior),
  )
  const lines = subscription.items.flatMap((item) =>
    firstLines(account, subscription, item, { trialing, proration: given.proration_behavior }),
  )
  const { customer, proration_behavior: proration, schedules = [] } = given
  const { cancelAt } = given
  const prebilled =
    schedules.length > 0
      ? prebill(account, subscription, { cancelAt, param: given.schedulesParam, proration, schedules })
      : null
  const atOnce = proration === 'always_invoice' ? (prebilled?.lines ?? []) : []
  for (const item of given.once ?? [])
    addOneTimeItem(account, item, { customer, currency, subscription: subscription.id })
  const waiting = pendingItems(account, customer, subscription.currency, subscription.id)
  if (past.length === 0 && lines.length === 0 && waiting.length === 0)
    return startWithoutInvoice(account, subscription.id, trialing)
  const invoice = draftSubscriptionInvoice(account, subscription, {
    billing_reason: 'subscription_create',
    lines: [...past, ...lines, ...atOnce, ...takeUp(account, waiting)],
    period_start: now,
    period_end: now,
  })
  if (invoice.lines.length > MAX_LINES)
    throw invalidRequest(`An invoice can have at most ${MAX_LINES} lines, so this start date is too long ago.`, {
      param: 'backdate_start_date',
    })
  attachItems(account, waiting, invoice.id)
  const nets = amountsOf(account, invoice)
    .lines.slice(past.length)
    .map(({ net }) => net)

  const owed =
    subscription.collection_method === 'charge_automatically' &&
    amountDueOf(account, account.invoices.get(invoice.id)) > 0 &&
    given.paidWith === null
  const row = account.subscriptions.patch(subscription.id, {
    latest_invoice: invoice.id,
    items: (prebilled?.items ?? subscription.items).map((item) => ({
      ...item,
      debit: debitOf(account, subscription, item, lines, nets),
    })),
    ...(prebilled && { billing_schedules: schedules }),
    ...(prebilled && given.cancelAt && { cancel_at: given.cancelAt(prebilled.items) }),
    status: trialing ? 'trialing' : owed ? 'incomplete' : 'active',
  })
  announceDiscounts(account, null, row)
  emit(account, 'customer.subscription.created', serializeSubscription(account, row))
  refreshEntitlements(account, row.customer)
  announceInvoice(account, invoice.id)
  useUpDiscounts(account, row.id, invoice)
  if (atOnce.length === 0) for (const line of prebilled?.lines ?? []) putAside(account, customer, currency, line)
  if (trialing) announceTrialEnd(account, row.id)
  if (subscription.collection_method === 'send_invoice') {
    account.invoices.patch(invoice.id, { automatically_finalizes_at: now + account.settings.finalizeAfter })
    return account.subscriptions.get(row.id)
  }
  payFirstInvoice(account, invoice.id, given)
  return account.subscriptions.get(row.id)
}

/**
 * Starts a subscription that has only metered items. In flexible billing mode, it has no invoice until they are used.
 *
 * @see https://docs.stripe.com/billing/subscriptions/billing-mode/compare#usage-based-pricing
 */
function startWithoutInvoice(account: Account, id: string, trialing: boolean): SubscriptionRow {
  const row = account.subscriptions.patch(id, { status: trialing ? 'trialing' : 'active' })
  announceDiscounts(account, null, row)
  emit(account, 'customer.subscription.created', serializeSubscription(account, row))
  refreshEntitlements(account, row.customer)
  if (trialing) announceTrialEnd(account, id)
  return account.subscriptions.get(id)
}

function payFirstInvoice(account: Account, id: string, { payment_behavior, paidWith }: NewSubscription): void {
  if (account.isPreviewing) return
  const open = finalizeInvoice(account, id)
  if (open.status !== 'open') {
    const { subscription } = open
    if (subscription !== null && account.subscriptions.get(subscription).status === 'incomplete')
      followPayment(account, id, 'succeeded')
    return
  }
  if (paidWith !== null) {
    account.paymentIntents.patch(paidWith, { invoice: id })
    payWith(account, id, recordInvoicePayment(account, id, paidWith, account.paymentIntents.get(paidWith).amount))
    return
  }
  if (payment_behavior === 'default_incomplete') {
    const method = paymentMethodFor(account, open)
    const { payment_intent } = defaultPayment(account, id)
    account.invoices.patch(id, { next_payment_attempt: null })
    if (method !== null)
      account.paymentIntents.patch(payment_intent, { payment_method: method, status: 'requires_confirmation' })
    return
  }
  if (paymentMethodFor(account, open) === null) throw noPaymentMethod()
  const outcome = collect(account, id, { automatic: false })
  account.invoices.patch(id, { next_payment_attempt: null })
  if (payment_behavior === 'error_if_incomplete' && outcome.kind !== 'succeeded')
    throw paymentFailed(account, id, outcome)
  followPayment(account, id, outcome.kind)
}

/** When the periods of a new subscription begin: as asked for, or with the end of its trial, or now. */
function anchorOf(
  account: Account,
  { anchorConfig, billing_cycle_anchor, items }: NewSubscription,
  { now, trialEnd }: { now: number; trialEnd: number | null },
): ConfiguredAnchor {
  const months = items.flatMap(({ price }) => monthsOf(account.prices.get(price).recurring) ?? [])
  if (anchorConfig) return configuredAnchor(anchorConfig, trialEnd ?? now, Math.min(...months))
  return { billing_cycle_anchor: Math.max(billing_cycle_anchor ?? trialEnd ?? now, trialEnd ?? -Infinity) }
}

function insertSubscription(
  account: Account,
  { backdate, cancelAt, customer, items, proration_behavior, trial_end, fields }: NewSubscription,
  {
    now,
    anchored,
    currency,
    trialEnd,
  }: { now: number; anchored: ConfiguredAnchor; currency: string; trialEnd: number | null },
): SubscriptionRow {
  const start = backdate ?? now
  const placed = items.map((item): ItemRow => {
    const period = firstPeriod(account, item, { now, start, anchor: anchored.billing_cycle_anchor, trialEnd })
    return {
      ...item,
      id: newId('si', 14),
      created: now,
      current_period_start: period.start,
      current_period_end: period.end,
      debit: null,
      discounts: item.discounts ?? [],
      tax_rates: item.tax_rates ?? [],
    }
  })
  return account.subscriptions.insert({
    id: newId('sub'),
    created: now,
    start_date: start,
    customer,
    currency,
    status: 'incomplete',
    items: placed,
    ...anchored,
    billing_mode: 'flexible',
    billing_thresholds: null,
    cancel_at: cancelAt ? cancelAt(placed) : null,
    cancel_at_period_end: false,
    canceled_at: null,
    ended_at: null,
    cancellation_details: { comment: null, feedback: null, reason: null },
    collection_method: 'charge_automatically',
    days_until_due: null,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    latest_invoice: null,
    metadata: {},
    pause_collection: null,
    paused: null,
    pending_setup_intent: null,
    pending_update: null,
    save_default_payment_method: 'off',
    schedule: null,
    test_clock: account.customers.get(customer).test_clock,
    trial_start: trialEnd === null ? null : now,
    trial_end: trialEnd === null ? null : trial_end,
    ...(trialEnd !== null && proration_behavior === 'none' && { freeUntilAnchor: true }),
    missing_payment_method: 'create_invoice',
    trialEndAnnounced: false,
    ...(fields.pendingInterval && {
      nextPendingInvoice: nextBoundary(anchored.billing_cycle_anchor, fields.pendingInterval, now),
    }),
    ...fields,
  })
}
