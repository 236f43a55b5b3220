import type Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import type { PaymentProvider } from '../payment-provider.ts'
import { nullIfMissing, type CallStripe } from './calls.ts'
import type { Coupons } from './discounts/coupons.ts'
import { LISTED_PARTS, readWithDiscounts, SUBSCRIPTION_PARTS } from './discounts/running.ts'
import { withLatestLines } from './invoice-lines.ts'
import { endOf, idOf, itemOf } from './objects.ts'

/** The part of the port for reading, canceling, and resuming subscriptions. */
export function createStripeSubscriptions(
  call: CallStripe,
  coupons: Coupons,
): Pick<PaymentProvider, 'fetchSubscription' | 'fetchSubscriptions' | 'cancel' | 'moveStart' | 'resume'> {
  return {
    fetchSubscription: (id) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(id, { expand: SUBSCRIPTION_PARTS })
        await coupons.load(stripe, [subscription])
        return readWithDiscounts(await withLatestLines(stripe, subscription), coupons)
      }).catch(nullIfMissing),

    fetchSubscriptions: (customer) =>
      call(async (stripe) => {
        const found: Stripe.Subscription[] = []
        for await (const each of stripe.subscriptions.list({ customer, expand: LISTED_PARTS, limit: 100 }))
          found.push(await withLatestLines(stripe, each))
        await coupons.load(stripe, found)
        return found.map((each) => readWithDiscounts(each, coupons)).toReversed()
      }).catch((error: unknown) => {
        nullIfMissing(error)
        return []
      }),

    cancel: (input) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(input.subscriptionId)
        if (input.at === 'now') {
          await endNow(stripe, subscription)
          return
        }
        if (hasEnded(subscription)) return
        await releaseSchedule(stripe, subscription.schedule)
        // The end may have been set in the portal or by an operator. An earlier one stays.
        const [end, { current_period_end: periodEnd }] = [endOf(subscription), itemOf(subscription, input.itemId)]
        if (end !== null && end <= periodEnd) return
        // With several intervals, the flag would mean the end of the shortest period.
        const isOnePeriod = subscription.items.data.every(({ current_period_end }) => current_period_end === periodEnd)
        await stripe.subscriptions.update(
          subscription.id,
          isOnePeriod ? { cancel_at_period_end: true } : { cancel_at: periodEnd },
        )
      }),

    moveStart: ({ subscriptionId, at }) =>
      call(async (stripe) => {
        const { id, status, trial_end } = await stripe.subscriptions.retrieve(subscriptionId)
        const wanted = Math.floor(at.getTime() / SECOND)
        if (status !== 'trialing' || trial_end === wanted) return
        await stripe.subscriptions.update(id, { trial_end: wanted, proration_behavior: 'none' })
      }),

    resume: (id) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(id)
        if (hasEnded(subscription)) return false
        try {
          await undoCancellation(stripe, subscription)
          return true
        } catch (error) {
          // It may have just ended.
          if (hasEnded(await stripe.subscriptions.retrieve(id))) return false
          throw error
        }
      }),
  }
}

async function undoCancellation(stripe: Stripe, subscription: Stripe.Subscription): Promise<void> {
  const { id, schedule } = subscription
  if (schedule) {
    // Stripe refuses to change the end of a subscription that has a schedule. Only the schedule can end it.
    await stripe.subscriptionSchedules.update(idOf(schedule), { end_behavior: 'release' })
    return
  }
  const { cancel_at } = subscription.cancel_at_period_end
    ? await stripe.subscriptions.update(id, { cancel_at_period_end: false })
    : subscription
  if (cancel_at !== null) await stripe.subscriptions.update(id, { cancel_at: '' })
}

/** Releases the subscription from its schedule. It continues unchanged, and keeps an end date that the schedule set. */
export async function releaseSchedule(stripe: Stripe, schedule: Stripe.Subscription['schedule']): Promise<void> {
  if (schedule) await stripe.subscriptionSchedules.release(idOf(schedule), { preserve_cancel_date: true })
}

/**
 * Ends a subscription now.
 *
 * @param options.credit whether Stripe's own proration of what was billed goes to the customer's balance.
 * @param options.billsUse whether what was used since its last invoice, and what waits for the next one, is billed.
 */
export async function endNow(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  { credit = false, billsUse = false }: { credit?: boolean; billsUse?: boolean } = {},
): Promise<void> {
  if (hasEnded(subscription)) return
  // Stripe refuses to cancel a subscription that has a schedule.
  await releaseSchedule(stripe, subscription.schedule)
  await stripe.subscriptions.cancel(subscription.id, { prorate: credit, invoice_now: billsUse })
}

export const hasEnded = ({ status }: Stripe.Subscription): boolean =>
  status === 'canceled' || status === 'incomplete_expired'
