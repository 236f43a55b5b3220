import { createHash } from 'node:crypto'
import Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import { PaymentProviderError } from '../../billing.errors.ts'
import type { MeteringProvider, OveragePriceInput, ProviderNextInvoice, UsageReport } from '../payment-provider.ts'
import type { CallStripe } from './calls.ts'
import { previewOf } from './invoice-lines.ts'
import { createOnce } from './keys.ts'
import { billOnce, latePriceOf } from './late-usage.ts'
import { idOf } from './objects.ts'
import { overageChanges } from './overage-items.ts'
import { hasEnded } from './subscriptions.ts'

/** The part of the port for what is billed by use, on Stripe's meters. A feature has one meter for all plans. */
export function createStripeMetering(call: CallStripe): MeteringProvider {
  return {
    ensureOveragePrice: (input) => call(async (stripe) => ensurePrice(stripe, input)),

    setOverage: ({ subscriptionId, overage }) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(subscriptionId)
        const items = overageChanges(subscription, overage)
        if (items.length === 0 || hasEnded(subscription)) return
        // No idempotency key: a repeat finds what the first call did.
        await stripe.subscriptions.update(subscriptionId, { items, proration_behavior: 'create_prorations' })
      }),

    reportUsage: (report) => call(async (stripe) => reportOnce(stripe, report)),

    billUsage: (usage) => call(async (stripe) => billOnce(stripe, usage)),

    previewNextInvoice: (subscription) =>
      call(async (stripe) => {
        try {
          return readNext(await previewOf(stripe, { subscription }))
        } catch (error) {
          if (error instanceof Stripe.errors.StripeError && error.code === 'invoice_upcoming_none') return null
          throw error
        }
      }),
  }
}

const eventNameOf = (feature: string): string => `tollgate.${feature}`

async function ensurePrice(stripe: Stripe, input: OveragePriceInput): Promise<string> {
  const { key, planId, feature, name, unitPrice, currency, billingPeriod } = input
  const meter = await ensureMeter(stripe, feature)
  const product = await ensureProduct(stripe, { planId, feature, name })
  const find = async () => (await stripe.prices.list({ lookup_keys: [key] })).data[0]?.id ?? null
  const interval = billingPeriod === 'monthly' ? 'month' : 'year'
  const terms = {
    product,
    unit_amount_decimal: Stripe.Decimal.from(unitPrice),
    currency,
    recurring: { interval, usage_type: 'metered', meter },
    lookup_key: key,
    metadata: { overage_of_plan: planId, feature },
  } as const
  try {
    return await createOnce({
      key: `overage:${key}`,
      make: async (idempotencyKey) => (await stripe.prices.create(terms, { idempotencyKey })).id,
      find,
    })
  } catch (error) {
    // Made long ago, so that Stripe has forgotten the key of the call.
    const isMade = error instanceof Stripe.errors.StripeInvalidRequestError && error.param === 'lookup_key'
    const made = isMade ? await find() : null
    if (made === null) throw error
    return made
  }
}

/** Stripe allows one active meter for the events of a name, so the name finds what another call has made. */
async function ensureMeter(stripe: Stripe, feature: string): Promise<string> {
  const event_name = eventNameOf(feature)
  const find = async (): Promise<string | null> => {
    for await (const meter of stripe.billing.meters.list({ status: 'active', limit: 100 })) {
      if (meter.event_name === event_name) return meter.id
    }
    return null
  }
  const known = await find()
  if (known !== null) return known
  try {
    const meter = await stripe.billing.meters.create({
      ...{ event_name, display_name: feature, default_aggregation: { formula: 'sum' } },
      customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
      value_settings: { event_payload_key: 'value' },
    })
    return meter.id
  } catch (error) {
    const made = error instanceof Stripe.errors.StripeInvalidRequestError ? await find() : null
    if (made === null) throw error
    return made
  }
}

async function ensureProduct(
  stripe: Stripe,
  { planId, feature, name }: Pick<OveragePriceInput, 'planId' | 'feature' | 'name'>,
): Promise<string> {
  const suffix = createHash('sha256').update(feature).digest('hex').slice(0, 16)
  const id = `overage_${planId}_${suffix}`
  try {
    await stripe.products.create({ id, name, metadata: { overage_of_plan: planId, feature } })
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError && error.code === 'resource_already_exists')) throw error
  }
  return id
}

/** The identifier makes it count once. Stripe refuses it again, which says that the first call has arrived. */
async function reportOnce(stripe: Stripe, { key, feature, customerId, units, at }: UsageReport): Promise<void> {
  try {
    await stripe.billing.meterEvents.create({
      event_name: eventNameOf(feature),
      identifier: key,
      payload: { stripe_customer_id: customerId, value: String(units) },
      timestamp: Math.floor(at.getTime() / SECOND),
    })
  } catch (error) {
    if (!isRepeat(error, key)) throw error
  }
}

function isRepeat(error: unknown, key: string): boolean {
  const cause = error instanceof PaymentProviderError ? error.cause : error
  return cause instanceof Stripe.errors.StripeInvalidRequestError && cause.message.includes(`identifier ${key}`)
}

function readNext(invoice: Stripe.Invoice): ProviderNextInvoice {
  const { amount_due, currency, lines, period_end, next_payment_attempt } = invoice
  const usage = lines.data.flatMap((line) => {
    const price = latePriceOf(line) ?? line.pricing?.price_details?.price
    return price ? [{ priceId: idOf(price), units: line.quantity ?? 0, amountCents: line.amount }] : []
  })
  return {
    at: new Date((next_payment_attempt ?? period_end) * SECOND),
    amountCents: amount_due,
    currency,
    usage,
  }
}
