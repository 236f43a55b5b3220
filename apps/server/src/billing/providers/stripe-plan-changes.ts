import Stripe from 'stripe'
import { SECOND } from '../../platform/durations.ts'
import { PaymentDue, PaymentFailed, PaymentProviderError, PreviewStale } from '../billing.errors.ts'
import type { PaymentProvider, ProviderPreview, ProviderPreviewInput } from './payment-provider.ts'
import type { CallStripe } from './stripe-calls.ts'
import { moveBalance, unusedIn } from './stripe-credit.ts'
import { createOnce } from './stripe-keys.ts'
import { idOf, itemOf } from './stripe-objects.ts'
import { readPeriod } from './stripe-period.ts'
import { releaseSchedule } from './stripe-subscriptions.ts'

/** The side of the port that moves a subscription from one price to another. */
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
                  // Without its id the item would be added to the one that is there, and both be paid for.
                  items: [{ id: itemOf(subscription).id, price: priceId }],
                  payment_behavior: 'error_if_incomplete',
                  ...terms,
                  // With the change itself, so that it is known whatever happens before it is given.
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
      }).catch(staleIfWithdrawn(call, priceId)),
  }
}

/** For `catch`: a price that has been followed by another one, or retired, since it was looked at, is no fault of Stripe's. */
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
    restart: null,
  }
  // Nothing was paid for a trial and nothing is due before its end.
  if (at === 'period_end' || unchanged.isTrial) return unchanged

  const items = [{ id: item.id, price: priceId }]
  const [invoice, { billed, kept, pending }] = await Promise.all([
    previewInvoice(stripe, subscriptionId, { items, ...prorated(prorationDate) }),
    readPeriod(stripe, subscription),
  ])
  const isWhole = kept + pending >= billed
  // Nobody gets credit for what is yet to be paid.
  if (pending > 0 && (invoice.total < 0 || !isWhole)) throw new PaymentDue()
  if (isWhole) return { ...unchanged, ...costOf(invoice, customer.balance) }

  // Stripe would credit all that was billed. So the period begins anew without its credit, and what is ours of it follows.
  const creditCents = Math.floor((unusedIn(invoice) * Math.max(0, kept)) / billed)
  const anew = costOf(await previewInvoice(stripe, subscriptionId, { items, ...RESTART }), customer.balance)
  return { ...unchanged, ...anew, creditCents, balanceCents: anew.balanceCents - creditCents, restart: { creditCents } }
}

/** The credit that a change which began the period anew has promised; it is owed until its note is gone. */
async function giveCredit(stripe: Stripe, subscriptionId: string): Promise<void> {
  const { metadata, customer, currency } = await stripe.subscriptions.retrieve(subscriptionId)
  const { credit_key, credit_cents } = metadata
  if (!credit_key) return
  await moveBalance(stripe, idOf(customer), {
    fact: `unused:${credit_key}`,
    amount: -Number(credit_cents),
    currency,
    description: 'Unused time of the plan before',
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
    // A new rhythm starts a new period at once.
    nextPaymentAt: new Date(Math.max(...invoice.lines.data.map(({ period }) => period.end)) * SECOND),
  }
}

const NO_PRORATION = { proration_behavior: 'none' } as const
/** A new period, charged whole. */
const RESTART = { ...NO_PRORATION, billing_cycle_anchor: { type: 'now' } } as const
const prorated = (at: Date) => ({ proration_behavior: 'always_invoice', proration_date: unixSeconds(at) }) as const

const unixSeconds = (moment: Date): number => Math.floor(moment.getTime() / SECOND)
