import type Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import type { ListedPage, ListedSubscription, PaymentProvider, ProviderSubscription } from '../payment-provider.ts'
import type { CallStripe } from './calls.ts'
import type { Coupons } from './discounts/coupons.ts'
import { LISTED_PARTS, readWithDiscounts } from './discounts/running.ts'
import { readDispute } from './disputes.ts'
import { withAllLines, withLatestLines } from './invoice-lines.ts'
import { idOf, readInvoice } from './objects.ts'

/** The maximum of Stripe's lists. */
const LIMIT = 100
/** A full page with all that belongs to it takes Stripe longer than one object. No lock is held meanwhile. */
const OPTIONS = { timeout: 20 * SECOND }

/**
 * The part of the port that reads whole lists: one call for a hundred objects.
 *
 * @see https://docs.stripe.com/api/pagination
 */
export function createStripeLists(
  call: CallStripe,
  coupons: Coupons,
): Pick<PaymentProvider, 'listSubscriptions' | 'listInvoices' | 'listRefunds' | 'listDisputes'> {
  return {
    listSubscriptions: ({ after }) =>
      call(async (stripe) => {
        const filter = { ...startingAfter(after), expand: LISTED_PARTS, limit: LIMIT }
        const page = await stripe.subscriptions.list(filter, OPTIONS)
        await coupons.load(stripe, page.data)
        const subscriptions = await Promise.all(page.data.map(async (each) => withLatestLines(stripe, each)))
        return pageOf(
          page,
          subscriptions.map((subscription) => readListed(subscription, coupons)),
        )
      }),

    listInvoices: ({ since, after }) =>
      call(async (stripe) => {
        const page = await stripe.invoices.list({ ...createdSince(since, after), expand: ['data.payments'] }, OPTIONS)
        const invoices = await Promise.all(page.data.map(async (invoice) => withAllLines(stripe, invoice)))
        return pageOf(page, invoices.map(readInvoice))
      }),

    listRefunds: ({ since, after }) =>
      call(async (stripe) => {
        const page = await stripe.refunds.list({ ...createdSince(since, after), expand: ['data.charge'] }, OPTIONS)
        const refunds = page.data.flatMap(({ payment_intent, charge }) =>
          payment_intent && typeof charge === 'object' && charge
            ? [{ paymentId: idOf(payment_intent), refundedCents: charge.amount_refunded }]
            : [],
        )
        return pageOf(page, refunds)
      }),

    listDisputes: ({ since, after }) =>
      call(async (stripe) => {
        const page = await stripe.disputes.list(createdSince(since, after), OPTIONS)
        const disputes = page.data.flatMap((dispute) =>
          dispute.payment_intent ? [{ paymentId: idOf(dispute.payment_intent), dispute: readDispute(dispute) }] : [],
        )
        return pageOf(page, disputes)
      }),
  }
}

const startingAfter = (id: string | null) => (id ? { starting_after: id } : {})

const createdSince = (since: Date, after: string | null) => ({
  created: { gte: Math.floor(since.getTime() / SECOND) },
  limit: LIMIT,
  ...startingAfter(after),
})

function pageOf<Item>({ data, has_more }: Stripe.ApiList<{ id: string }>, items: Item[]): ListedPage<Item> {
  return { items, next: has_more ? (data.at(-1)?.id ?? null) : null }
}

/** One subscription that we can't read must not hide the others of its page. */
function readListed(subscription: Stripe.Subscription, coupons: Coupons): ListedSubscription<ProviderSubscription> {
  const { id, created, customer } = subscription
  const listed = { id, createdAt: new Date(created * SECOND), customerId: idOf(customer) }
  try {
    return { ...listed, subscription: readWithDiscounts(subscription, coupons) }
  } catch {
    return { ...listed, subscription: null }
  }
}
