import Stripe from 'stripe'
import { SECOND } from '../../../../platform/durations.ts'
import type { ProviderPreview } from '../../payment-provider.ts'
import { idOf, partsOf } from '../objects.ts'

type NextInvoice = Pick<ProviderPreview, 'nextTotalCents' | 'nextParts'>

interface Change {
  items: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails.Item[]
  /** The invoice that the change makes at once; null if it makes none. */
  invoice: Stripe.Invoice | null
  nextPaymentAt: Date
}

/**
 * What the next regular invoice will be on the new terms: null while a schedule may change the terms first.
 *
 * Stripe previews it as if it were the next invoice of all. So what will be over by then is left out: a discount for one
 * invoice that the change itself uses up, and one whose months end before.
 *
 * @param subscription must have its discounts expanded.
 */
export async function previewNext(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  { items, invoice, nextPaymentAt }: Change,
): Promise<NextInvoice> {
  if (subscription.schedule) return { nextTotalCents: null, nextParts: null }
  const lasting = subscription.discounts.filter((discount) => !isOver(discount, usedBy(invoice), nextPaymentAt))
  const isShorter = lasting.length < subscription.discounts.length
  const next = await stripe.invoices
    .createPreview({
      subscription: subscription.id,
      subscription_details: { items, proration_behavior: 'none' },
      ...(isShorter && { discounts: lasting.length > 0 ? lasting.map((each) => ({ discount: idOf(each) })) : '' }),
    })
    .catch(nullIfNoneUpcoming)
  return { nextTotalCents: next?.total ?? null, nextParts: next && partsOf(next) }
}

type Discount = Stripe.Subscription['discounts'][number]

function isOver(discount: Discount, used: ReadonlySet<string>, nextPaymentAt: Date): boolean {
  if (typeof discount === 'string') return false
  if (discount.end !== null && discount.end * SECOND <= nextPaymentAt.getTime()) return true
  const { coupon } = discount.source
  return typeof coupon === 'object' && coupon?.duration === 'once' && used.has(discount.id)
}

/** The discounts that an invoice takes off, also those in the price of its prorations. */
function usedBy(invoice: Stripe.Invoice | null): ReadonlySet<string> {
  const taken = (invoice?.total_discount_amounts ?? []).filter(({ amount }) => amount > 0)
  const prorations = (invoice?.lines.data ?? []).filter(
    ({ parent }) => parent?.subscription_item_details?.proration === true,
  )
  return new Set([
    ...taken.map(({ discount }) => idOf(discount)),
    ...prorations.flatMap(({ discounts }) => discounts.map(idOf)),
  ])
}

/** For `catch`: null if no invoice is to come. */
export function nullIfNoneUpcoming(error: unknown): null {
  if (error instanceof Stripe.errors.StripeError && error.code === 'invoice_upcoming_none') return null
  throw error
}
