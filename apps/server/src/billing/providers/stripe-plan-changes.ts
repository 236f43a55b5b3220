import Stripe from 'stripe'
import { SECOND } from '../../platform/durations.ts'
import { PaymentDue, PaymentFailed, PaymentProviderError, PreviewStale } from '../billing.errors.ts'
import type { PaymentProvider, ProviderPreview, ProviderPreviewInput } from './payment-provider.ts'
import type { CallStripe } from './stripe-calls.ts'
import { moveBalance, unusedIn } from './stripe-credit.ts'
import { createOnce } from './stripe-keys.ts'
import { endOf, idOf, itemOf } from './stripe-objects.ts'
import { readPeriod } from './stripe-period.ts'
import { hasEnded, releaseSchedule } from './stripe-subscriptions.ts'

/** The part of the port for plan changes. */
export function createStripePlanChanges(
  call: CallStripe,
): Pick<PaymentProvider, 'previewChange' | 'changePlan' | 'giveOwedCredit' | 'scheduleChange'> {
  return {
    previewChange: async (input) =>
      call(async (stripe) => previewChange(stripe, input)).catch(staleIfWithdrawn(call, input.priceId)),

    changePlan: ({ key, subscriptionId, priceId, prorationDate, isTrial, restart }) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(subscriptionId)
        if ((subscription.status === 'trialing') !== isTrial) throw new PreviewStale()
        const terms = isTrial ? NO_PRORATION : restart ? RESTART : prorated(prorationDate)
        try {
          await createOnce({
            key: `change:${key}`,
            make: async (idempotencyKey) =>
              stripe.subscriptions.update(
                subscriptionId,
                {
                  // Without the item's id, Stripe would add a second item and charge for both.
                  items: [{ id: itemOf(subscription).id, price: priceId }],
                  payment_behavior: 'error_if_incomplete',
                  ...terms,
                  // Stored with the change itself, so that the owed credit is known even if this call stops here.
                  ...(restart ? { metadata: { credit_key: key, credit_cents: String(restart.creditCents) } } : {}),
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
        if (restart) await giveCredit(stripe, subscriptionId)
      }).catch(staleIfWithdrawn(call, priceId)),

    giveOwedCredit: (subscriptionId) => call(async (stripe) => giveCredit(stripe, subscriptionId)),

    scheduleChange: ({ key, subscriptionId, priceId }) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(subscriptionId)
        const { schedule: present } = subscription
        const schedule = present
          ? await stripe.subscriptionSchedules.retrieve(idOf(present))
          : await createOnce({
              key: `schedule:${key}`,
              make: async (idempotencyKey) =>
                stripe.subscriptionSchedules.create({ from_subscription: subscriptionId }, { idempotencyKey }),
              find: async () => {
                const { schedule: made } = await stripe.subscriptions.retrieve(subscriptionId)
                return made ? stripe.subscriptionSchedules.retrieve(idOf(made)) : null
              },
            })
        const { price, current_period_start, current_period_end } = itemOf(subscription)
        const end = endOf(subscription)
        const trialEnd = subscription.status === 'trialing' ? subscription.trial_end : null
        await stripe.subscriptionSchedules.update(schedule.id, {
          // Otherwise the schedule would take back an end that is set for later.
          end_behavior: end === null ? 'release' : 'cancel',
          proration_behavior: 'none',
          phases: [
            {
              items: [{ price: price.id, quantity: 1 }],
              start_date: schedule.current_phase?.start_date ?? current_period_start,
              end_date: current_period_end,
              proration_behavior: 'none',
              ...(trialEnd ? { trial_end: trialEnd } : {}),
            },
            {
              items: [{ price: priceId, quantity: 1 }],
              proration_behavior: 'none',
              ...(end === null ? {} : { end_date: end }),
            },
          ],
        })
      }).catch(staleIfWithdrawn(call, priceId)),
  }
}

/** For `catch`: if Stripe refused because the price was replaced or retired after the preview, throws PreviewStale. */
function staleIfWithdrawn(call: CallStripe, priceId: string): (error: unknown) => Promise<never> {
  return async (error) => {
    const cause = error instanceof PaymentProviderError ? error.cause : undefined
    if (!(cause instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    const { active } = await call((stripe) => stripe.prices.retrieve(priceId))
    throw active ? error : new PreviewStale()
  }
}

async function previewChange(
  stripe: Stripe,
  { subscriptionId, at, priceId, prorationDate }: ProviderPreviewInput,
): Promise<ProviderPreview | null> {
  const subscription = await stripe.subscriptions.retrieve(subscriptionId, { expand: ['customer'] })
  if (hasEnded(subscription)) return null
  const item = itemOf(subscription)
  const { customer } = subscription
  if (typeof customer === 'string' || customer.deleted) throw new Error(`The customer of ${subscriptionId} is gone.`)
  const unchanged = {
    dueNowCents: 0,
    creditCents: 0,
    balanceCents: customer.balance,
    currency: subscription.currency,
    nextPaymentAt: new Date(item.current_period_end * SECOND),
    // Who gets invoices by email needs no card.
    hasPaymentMethod: [
      subscription.collection_method === 'send_invoice',
      subscription.default_payment_method,
      subscription.default_source,
      customer.invoice_settings.default_payment_method,
      customer.default_source,
    ].some(Boolean),
    isTrial: subscription.status === 'trialing',
    restart: null,
  }
  // A trial costs nothing, so there is nothing to credit, and nothing is due before its end.
  if (at === 'period_end' || unchanged.isTrial) return unchanged

  const items = [{ id: item.id, price: priceId }]
  const [invoice, { billed, kept, pending }] = await Promise.all([
    previewInvoice(stripe, subscriptionId, { items, ...prorated(prorationDate) }),
    readPeriod(stripe, subscription),
  ])
  const isInFull = kept + pending >= billed
  // No credit for money that is not paid yet.
  if (pending > 0 && (invoice.total < 0 || !isInFull)) throw new PaymentDue()
  if (isInFull) return { ...unchanged, ...costOf(invoice, customer.balance) }

  // Stripe would credit all that was billed. So we start a new period without Stripe's credit, and credit our part.
  const creditCents = Math.floor((unusedIn(invoice) * Math.max(0, kept)) / billed)
  const restarted = costOf(await previewInvoice(stripe, subscriptionId, { items, ...RESTART }), customer.balance)
  const balanceCents = restarted.balanceCents - creditCents
  return { ...unchanged, ...restarted, creditCents, balanceCents, restart: { creditCents } }
}

/** Gives the credit of a change that started a new period. It is owed as long as `credit_key` is in the metadata. */
async function giveCredit(stripe: Stripe, subscriptionId: string): Promise<void> {
  const { metadata, customer, currency } = await stripe.subscriptions.retrieve(subscriptionId)
  const { credit_key, credit_cents } = metadata
  if (!credit_key) return
  await moveBalance(stripe, idOf(customer), {
    fact: `unused:${credit_key}`,
    amount: -Number(credit_cents),
    currency,
    description: 'Unused time of the previous plan',
  })
  await stripe.subscriptions.update(subscriptionId, { metadata: { credit_key: '', credit_cents: '' } })
}

async function previewInvoice(
  stripe: Stripe,
  subscription: string,
  subscription_details: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails,
): Promise<Stripe.Invoice> {
  return stripe.invoices.createPreview({ subscription, subscription_details })
}

function costOf(invoice: Stripe.Invoice, balance: number) {
  return {
    dueNowCents: invoice.amount_due,
    creditCents: Math.max(0, -invoice.total),
    balanceCents: invoice.amount_due > 0 ? 0 : balance + invoice.total,
    // A change between monthly and yearly billing starts a new period at once.
    nextPaymentAt: new Date(Math.max(...invoice.lines.data.map(({ period }) => period.end)) * SECOND),
  }
}

const NO_PRORATION = { proration_behavior: 'none' } as const
/** A new period, charged in full. */
const RESTART = { ...NO_PRORATION, billing_cycle_anchor: { type: 'now' } } as const
const prorated = (at: Date) => ({ proration_behavior: 'always_invoice', proration_date: unixSeconds(at) }) as const

const unixSeconds = (moment: Date): number => Math.floor(moment.getTime() / SECOND)
