import Stripe from 'stripe'
import { SECOND } from '../../../../platform/durations.ts'
import { PaymentDue, PaymentFailed, PaymentProviderError, PreviewStale } from '../../../billing.errors.ts'
import {
  NO_AMOUNT,
  NO_OVERAGE,
  type PaymentProvider,
  type ProviderOverage,
  type ProviderPlanItem,
  type ProviderPreview,
  type ProviderPreviewInput,
} from '../../payment-provider.ts'
import type { CallStripe } from '../calls.ts'
import { moveBalance, unusedIn } from '../credit.ts'
import { orRefused } from '../discounts/refused-code.ts'
import { previewOf } from '../invoice-lines.ts'
import { createOnce } from '../keys.ts'
import { idOf, itemOf, partsOf } from '../objects.ts'
import { overageChanges } from '../overage-items.ts'
import { readPeriod } from '../period.ts'
import { hasEnded } from '../subscriptions.ts'
import { isSold, refuseInterval } from './add-ons.ts'
import { nullIfNoneUpcoming, periodEndOf, previewNext } from './next-invoice.ts'
import { keepPlanInSchedule, moveOf, previewMove, releaseIdle, scheduleMove } from './schedules.ts'

/** The part of the port for plan changes. */
export function createStripePlanChanges(
  call: CallStripe,
): Pick<
  PaymentProvider,
  | 'previewChange'
  | 'changePlan'
  | 'setQuantity'
  | 'previewQuantity'
  | 'giveOwedCredit'
  | 'scheduleChange'
  | 'dropScheduledChange'
  | 'releaseIdleSchedule'
> {
  return {
    previewChange: async (input) =>
      call(async (stripe) => previewChange(stripe, input))
        .catch(input.promotionCodeId ? orRefused : rethrow)
        .catch(explain(call, input.plan, input.priceId, input.overage ?? NO_OVERAGE)),

    changePlan: ({
      key,
      plan,
      priceId,
      quantity,
      overage = NO_OVERAGE,
      prorationDate,
      isTrial,
      restart,
      ...redeemed
    }) =>
      call(async (stripe) => {
        const { subscriptionId, itemId } = plan
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
                  items: [
                    itemWith(itemOf(subscription, itemId), priceId, quantity),
                    ...overageChanges(subscription, overage),
                  ],
                  payment_behavior: 'error_if_incomplete',
                  ...terms,
                  ...discountsOf(redeemed),
                  // Stored with the change itself, so that the owed credit is known even if this call stops here.
                  ...(restart ? { metadata: { credit_key: key, credit_cents: String(restart.creditCents) } } : {}),
                },
                { idempotencyKey },
              ),
            find: async () => {
              const present = await stripe.subscriptions.retrieve(subscriptionId)
              return itemOf(present, itemId).price.id === priceId ? present : null
            },
          })
        } catch (error) {
          if (error instanceof Stripe.errors.StripeError && error.statusCode === 402) throw new PaymentFailed()
          throw error
        }
        if (subscription.schedule) await keepPlanInSchedule(stripe, subscriptionId, { ...plan, quantity, overage })
        if (restart) await giveCredit(stripe, subscriptionId)
      })
        .catch(redeemed.promotionCodeId ? orRefused : rethrow)
        .catch(explain(call, plan, priceId, overage)),

    setQuantity: ({ subscriptionId, itemId, quantity }) =>
      call(async (stripe) => {
        // No idempotency key: after 5, 6 and 5 members, the third call would get the first call's answer.
        await stripe.subscriptions.update(subscriptionId, {
          items: [{ id: itemId, quantity }],
          ...ON_NEXT_INVOICE,
        })
      }),

    previewQuantity: ({ subscriptionId, itemId, quantity }) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(subscriptionId)
        if (hasEnded(subscription)) return null
        const details = { items: [{ id: itemId, quantity }], ...ON_NEXT_INVOICE }
        const invoice = await previewInvoice(stripe, subscriptionId, details).catch(nullIfNoneUpcoming)
        if (!invoice) return null
        const { current_period_end: end } = itemOf(subscription, itemId)
        // What has cost nothing so far starts a new period now.
        const isDueNow = invoice.lines.data.some(({ period }) => period.start < end && period.end > end)
        const { amount_due, total, currency } = invoice
        if (isDueNow) return { dueNowCents: amount_due, nextPaymentCents: total, currency }
        return { dueNowCents: 0, nextPaymentCents: amount_due, currency }
      }),

    async giveOwedCredit(subscriptionId) {
      await call(async (stripe) => giveCredit(stripe, subscriptionId))
      return { returned: [], refused: [] }
    },

    scheduleChange: ({ key, plan, priceId, quantity, overage = NO_OVERAGE, promotionCodeId = null }) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(plan.subscriptionId)
        const move = moveOf(subscription, plan, { priceId, quantity, overage, promotionCodeId })
        await scheduleMove(stripe, subscription, { key, ...move })
      })
        .catch(promotionCodeId ? orRefused : rethrow)
        .catch(explain(call, plan, priceId, overage)),

    dropScheduledChange: (plan) =>
      call(async (stripe) =>
        keepPlanInSchedule(stripe, plan.subscriptionId, { ...plan, quantity: null, overage: null }),
      ),

    releaseIdleSchedule: (id) =>
      call(async (stripe) => {
        const { schedule } = await stripe.subscriptions.retrieve(id, { expand: ['schedule'] })
        if (schedule && typeof schedule === 'object') await releaseIdle(stripe, schedule)
      }),
  }
}

/**
 * The plan's item with another price. Without its id, Stripe would add a second item and charge for both. Without its
 * quantity, Stripe would set that to 1. Discounts, tax rates and metadata stay unless they are named.
 */
function itemWith(item: Stripe.SubscriptionItem, price: string, newQuantity: number | null) {
  const quantity = newQuantity ?? item.quantity
  return { id: item.id, price, ...(quantity !== undefined && { quantity }) }
}

/** A promotion code takes the place of the discounts that run. Without one, they stay. */
const discountsOf = ({ promotionCodeId }: Pick<ProviderPreviewInput, 'promotionCodeId'>) =>
  promotionCodeId ? { discounts: [{ promotion_code: promotionCodeId }] } : {}

function rethrow(error: unknown): never {
  throw error
}

/**
 * For `catch`: throws PreviewStale if Stripe refused because the price was replaced or retired after the preview, and
 * AddOnConflict if an add-on doesn't go along.
 */
function explain(
  call: CallStripe,
  plan: ProviderPlanItem,
  priceId: string,
  overage: ProviderOverage,
): (error: unknown) => Promise<never> {
  return async (error) => {
    const cause = error instanceof PaymentProviderError ? error.cause : undefined
    if (!(cause instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    const price = await call((stripe) => stripe.prices.retrieve(priceId, { expand: ['product'] }))
    if (!isSold(price)) throw new PreviewStale()
    await call((stripe) => refuseInterval(stripe, { ...plan, price, overage }))
    throw error
  }
}

async function previewChange(
  stripe: Stripe,
  { plan, at, priceId, quantity, overage = NO_OVERAGE, prorationDate, promotionCodeId = null }: ProviderPreviewInput,
): Promise<ProviderPreview | null> {
  const { subscriptionId, itemId } = plan
  const subscription = await stripe.subscriptions.retrieve(subscriptionId, {
    expand: ['customer', 'discounts.source.coupon', 'schedule'],
  })
  if (hasEnded(subscription)) return null
  const item = itemOf(subscription, itemId)
  const { customer } = subscription
  if (typeof customer === 'string' || customer.deleted) throw new Error(`The customer of ${subscriptionId} is gone.`)
  const items = [itemWith(item, priceId, quantity), ...overageChanges(subscription, overage)]
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
    parts: NO_AMOUNT,
  }
  // A trial costs nothing, so there is nothing to credit, and nothing is due before its end.
  if (at === 'period_end' || unchanged.isTrial) {
    const { nextPaymentAt } = unchanged
    if (at === 'period_end' && subscription.schedule) {
      const move = moveOf(subscription, plan, { priceId, quantity, overage, promotionCodeId })
      return { ...unchanged, ...(await previewMove(stripe, subscription, move)) }
    }
    return {
      ...unchanged,
      ...(await previewNext(stripe, subscription, { items, promotionCodeId, invoice: null, nextPaymentAt })),
    }
  }

  const discounts = discountsOf({ promotionCodeId })
  const [invoice, { billed, kept, pending }] = await Promise.all([
    previewInvoice(stripe, subscriptionId, { items, ...prorated(prorationDate) }, discounts),
    readPeriod(stripe, subscription),
  ])
  const isInFull = kept + pending >= billed
  // No credit for money that is not paid yet.
  if (pending > 0 && (invoice.total < 0 || !isInFull)) throw new PaymentDue()
  if (isInFull) {
    const cost = costOf(invoice, customer.balance, priceId)
    return {
      ...unchanged,
      ...cost,
      ...(await previewNext(stripe, subscription, { items, promotionCodeId, invoice, ...cost })),
    }
  }

  // Stripe would credit all that was billed. So we start a new period without Stripe's credit, and credit our part.
  const [inFull, unused] = await Promise.all([
    previewInvoice(stripe, subscriptionId, { items, ...RESTART }, discounts),
    // A new period starts for every item, so the unused time of each is credited.
    previewInvoice(stripe, subscriptionId, { items, ...prorated(prorationDate), ...FROM_NOW }),
  ])
  const creditCents = Math.floor((unusedIn(unused, inFull) * Math.max(0, kept)) / billed)
  const restarted = costOf(inFull, customer.balance, priceId)
  const balanceCents = restarted.balanceCents - creditCents
  const next = await previewNext(stripe, subscription, { items, promotionCodeId, invoice: inFull, ...restarted })
  return { ...unchanged, ...restarted, ...next, creditCents, balanceCents, restart: { creditCents } }
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
  discounts: ReturnType<typeof discountsOf> = {},
): Promise<Stripe.Invoice> {
  return previewOf(stripe, { subscription, subscription_details, ...discounts })
}

function costOf(invoice: Stripe.Invoice, balance: number, priceId: string) {
  return {
    dueNowCents: invoice.amount_due,
    creditCents: Math.max(0, -invoice.total),
    parts: partsOf(invoice),
    balanceCents: invoice.amount_due > 0 ? 0 : balance + invoice.total,
    // A change between monthly and yearly billing starts a new period at once.
    nextPaymentAt: periodEndOf(invoice, priceId),
  }
}

const ON_NEXT_INVOICE = { proration_behavior: 'create_prorations' } as const
const NO_PRORATION = { proration_behavior: 'none' } as const
const FROM_NOW = { billing_cycle_anchor: { type: 'now' } } as const
/** A new period, charged in full. */
const RESTART = { ...NO_PRORATION, ...FROM_NOW } as const
const prorated = (at: Date) => ({ proration_behavior: 'always_invoice', proration_date: unixSeconds(at) }) as const

const unixSeconds = (moment: Date): number => Math.floor(moment.getTime() / SECOND)
