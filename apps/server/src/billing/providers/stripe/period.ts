import type Stripe from 'stripe'
import { withAllLines } from './invoice-lines.ts'
import { idOf, itemOf, readInvoice } from './objects.ts'
import { fetchPayment } from './payments.ts'

const WITH_PAYMENTS = { expand: ['data.payments'], limit: 100 }

/** What a subscription's current period was billed, in the currency's smallest unit. */
export interface PeriodMoney {
  billed: number
  /**
   * The part that was paid, by card or from the balance, and that is still ours. Refunds are subtracted; after a
   * dispute it is 0, because the bank may take back everything.
   */
  kept: number
  /** The part that is not collected yet. A renewal's invoice stays a draft for an hour. */
  pending: number
}

/**
 * Reads what was billed for the current period and what became of it. Stripe's proration ignores refunds and disputes.
 */
export async function readPeriod(stripe: Stripe, subscription: Stripe.Subscription): Promise<PeriodMoney> {
  const invoices = await invoicesOf(stripe, subscription)
  const paid = invoices.filter(({ status }) => status === 'paid')
  // A plan change whose payment failed may leave a void invoice but never took effect; then a paid invoice has the
  // current price of each item. If one is missing, the change did take effect, and its invoice counts.
  const isPriceBilled = subscription.items.data.every(
    ({ price }) =>
      // Billed only after the period, if anything is used.
      price.recurring?.usage_type === 'metered' ||
      paid.some((invoice) => invoice.lines.data.some((line) => isCharge(line, price.id))),
  )
  const counted = invoices.filter(
    ({ status, billing_reason }) => status === 'paid' || billing_reason !== 'subscription_update' || !isPriceBilled,
  )
  const payments = await Promise.all(paid.map(async (invoice) => fetchPayment(stripe, readInvoice(invoice))))
  const isDisputed = payments.some((payment) => payment?.status === 'disputed')
  const returned = payments.reduce((sum, payment) => sum + (payment?.refundedCents ?? 0), 0)
  const pending = counted.filter(({ status }) => status === 'draft' || status === 'open')
  return {
    billed: sumOf(counted),
    kept: isDisputed ? 0 : sumOf(paid) - returned,
    pending: sumOf(pending),
  }
}

/**
 * Lists the invoices of the current period. Invoices of the previous period count too if a change between monthly and
 * yearly billing has credited their unused time to this period.
 */
async function invoicesOf(stripe: Stripe, subscription: Stripe.Subscription): Promise<Stripe.Invoice[]> {
  const [own, before]: [Stripe.Invoice[], Stripe.Invoice[]] = [[], []]
  for await (const listed of stripe.invoices.list({ subscription: subscription.id, ...WITH_PAYMENTS })) {
    const invoice = await withAllLines(stripe, listed)
    if (isLastInvoice(invoice, subscription)) continue
    const lines = invoice.lines.data.filter((line) => line.period.end > periodOf(subscription, line).start)
    // The end counts too: a year bought in the same second in which it was changed to a month is the previous period.
    const isOwn = lines.some((line) => {
      const { start, end } = periodOf(subscription, line)
      return line.amount >= 0 && line.period.start >= start && line.period.end <= end
    })
    if (isOwn) own.push(invoice)
    else if (lines.length > 0) before.push(invoice)
  }
  const isCarriedOver = own.some(({ lines }) =>
    lines.data.some((line) => {
      const { start } = periodOf(subscription, line)
      return line.amount < 0 && line.period.start <= start && line.period.end > start
    }),
  )
  return isCarriedOver ? [...own, ...before] : own
}

/** The current period of a line's item. Items with another interval have another period. */
function periodOf(
  subscription: Stripe.Subscription,
  { parent }: Stripe.InvoiceLineItem,
): { start: number; end: number } {
  const item = itemOf(subscription, parent?.subscription_item_details?.subscription_item)
  return { start: item.current_period_start, end: item.current_period_end }
}

/** The key in a subscription's metadata for what its unused time has cost, if we credit it instead of Stripe. */
export const UNUSED = 'unused_cents'

/**
 * Whether this is the last invoice of a subscription that Stripe has ended with a credit. It may also charge for what was
 * used, and for members who have joined.
 */
export function isLastInvoice(
  { id, lines }: Stripe.Invoice,
  { ended_at, latest_invoice, metadata }: Stripe.Subscription,
): boolean {
  if (ended_at === null || metadata[UNUSED] !== undefined || !latest_invoice || idOf(latest_invoice) !== id)
    return false
  return lines.data.some(({ amount, parent, period }) => {
    const isCredit = amount < 0 && parent?.subscription_item_details?.proration === true
    return isCredit && period.start >= ended_at - CLOCK_STEP
  })
}

/** Stripe may end a subscription a second after it has computed the credit. */
const CLOCK_STEP = 1

export function isCharge({ amount, pricing }: Stripe.InvoiceLineItem, priceId: string): boolean {
  const price = pricing?.price_details?.price
  return amount >= 0 && !!price && idOf(price) === priceId
}

const sumOf = (invoices: readonly Stripe.Invoice[]): number => invoices.reduce((sum, { total }) => sum + total, 0)
