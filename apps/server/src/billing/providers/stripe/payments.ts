import Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import { NotRefundable } from '../../billing.errors.ts'
import type {
  ChangeRange,
  PaymentProvider,
  PaymentStatus,
  ProviderInvoice,
  ProviderPayment,
} from '../payment-provider.ts'
import type { RefundProvider } from '../provider-refunds.ts'
import { nullIfMissing, type CallStripe } from './calls.ts'
import { fetchDisputes, isAtRisk } from './disputes.ts'
import { withAllLines } from './invoice-lines.ts'
import { createOnce } from './keys.ts'
import { idOf, readInvoice } from './objects.ts'

/** The part of the port for invoices, payments, and refunds. */
export function createStripePayments(
  call: CallStripe,
): Pick<PaymentProvider, 'fetchInvoice' | 'fetchInvoices' | 'fetchPayments' | 'findInvoice' | keyof RefundProvider> {
  return {
    fetchInvoice: (id) =>
      call(async (stripe) => {
        const invoice = await stripe.invoices.retrieve(id, { expand: ['payments'] })
        return readInvoice(await withAllLines(stripe, invoice))
      }).catch(nullIfMissing),

    fetchInvoices: (subscription, { onlyOpen = false } = {}) =>
      call(async (stripe) => {
        const found: ProviderInvoice[] = []
        const filter = { subscription, expand: ['data.payments'], limit: 100, ...(onlyOpen ? { status: 'open' } : {}) }
        for await (const invoice of stripe.invoices.list(filter))
          found.push(readInvoice(await withAllLines(stripe, invoice)))
        return found
      }),

    fetchPayments: (invoices) =>
      call(async (stripe) => {
        const payments = await Promise.all(invoices.map(async (invoice) => fetchPayment(stripe, invoice)))
        return payments.filter((payment) => payment !== null)
      }),

    findInvoice: (paymentId) =>
      call(async (stripe) => {
        const [found] = (
          await stripe.invoicePayments.list({
            payment: { type: 'payment_intent', payment_intent: paymentId },
            expand: ['data.invoice'],
          })
        ).data
        if (!found || typeof found.invoice === 'string' || found.invoice.deleted) return null
        const { customer } = found.invoice
        return { invoiceId: idOf(found.invoice), customerId: customer ? idOf(customer) : null }
      }),

    refund: ({ key, paymentId, amountCents }) =>
      call(async (stripe) => {
        const refund = {
          payment_intent: paymentId,
          metadata: { refund_id: key },
          ...(amountCents === undefined ? {} : { amount: amountCents }),
        }
        try {
          await createOnce({
            key: `refund:${key}`,
            make: async (idempotencyKey) => stripe.refunds.create(refund, { idempotencyKey }),
            find: () => findRefund(stripe, { key, paymentId }),
          })
        } catch (error) {
          if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
          const isDone = error.code === 'charge_already_refunded' && amountCents === undefined
          if (!isDone) throw new NotRefundable({ cause: error })
        }
      }),

    hasRefund: (refund) => call(async (stripe) => (await findRefund(stripe, refund)) !== null),

    fetchOperatorsRefunds: (payment_intent) =>
      call(async (stripe) => {
        const { data } = await stripe.refunds.list({ payment_intent, limit: 100 })
        return data
          .filter((refund) => !hasFailed(refund))
          .flatMap(({ id, amount: amountCents, created, metadata }, place) =>
            metadata?.['refund_id']
              ? []
              : [{ id, amountCents, createdAt: new Date(created * SECOND), isLatest: place === 0 }],
          )
      }),

    fetchFailedRefunds: (payment_intent) =>
      call(async (stripe) => {
        const { data } = await stripe.refunds.list({ payment_intent, limit: 100 })
        return data
          .filter(hasFailed)
          .map(({ id, amount, metadata }) => ({ id, key: metadata?.['refund_id'] ?? null, amountCents: amount }))
      }),
  }
}

const hasFailed = ({ status }: Stripe.Refund): boolean => status === 'failed' || status === 'canceled'

async function findRefund(
  stripe: Stripe,
  { key, paymentId }: { key: string; paymentId: string },
): Promise<Stripe.Refund | null> {
  for await (const refund of stripe.refunds.list({ payment_intent: paymentId, limit: 100 })) {
    if (refund.metadata?.['refund_id'] === key) return refund
  }
  return null
}

/** @returns the payment of an invoice; null for a draft and for an invoice without an amount. */
export async function fetchPayment(stripe: Stripe, invoice: ProviderInvoice): Promise<ProviderPayment | null> {
  if (invoice.status === 'draft' || invoice.amountCents === 0) return null
  const intent =
    invoice.paymentId && (invoice.status === 'open' || invoice.status === 'paid')
      ? await stripe.paymentIntents.retrieve(invoice.paymentId, { expand: ['latest_charge'] })
      : null
  const charge = typeof intent?.latest_charge === 'object' ? intent.latest_charge : null
  const refundedCents = charge?.amount_refunded ?? 0
  const disputes = charge?.disputed ? await fetchDisputes(stripe, charge.id) : []
  return { invoice, refundedCents, disputes, status: statusOf(invoice, intent, refundedCents, disputes.some(isAtRisk)) }
}

function statusOf(
  invoice: ProviderInvoice,
  intent: Stripe.PaymentIntent | null,
  refundedCents: number,
  isDisputed: boolean,
): PaymentStatus {
  switch (invoice.status) {
    case 'paid':
      if (isDisputed) return 'disputed'
      if (refundedCents === 0) return 'succeeded'
      return refundedCents < invoice.amountCents ? 'partially_refunded' : 'refunded'
    case 'canceled':
    case 'uncollectible':
      return invoice.status
    default:
      if (intent?.status === 'requires_action') return 'requires_action'
      if (intent?.status === 'processing') return 'pending'
      // An invoice that the customer pays by a date counts as attempted once it is sent. Only a declined card has failed.
      return invoice.dueAt
        ? intent?.last_payment_error
          ? 'failed'
          : 'pending'
        : invoice.isAttempted
          ? 'failed'
          : 'pending'
  }
}

/** Maximum number of types in one request for events. */
const TYPES_AT_ONCE = 20

/**
 * Lists Stripe's events. `delivery_success` is no help here: it omits events that were made while no endpoint was
 * enabled, because they were never sent.
 *
 * Within one list, the newest is first and every page starts after the last event of the page before. So an event that
 * is made meanwhile shifts nothing, and events of the same second are not skipped.
 *
 * @param callsForPage starts a new time budget for each page, because the list may be of any length.
 * @see https://docs.stripe.com/api/events/list
 */
export async function* listStripeEvents(
  callsForPage: () => CallStripe,
  { types, since, until }: ChangeRange,
): AsyncIterable<Stripe.Event> {
  const created = { gte: toSeconds(since), ...(until && { lt: toSeconds(until) }) }
  for (let first = 0; first < types.length; first += TYPES_AT_ONCE) {
    const filter = { created, types: types.slice(first, first + TYPES_AT_ONCE), limit: 100 }
    let after: string | undefined
    do {
      const call = callsForPage()
      const page = await call((stripe) =>
        stripe.events.list({ ...filter, ...(after ? { starting_after: after } : {}) }),
      )
      yield* page.data
      after = page.has_more ? page.data.at(-1)?.id : undefined
    } while (after)
  }
}

const toSeconds = (moment: Date) => Math.floor(moment.getTime() / SECOND)
