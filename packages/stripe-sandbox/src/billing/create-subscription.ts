import { amountsOf } from '../amounts/invoice-amounts.ts'
import { useUpDiscounts } from '../discounts/end-discounts.ts'
import { emit } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { prorate, toStep } from '../money.ts'
import { announceDiscounts } from '../resources/announce-discounts.ts'
import { refreshEntitlements } from '../resources/entitlements.ts'
import { amountDueOf } from '../resources/invoice.ts'
import { serializeSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceLine } from '../state/rows/invoice.ts'
import type { ItemRow, PaymentBehavior, ProrationBehavior, SubscriptionRow } from '../state/rows/subscription.ts'
import { announceTrialEnd } from './announce-trial-end.ts'
import { collect } from './collection.ts'
import { followPayment } from './follow-payment.ts'
import {
  announceInvoice,
  defaultPayment,
  draftSubscriptionInvoice,
  finalizeInvoice,
  payWith,
  recordInvoicePayment,
} from './invoicing.ts'
import { debitOf, periodLines, untilCancellation } from './lines.ts'
import { addOneTimeItem, type OneTimeItem } from './one-time-items.ts'
import { noPaymentMethod, paymentFailed } from './payment-errors.ts'
import { paymentMethodFor } from './payment-method.ts'
import { attachItems, pendingItems, takeUp } from './pending-items.ts'
import { boundary, periodAround } from './periods.ts'
import { recurrenceOf, recurringPrice } from './recurring-price.ts'

export interface NewItem {
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
  readonly payment_behavior: PaymentBehavior
  readonly proration_behavior: ProrationBehavior
  /** The payment intent that was already paid on the checkout page, if any. */
  readonly paidWith: string | null
  /** When it is canceled, from its first items; missing if it is not. */
  readonly cancelAt?: ((items: readonly ItemRow[]) => number) | null
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
  const anchor = trialEnd ?? given.billing_cycle_anchor ?? now
  const subscription = insertSubscription(account, given, { now, anchor, currency, trialing })

  const lines = subscription.items.flatMap((item) =>
    firstLines(account, subscription, item, { trialing, proration: given.proration_behavior }),
  )
  const { customer } = given
  for (const item of given.once ?? [])
    addOneTimeItem(account, item, { customer, currency, subscription: subscription.id })
  const waiting = pendingItems(account, customer, subscription.currency, subscription.id)
  if (lines.length === 0 && waiting.length === 0) return startWithoutInvoice(account, subscription.id, trialing)
  const invoice = draftSubscriptionInvoice(account, subscription, {
    billing_reason: 'subscription_create',
    lines: [...lines, ...takeUp(account, waiting)],
    period_start: now,
    period_end: now,
  })
  attachItems(account, waiting, invoice.id)
  const nets = amountsOf(account, invoice).lines.map(({ net }) => net)

  const owed =
    subscription.collection_method === 'charge_automatically' &&
    amountDueOf(account, account.invoices.get(invoice.id)) > 0 &&
    given.paidWith === null
  const row = account.subscriptions.patch(subscription.id, {
    latest_invoice: invoice.id,
    items: subscription.items.map((item) => ({ ...item, debit: debitOf(account, subscription, item, lines, nets) })),
    status: trialing ? 'trialing' : owed ? 'incomplete' : 'active',
  })
  announceDiscounts(account, null, row)
  emit(account, 'customer.subscription.created', serializeSubscription(account, row))
  refreshEntitlements(account, row.customer)
  announceInvoice(account, invoice.id)
  useUpDiscounts(account, row.id, invoice)
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

function insertSubscription(
  account: Account,
  { cancelAt, customer, items, trial_end, fields }: NewSubscription,
  { now, anchor, currency, trialing }: { now: number; anchor: number; currency: string; trialing: boolean },
): SubscriptionRow {
  const placed = items.map((item): ItemRow => ({
    ...item,
    id: newId('si', 14),
    created: now,
    current_period_start: now,
    // A trial, and the time up to a later anchor, is one period for all items.
    current_period_end: trialing || anchor > now ? anchor : boundary(anchor, recurrenceOf(account, item), 1),
    debit: null,
    discounts: item.discounts ?? [],
    tax_rates: item.tax_rates ?? [],
  }))
  return account.subscriptions.insert({
    id: newId('sub'),
    created: now,
    start_date: now,
    customer,
    currency,
    status: 'incomplete',
    items: placed,
    billing_cycle_anchor: anchor,
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
    trial_start: trialing ? now : null,
    trial_end: trialing ? trial_end : null,
    missing_payment_method: 'create_invoice',
    trialEndAnnounced: false,
    ...fields,
  })
}

/**
 * The lines of a first period. Up to a later anchor it is shorter and costs its share, or nothing without prorations.
 */
function firstLines(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  { trialing, proration }: { trialing: boolean; proration: ProrationBehavior },
): InvoiceLine[] {
  const lines = periodLines(account, subscription, item, { trial: trialing })
  const { recurring } = account.prices.get(item.price)
  if (trialing || !recurring) return lines
  const { billing_cycle_anchor: anchor, currency } = subscription
  const { current_period_start: start, current_period_end: end } = item
  const whole = periodAround(anchor, recurring, start)
  return lines.map((line) => {
    const cut = proration === 'none' ? null : untilCancellation(subscription, line)
    if (cut) return cut
    if (anchor <= start) return line
    const share = prorate(line.amount, end - start, whole.end - whole.start)
    return { ...line, amount: proration === 'none' ? 0 : toStep(share, currency), proration: true }
  })
}
