import { totalOf } from '../amounts/invoice-amounts.ts'
import { discountsFor } from '../discounts/in-effect.ts'
import { emit } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { createPaymentIntent, cancelPaymentIntent } from '../payments/charge-card.ts'
import { applyBalance, serializeInvoice, serializeInvoicePayment, updateInvoice } from '../resources/invoice.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { InvoicePaymentRow, InvoiceRow, InvoiceSettings } from '../state/rows/invoice.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { computeAutomaticTax } from '../taxes/automatic-tax.ts'
import { DAY } from '../time.ts'
import { moveBalance } from './balance.ts'
import { applyCredits, reinstateCredits } from './billing-credits.ts'
import { withLateUsage } from './late-usage.ts'

export type NewInvoice = Pick<InvoiceRow, 'customer' | 'currency' | 'billing_reason' | 'lines'> & Partial<InvoiceRow>

/** Creates a draft without its event, which comes after the subscription's: see {@link announceInvoice}. */
export function draftInvoice(account: Account, given: NewInvoice): InvoiceRow {
  const customer = account.customers.get(given.customer)
  const created = account.nowOf(given.customer)
  const defaults = customerDefaults(account, customer.id)
  return account.invoices.insert({
    id: newId('in'),
    created,
    status: 'draft',
    collection_method: 'charge_automatically',
    subscription: null,
    subscription_metadata: {},
    subscription_proration_date: null,
    period_start: created,
    period_end: created,
    starting_balance: 0,
    ending_balance: null,
    finalized_amount_due: null,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatically_finalizes_at: null,
    next_payment_attempt: null,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    pre_payment_credit_notes_amount: 0,
    post_payment_credit_notes_amount: 0,
    due_date: null,
    days_until_due: null,
    footer: defaults?.footer ?? null,
    ...(defaults?.custom_fields && { custom_fields: defaults.custom_fields }),
    metadata: {},
    number: null,
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    test_clock: customer.test_clock,
    failedAttempts: 0,
    deleted: false,
    ...given,
  })
}

/** What a customer's invoices say by default. It is only shown otherwise, so it is kept beside the row. */
const customerDefaults = (account: Account, id: string): InvoiceSettings | undefined =>
  account.echoes.find(id)?.fields['invoice_settings'] as InvoiceSettings | undefined

/** Creates a draft that bills a subscription. */
export function draftSubscriptionInvoice(
  account: Account,
  subscription: SubscriptionRow,
  given: Pick<InvoiceRow, 'billing_reason' | 'lines' | 'period_start' | 'period_end'> & Partial<InvoiceRow>,
): InvoiceRow {
  return draftInvoice(account, {
    customer: subscription.customer,
    currency: subscription.currency,
    collection_method: subscription.collection_method,
    days_until_due: subscription.days_until_due,
    automatic_tax:
      subscription.automatic_tax === 'enabled' ? computeAutomaticTax(account, subscription.customer) : null,
    default_tax_rates: subscription.default_tax_rates,
    ...subscription.invoice_settings,
    description: subscription.invoice_settings?.description ?? subscription.description,
    discounts: discountsFor(account, subscription, account.nowOf(subscription.customer)),
    subscription: subscription.id,
    subscription_metadata: subscription.metadata,
    ...given,
  })
}

export function announceInvoice(account: Account, id: string): void {
  emit(account, 'invoice.created', serializeInvoice(account, account.invoices.get(id)))
}

/**
 * Turns a draft into an open invoice: assigns its number, fixes its amounts and applies the customer's balance. If
 * nothing is due, the invoice is paid at once, without a payment.
 *
 * @see https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
export function finalizeInvoice(account: Account, id: string): InvoiceRow {
  const draft = applyCredits(account, withFinalTaxes(account, withLateUsage(account, account.invoices.get(id))))
  const customer = account.customers.get(draft.customer)
  const now = account.nowOf(draft.customer)
  const { due, ending } = applyBalance(totalOf(account, draft), customer.balance, draft.currency)
  const own = draft.number !== null
  const number = draft.number ?? `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`
  account.customers.patch(customer.id, {
    next_invoice_sequence: customer.next_invoice_sequence + (own ? 0 : 1),
    currency: customer.currency ?? draft.currency,
  })

  account.invoices.patch(id, {
    status: 'open',
    number,
    starting_balance: customer.balance,
    ending_balance: ending,
    finalized_amount_due: due,
    automatically_finalizes_at: null,
    due_date:
      draft.collection_method === 'send_invoice' ? (draft.due_date ?? now + (draft.days_until_due ?? 30) * DAY) : null,
    next_payment_attempt:
      draft.collection_method === 'charge_automatically' && draft.auto_advance && due > 0 ? now : null,
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  })
  const moved = ending - customer.balance
  if (moved !== 0)
    moveBalance(account, customer.id, {
      amount: moved,
      currency: draft.currency,
      type: 'applied_to_invoice',
      invoice: id,
    })

  emit(account, 'invoice.finalized', serializeInvoice(account, account.invoices.get(id)))
  if (draft.from_invoice) voidInvoice(account, draft.from_invoice.invoice)
  if (due === 0) return markPaid(account, id, { amount: 0 })
  if (draft.collection_method === 'send_invoice')
    emit(account, 'invoice.sent', serializeInvoice(account, account.invoices.get(id)))
  return account.invoices.get(id)
}

/**
 * Computes the taxes of a draft from where the customer is now. If that is unknown, automatic tax is turned off, and the
 * invoice has no taxes.
 *
 * @see node_modules/stripe/esm/resources/Invoices.d.ts, `Invoice.AutomaticTax.disabled_reason`
 */
function withFinalTaxes(account: Account, draft: InvoiceRow): InvoiceRow {
  if (draft.automatic_tax?.disabled !== null) return draft
  const tax = computeAutomaticTax(account, draft.customer)
  if (tax.status === 'complete') return account.invoices.patch(draft.id, { automatic_tax: tax })
  const isUnknown = tax.status === 'requires_location_inputs'
  if (isUnknown && draft.subscription !== null)
    updateSubscription(account, draft.subscription, { automatic_tax: 'requires_location_inputs' })
  return account.invoices.patch(draft.id, {
    automatic_tax: {
      ...tax,
      disabled: isUnknown ? 'finalization_requires_location_inputs' : 'finalization_system_error',
    },
  })
}

/** The default payment of an open invoice, created on first use. */
export function defaultPayment(account: Account, id: string): InvoicePaymentRow {
  const open = account.invoicePayments
    .by('invoice', id)
    .find((payment) => payment.is_default && payment.status === 'open')
  if (open) return open
  const invoice = account.invoices.get(id)
  const amount = (invoice.finalized_amount_due ?? 0) - invoice.amount_paid
  const { id: payment_intent } = createPaymentIntent(account, {
    amount,
    currency: invoice.currency,
    customer: invoice.customer,
    description: invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    invoice: id,
    ...(invoice.subscription !== null && { setup_future_usage: 'off_session' }),
  })
  return recordInvoicePayment(account, id, payment_intent, amount)
}

export function recordInvoicePayment(
  account: Account,
  invoiceId: string,
  payment_intent: string,
  amount: number,
): InvoicePaymentRow {
  const invoice = account.invoices.get(invoiceId)
  return account.invoicePayments.insert({
    id: newId('inpay'),
    created: account.nowOf(invoice.customer),
    invoice: invoiceId,
    currency: invoice.currency,
    amount_requested: amount,
    amount_paid: null,
    payment_intent,
    is_default: true,
    status: 'open',
    paid_at: null,
    canceled_at: null,
  })
}

/** Pays an invoice with a payment that has succeeded. */
export function payWith(account: Account, invoiceId: string, payment: InvoicePaymentRow): InvoiceRow {
  const paid_at = account.nowOf(account.invoices.get(invoiceId).customer)
  account.invoicePayments.patch(payment.id, { status: 'paid', amount_paid: payment.amount_requested, paid_at })
  return markPaid(account, invoiceId, { amount: payment.amount_requested, payment: payment.id })
}

/**
 * Marks an invoice as paid and emits its events.
 *
 * @param options.payment missing if nothing was due, or if the invoice was paid outside of Stripe.
 */
export function markPaid(
  account: Account,
  id: string,
  { amount, payment, offStripe = false }: { amount: number; payment?: string; offStripe?: boolean },
): InvoiceRow {
  const open = account.invoices.get(id)
  const row = updateInvoice(account, id, {
    status: 'paid',
    amount_paid: open.amount_paid + amount,
    amount_paid_off_stripe: offStripe ? amount : 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...open.status_transitions, paid_at: account.nowOf(open.customer) },
  })
  if (payment) emit(account, 'invoice_payment.paid', serializeInvoicePayment(account.invoicePayments.get(payment)))
  const shown = serializeInvoice(account, row)
  emit(account, 'invoice.paid', shown)
  emit(account, 'invoice.payment_succeeded', shown)
  return row
}

/** Voids an open invoice: nothing is owed for it, and the customer gets back the balance that it used. */
export function voidInvoice(account: Account, id: string): InvoiceRow {
  const open = account.invoices.get(id)
  const row = account.invoices.patch(id, {
    status: 'void',
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...open.status_transitions, voided_at: account.nowOf(open.customer) },
  })
  emit(account, 'invoice.voided', serializeInvoice(account, row))
  reinstateCredits(account, row)
  const used = open.starting_balance - (open.ending_balance ?? open.starting_balance)
  if (used !== 0)
    moveBalance(account, open.customer, {
      amount: used,
      currency: open.currency,
      type: 'unapplied_from_invoice',
      invoice: id,
    })
  cancelOpenPayments(account, id, 'void_invoice')
  return row
}

export function markUncollectible(account: Account, id: string): InvoiceRow {
  const open = account.invoices.get(id)
  const row = account.invoices.patch(id, {
    status: 'uncollectible',
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...open.status_transitions, marked_uncollectible_at: account.nowOf(open.customer) },
  })
  emit(account, 'invoice.marked_uncollectible', serializeInvoice(account, row))
  return row
}

/** Cancels the open payments of an invoice that can no longer be paid with them. */
export function cancelOpenPayments(account: Account, id: string, reason: string): void {
  const canceled_at = account.nowOf(account.invoices.get(id).customer)
  for (const payment of account.invoicePayments.by('invoice', id).filter((candidate) => candidate.status === 'open')) {
    account.invoicePayments.patch(payment.id, { status: 'canceled', canceled_at })
    cancelPaymentIntent(account, payment.payment_intent, reason)
  }
}
