import { untaxed, type PaymentStatus, type ProviderInvoice, type ProviderPayment } from '../payment-provider.ts'
import type { PaymobTransaction } from './api/answers.ts'
import type { PaymobApi } from './api/paymob-api.ts'
import { providerError } from './api/paymob-error.ts'
import type { PaymobCalendar } from './dates.ts'
import {
  hasEnded,
  isPaid,
  loadLedger,
  nextTryOf,
  presentPrice,
  returnedOf,
  type Attempts,
  type Ledger,
} from './ledger.ts'
import { isCardCheck, readReference } from './references.ts'

/**
 * The invoices of a subscription, newest first. Paymob has only payments. All attempts to collect one renewal are one
 * invoice, named after the first one, so that a renewal that fails and recovers is paid, not failed and paid. A payment
 * that only checks the card is none.
 */
export function invoicesOf(ledger: Ledger, calendar: PaymobCalendar): ProviderInvoice[] {
  const { origin, first, renewals, changes, surplus } = ledger
  const invoices = [
    ...(origin && isCardCheck(origin) ? [] : [invoiceOf(ledger, calendar, [first], 'subscription_create')]),
    ...renewals.map((attempts) => invoiceOf(ledger, calendar, attempts, 'subscription_cycle')),
    ...changes.map((payment) => invoiceOf(ledger, calendar, [payment], 'subscription_update')),
    ...surplus.map((payment) => invoiceOf(ledger, calendar, [payment], 'other')),
  ]
  return invoices.toSorted((one, other) => Number(other.id) - Number(one.id))
}

function invoiceOf(
  ledger: Ledger,
  calendar: PaymobCalendar,
  attempts: Attempts,
  reason: ProviderInvoice['reason'],
): ProviderInvoice {
  const [begun] = attempts
  const last = attempts.at(-1) ?? begun
  const createdAt = calendar.readStamp(begun.created_at)
  const reference = readReference(last.order.merchant_order_id)
  return {
    id: begun.id,
    customerId: customerOf(ledger),
    subscriptionId: ledger.subscription.id,
    status: statusOf(ledger, attempts),
    isAttempted: !last.pending,
    reason,
    amountCents: last.amount_cents,
    ...untaxed(last.amount_cents),
    chargedCents: last.amount_cents,
    includedTaxCents: 0,
    currency: last.currency,
    paymentId: last.id,
    priceIds: [reference?.kind === 'change' ? reference.priceId : presentPrice(ledger).priceId],
    url: null,
    number: last.order.id,
    pdfUrl: null,
    createdAt,
    finalizedAt: createdAt,
    dueAt: null,
    nextAttemptAt: attempts === ledger.period.renewal ? nextTryOf(ledger, calendar) : null,
  }
}

function statusOf(ledger: Ledger, attempts: Attempts): ProviderInvoice['status'] {
  const { subscription, period } = ledger
  if (isPaid(attempts)) return 'paid'
  if (attempts.at(-1)?.pending) return 'open'
  // Paymob never tries it again.
  if (hasEnded(subscription)) return 'canceled'
  // The period that it is for still runs. After that, the next renewal is what counts.
  return attempts === period.renewal ? 'open' : 'uncollectible'
}

/** Paymob has no customers. A subscription that was not bought on our checkout page has no customer here. */
export const customerOf = ({ origin }: Pick<Ledger, 'origin'>): string => origin?.customerId ?? 'paymob_unknown'

/** Reads what became of an invoice's money. */
export async function fetchPayment(api: PaymobApi, invoice: ProviderInvoice): Promise<ProviderPayment> {
  const payment = invoice.paymentId ? await api.transaction(invoice.paymentId) : null
  if (!payment) throw providerError(`Paymob does not know the payment ${invoice.paymentId}.`)
  const refundedCents = returnedOf(payment)
  return { invoice, refundedCents, disputes: [], status: paymentStatusOf(invoice, payment, refundedCents) }
}

function paymentStatusOf(
  { status }: ProviderInvoice,
  payment: PaymobTransaction,
  refundedCents: number,
): PaymentStatus {
  if (payment.success) {
    if (refundedCents === 0) return 'succeeded'
    return refundedCents < payment.amount_cents ? 'partially_refunded' : 'refunded'
  }
  if (payment.pending) return 'pending'
  return status === 'canceled' || status === 'uncollectible' ? status : 'failed'
}

/**
 * Finds the subscription of a payment, and believes only what the subscription itself says.
 *
 * @returns null for a payment that belongs to none.
 */
export async function ledgerOfPayment(
  api: PaymobApi,
  calendar: PaymobCalendar,
  payment: PaymobTransaction,
): Promise<Ledger | null> {
  const reference = readReference(payment.order.merchant_order_id)
  if (reference?.kind === 'change') {
    const ledger = await loadLedger(api, calendar, reference.subscriptionId)
    return ledger && withChange(ledger, payment)
  }
  if (reference?.kind === 'card') return null
  if (reference?.kind === 'debt') {
    const { subscriptionId, invoiceId } = reference
    const debt = payment.success ? { debt: { invoiceId, payment } } : {}
    return loadLedger(api, calendar, subscriptionId, { all: true, ...debt })
  }
  for await (const { id } of api.subscriptionsOf(payment.id)) {
    const ledger = await loadLedger(api, calendar, id, { all: true })
    if (ledger && hasPayment(ledger, payment.id)) return ledger
  }
  return null
}

function hasPayment({ first, renewals, changes, surplus }: Ledger, id: string): boolean {
  return [first, ...changes, ...renewals.flat(), ...surplus].some((payment) => payment.id === id)
}

/** A paid change of an earlier period is not read with the subscription. */
function withChange(ledger: Ledger, payment: PaymobTransaction): Ledger {
  if (!payment.success || hasPayment(ledger, payment.id)) return ledger
  return { ...ledger, changes: [...ledger.changes, payment] }
}

/** The invoice that a payment belongs to; undefined for a card check, and for a plan change that was declined. */
export function invoiceWith(ledger: Ledger, calendar: PaymobCalendar, payment: PaymobTransaction) {
  const attempts = ledger.renewals.find((each) => each.some(({ id }) => id === payment.id))
  const id = attempts?.[0].id ?? payment.id
  return invoicesOf(ledger, calendar).find((invoice) => invoice.id === id)
}

/** What the current period was paid, and what of that is still ours. */
export function moneyOf(ledger: Ledger): {
  billed: number
  kept: number
  isPending: boolean
  payment: PaymobTransaction
} {
  const { period, first, changes } = ledger
  const last = period.renewal?.at(-1) ?? first
  const paid = [last, ...changes].filter(({ success }) => success)
  const billed = paid.reduce((sum, { amount_cents }) => sum + amount_cents, 0)
  const returned = paid.reduce((sum, payment) => sum + returnedOf(payment), 0)
  return { billed, kept: billed - returned, isPending: !last.success, payment: last }
}

/** Whether a card check is still to be returned. */
export function owesCardCheck({ origin, first, notes }: Ledger): boolean {
  return origin !== null && isCardCheck(origin) && !notes.keepsCardCheck && returnedOf(first) < first.amount_cents
}

/** What was paid on pages for overdue renewals, and counts. */
export const paidDebtsOf = ({ debts, surplus }: Ledger): Ledger['debts'] =>
  debts.filter(({ payment }) => !surplus.some(({ id }) => id === payment.id))

/**
 * Whether such a payment is not noted yet, or a surplus is still to be paid back.
 *
 * @param leaves payments that are not to be paid back now.
 */
export function hasOpenDebts(ledger: Ledger, leaves: readonly string[] = []): boolean {
  const isKept = ledger.surplus.some(
    (payment) => returnedOf(payment) < payment.amount_cents && !leaves.includes(payment.id),
  )
  return isKept || paidDebtsOf(ledger).some(({ isNoted }) => !isNoted)
}
