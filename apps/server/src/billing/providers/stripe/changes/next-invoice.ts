import Stripe from 'stripe'
import { SECOND } from '../../../../platform/durations.ts'
import type { ProviderPreview } from '../../payment-provider.ts'
import { totalOf } from '../credit.ts'
import { previewOf } from '../invoice-lines.ts'
import { idOf, partsOf, waitingItem } from '../objects.ts'
import { isCharge } from '../period.ts'

type NextInvoice = Pick<ProviderPreview, 'nextTotalCents' | 'nextParts'>

interface Change {
  items: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails.Item[]
  /** What takes the place of the discounts that run; null if they stay. */
  promotionCodeId: string | null
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
  { items, promotionCodeId, invoice, nextPaymentAt }: Change,
): Promise<NextInvoice> {
  if (subscription.schedule) return { nextTotalCents: null, nextParts: null }
  const present = subscription.discounts
    .filter((discount) => !isOver(discount, usedBy(invoice), nextPaymentAt))
    .map((each) => ({ discount: idOf(each) }))
  const lasting = promotionCodeId ? await redeemed(stripe, { promotionCodeId, invoice, nextPaymentAt }) : present
  const isOther = promotionCodeId !== null || lasting.length < subscription.discounts.length
  const next = await previewOf(stripe, {
    subscription: subscription.id,
    subscription_details: { items, proration_behavior: 'none' },
    ...(isOther && { discounts: lasting.length > 0 ? lasting : '' }),
  }).catch(nullIfNoneUpcoming)
  return next ? withoutBilled(next, invoice) : { nextTotalCents: null, nextParts: null }
}

/** Leaves out what waited for the next invoice, and is on the one that the change makes. */
function withoutBilled(next: Stripe.Invoice, invoice: Stripe.Invoice | null): NextInvoice {
  const billed = new Set(invoice?.lines.data.map(waitingItem))
  const lines = next.lines.data.filter((line) => waitingItem(line) !== null && billed.has(waitingItem(line)))
  const { subtotalCents, discountCents, taxCents } = partsOf(next)
  return {
    nextTotalCents: next.total - lines.reduce((sum, line) => sum + totalOf(line), 0),
    nextParts: {
      subtotalCents: subtotalCents - sumOf(lines),
      discountCents: discountCents - sumOf(lines.flatMap((line) => line.discount_amounts ?? [])),
      taxCents: taxCents - sumOf(lines.flatMap((line) => line.taxes ?? [])),
    },
  }
}

const sumOf = (parts: readonly { amount: number }[]): number => parts.reduce((sum, { amount }) => sum + amount, 0)

/**
 * When the period ends that a change's invoice charges for the new price. The former period may end later, and with it
 * what the invoice credits, and what has waited for it.
 */
export function periodEndOf({ lines }: Stripe.Invoice, priceId: string): Date {
  const charges = lines.data.filter((line) => isCharge(line, priceId))
  const ends = (charges.length > 0 ? charges : lines.data).map(({ period }) => period.end)
  return new Date(Math.max(...ends) * SECOND)
}

/** What a promotion code, redeemed by the change, leaves for the next invoice. */
async function redeemed(
  stripe: Stripe,
  { promotionCodeId, invoice, nextPaymentAt }: Omit<Change, 'items' | 'promotionCodeId'> & { promotionCodeId: string },
): Promise<{ promotion_code: string }[]> {
  const { promotion } = await stripe.promotionCodes.retrieve(promotionCodeId, { expand: ['promotion.coupon'] })
  const { coupon } = promotion
  if (typeof coupon !== 'object' || !coupon) return []
  if (coupon.duration === 'once' && invoice) return []
  const end = new Date(invoice ? invoice.created * SECOND : nextPaymentAt)
  if (coupon.duration === 'repeating') end.setUTCMonth(end.getUTCMonth() + (coupon.duration_in_months ?? 0))
  const isOver = coupon.duration === 'repeating' && end <= nextPaymentAt
  return isOver ? [] : [{ promotion_code: promotionCodeId }]
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
