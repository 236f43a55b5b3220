import Stripe from 'stripe'
import { SECOND } from '../../platform/durations.ts'
import { PaymentFailed, PreviewStale } from '../billing.errors.ts'
import type { PaymentProvider, ProviderPreview, ProviderPreviewInput } from './payment-provider.ts'
import { asked } from './stripe-calls.ts'
import { madeOnce } from './stripe-keys.ts'
import { idOf, itemOf } from './stripe-objects.ts'
import { releaseSchedule } from './stripe-subscriptions.ts'

/** The side of the port that moves a subscription from one price to another. */
export function createStripePlanChanges(
  stripe: Stripe,
): Pick<PaymentProvider, 'previewChange' | 'changePlan' | 'scheduleChange'> {
  return {
    previewChange: (input) => asked(async () => previewChange(stripe, input)),

    changePlan: ({ key, subscriptionId, priceId, prorationDate, isTrial }) =>
      asked(async () => {
        const subscription = await stripe.subscriptions.retrieve(subscriptionId)
        if ((subscription.status === 'trialing') !== isTrial) throw new PreviewStale()
        const proration = isTrial
          ? ({ proration_behavior: 'none' } as const)
          : ({ proration_behavior: 'always_invoice', proration_date: unixSeconds(prorationDate) } as const)
        try {
          await madeOnce({
            key: `change:${key}`,
            make: async (idempotencyKey) =>
              stripe.subscriptions.update(
                subscriptionId,
                {
                  // Without its id the item would be added to the one that is there, and both be paid for.
                  items: [{ id: itemOf(subscription).id, price: priceId }],
                  payment_behavior: 'error_if_incomplete',
                  ...proration,
                },
                { idempotencyKey },
              ),
            find: async () => {
              const present = await stripe.subscriptions.retrieve(subscriptionId)
              return itemOf(present).price.id === priceId ? present : null
            },
          })
        } catch (error) {
          if (error instanceof Stripe.errors.StripeError && error.statusCode === 402) throw new PaymentFailed()
          throw error
        }
        await releaseSchedule(stripe, subscription.schedule)
      }),

    scheduleChange: ({ key, subscriptionId, priceId }) =>
      asked(async () => {
        const subscription = await stripe.subscriptions.retrieve(subscriptionId)
        const { schedule: present } = subscription
        const schedule = present
          ? await stripe.subscriptionSchedules.retrieve(idOf(present))
          : await madeOnce({
              key: `schedule:${key}`,
              make: async (idempotencyKey) =>
                stripe.subscriptionSchedules.create({ from_subscription: subscriptionId }, { idempotencyKey }),
              find: async () => {
                const { schedule: made } = await stripe.subscriptions.retrieve(subscriptionId)
                return made ? stripe.subscriptionSchedules.retrieve(idOf(made)) : null
              },
            })
        const { price, current_period_start, current_period_end } = itemOf(subscription)
        const trialEnd = subscription.status === 'trialing' ? subscription.trial_end : null
        await stripe.subscriptionSchedules.update(schedule.id, {
          end_behavior: 'release',
          proration_behavior: 'none',
          phases: [
            {
              items: [{ price: price.id, quantity: 1 }],
              start_date: schedule.current_phase?.start_date ?? current_period_start,
              end_date: current_period_end,
              proration_behavior: 'none',
              ...(trialEnd ? { trial_end: trialEnd } : {}),
            },
            { items: [{ price: priceId, quantity: 1 }], proration_behavior: 'none' },
          ],
        })
      }),
  }
}

async function previewChange(
  stripe: Stripe,
  { subscriptionId, at, priceId, prorationDate }: ProviderPreviewInput,
): Promise<ProviderPreview> {
  const subscription = await stripe.subscriptions.retrieve(subscriptionId, { expand: ['customer'] })
  const item = itemOf(subscription)
  const { customer } = subscription
  if (typeof customer === 'string' || customer.deleted) throw new Error(`The customer of ${subscriptionId} is gone.`)
  const unchanged = {
    dueNowCents: 0,
    creditCents: 0,
    balanceCents: customer.balance,
    currency: subscription.currency,
    nextPaymentAt: new Date(item.current_period_end * SECOND),
    hasPaymentMethod: [
      subscription.default_payment_method,
      subscription.default_source,
      customer.invoice_settings.default_payment_method,
      customer.default_source,
    ].some(Boolean),
    isTrial: subscription.status === 'trialing',
  }
  // Nothing was paid for a trial and nothing is due before its end.
  if (at === 'period_end' || unchanged.isTrial) return unchanged

  const invoice = await stripe.invoices.createPreview({
    subscription: subscriptionId,
    subscription_details: {
      items: [{ id: item.id, price: priceId }],
      proration_behavior: 'always_invoice',
      proration_date: unixSeconds(prorationDate),
    },
  })
  return {
    ...unchanged,
    dueNowCents: invoice.amount_due,
    creditCents: Math.max(0, -invoice.total),
    balanceCents: invoice.amount_due > 0 ? 0 : customer.balance + invoice.total,
    // A new rhythm starts a new period at once.
    nextPaymentAt: new Date(Math.max(...invoice.lines.data.map(({ period }) => period.end)) * SECOND),
  }
}

const unixSeconds = (moment: Date): number => Math.floor(moment.getTime() / SECOND)
