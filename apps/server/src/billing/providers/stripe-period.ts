import type Stripe from 'stripe'
import { idOf, itemOf, readInvoice } from './stripe-objects.ts'
import { fetchPayment } from './stripe-payments.ts'

const WITH_PAYMENTS = { expand: ['data.payments'], limit: 100 }

/** The money of a subscription's running period. */
export interface PeriodMoney {
  billed: number
  /**
   * What of it was paid, from a card or from the balance, and is still ours: what was paid back is not credited on top,
   * and what somebody's bank may take back not at all.
   */
  kept: number
  /** What is still to be collected: a renewal is a draft for an hour. */
  pending: number
}

/** Stripe's own proration goes by what was billed, whatever became of the payment: this tells what became of it. */
export async function readPeriod(stripe: Stripe, subscription: Stripe.Subscription): Promise<PeriodMoney> {
  const { price } = itemOf(subscription)
  const invoices = await invoicesOf(stripe, subscription)
  const paid = invoices.filter(({ status }) => status === 'paid')
  // A change whose payment failed may leave a void invoice although it never took effect. It did if the present price
  // is on none of the paid ones.
  const isPriceBilled = paid.some((invoice) => invoice.lines.data.some((line) => isCharge(line, price.id)))
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
 * The invoices that the running period is made of. One from before it belongs to it if a change of rhythm has credited
 * its unused time towards this one.
 */
async function invoicesOf(stripe: Stripe, subscription: Stripe.Subscription): Promise<Stripe.Invoice[]> {
  const { current_period_start: start, current_period_end: end } = itemOf(subscription)
  const [own, before]: [Stripe.Invoice[], Stripe.Invoice[]] = [[], []]
  for await (const invoice of stripe.invoices.list({ subscription: subscription.id, ...WITH_PAYMENTS })) {
    if (isCreditOnly(invoice)) continue
    const lines = invoice.lines.data.filter(({ period }) => period.end > start)
    // By its end, too: a year that was bought in the very second in which it was changed to a month is from before.
    if (lines.some(({ amount, period }) => amount >= 0 && period.start >= start && period.end <= end)) own.push(invoice)
    else if (lines.length > 0) before.push(invoice)
  }
  const isCarriedOver = own.some(({ lines }) =>
    lines.data.some(({ amount, period }) => amount < 0 && period.start <= start && period.end > start),
  )
  return isCarriedOver ? [...own, ...before] : own
}

/** The last invoice of a subscription that was ended with credit. */
export function isCreditOnly({ lines }: Stripe.Invoice): boolean {
  return lines.data.length > 0 && lines.data.every(({ amount }) => amount < 0)
}

function isCharge({ amount, pricing }: Stripe.InvoiceLineItem, priceId: string): boolean {
  const price = pricing?.price_details?.price
  return amount >= 0 && !!price && idOf(price) === priceId
}

const sumOf = (invoices: readonly Stripe.Invoice[]): number => invoices.reduce((sum, { total }) => sum + total, 0)
