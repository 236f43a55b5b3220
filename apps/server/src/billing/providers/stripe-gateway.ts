import Stripe from 'stripe'
import { SECOND } from '../../platform/durations.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import type { PaymentProvider } from './payment-provider.ts'
import { readCheckout, readInvoice, readSubscription } from './stripe-objects.ts'
import { readStripeEvent, verifyStripeEvent } from './stripe-events.ts'

/** The version whose shapes this code reads; an account's own default must not change them. */
const API_VERSION = '2026-10-28.endive'

export interface StripeSettings {
  readonly secretKey: string
  /** All that may sign, so that a secret can be rotated. */
  readonly webhookSecrets: readonly string[]
  /** A sandbox; Stripe itself without it. */
  readonly apiUrl: string | undefined
}

/**
 * Stripe behind the port. Every call has a time-out and every change an idempotency key made from a row of ours, so
 * that a repeat after a crash finds the first one's result.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export function createStripeGateway(settings: StripeSettings): PaymentProvider {
  const stripe = new Stripe(settings.secretKey, {
    apiVersion: API_VERSION,
    timeout: 4 * SECOND,
    maxNetworkRetries: 1,
    telemetry: false,
    ...(settings.apiUrl ? addressOf(settings.apiUrl) : {}),
  })

  return {
    name: 'stripe',

    ensureCustomer: ({ customerId, userId, email, name }) =>
      asked(async () => {
        const customer = await stripe.customers.create(
          { ...(email ? { email } : {}), name, metadata: { user_id: userId } },
          { idempotencyKey: `customer:${customerId}` },
        )
        return customer.id
      }),

    ensureProduct: ({ planId, code, name, productId }) =>
      asked(async () => {
        if (productId) return productId
        const product = await stripe.products.create(
          { name, metadata: { plan_id: planId, plan_code: code } },
          { idempotencyKey: `product:${planId}` },
        )
        return product.id
      }),

    ensurePrice: ({ priceId, productId, priceCents, currency, billingPeriod }) =>
      asked(async () => {
        const price = await stripe.prices.create(
          {
            product: productId,
            unit_amount: priceCents,
            currency,
            recurring: { interval: billingPeriod === 'monthly' ? 'month' : 'year' },
            metadata: { plan_price_id: priceId },
          },
          { idempotencyKey: `price:${priceId}` },
        )
        return price.id
      }),

    startCheckout: (input) =>
      asked(async () => {
        const session = await stripe.checkout.sessions.create(
          {
            mode: 'subscription',
            customer: input.providerCustomerId,
            client_reference_id: input.userId,
            line_items: [{ price: input.providerPriceId, quantity: 1 }],
            payment_method_collection: input.isFree ? 'if_required' : 'always',
            subscription_data: {
              metadata: { user_id: input.userId },
              ...(input.trialDays > 0 ? { trial_period_days: input.trialDays } : {}),
            },
            metadata: { checkout_id: input.checkoutId },
            success_url: input.successUrl,
            cancel_url: input.cancelUrl,
            expires_at: Math.floor(input.expiresAt.getTime() / SECOND),
          },
          { idempotencyKey: `checkout:${input.checkoutId}` },
        )
        if (!session.url) throw new Error('Stripe gave a checkout session without a page.')
        return { sessionId: session.id, url: session.url, expiresAt: new Date(session.expires_at * SECOND) }
      }),

    fetchCheckout: (id) => asked(async () => readCheckout(await stripe.checkout.sessions.retrieve(id))).catch(orNull),

    fetchSubscription: (id) =>
      asked(async () => readSubscription(await stripe.subscriptions.retrieve(id))).catch(orNull),

    fetchInvoice: (id) =>
      asked(async () =>
        readInvoice(await stripe.invoices.retrieve(id, { expand: ['payments.data.payment.payment_intent'] })),
      ).catch(orNull),

    verifyWebhook: (rawBody, signature) => verifyStripeEvent(stripe, settings.webhookSecrets, rawBody, signature),
    readNotice: readStripeEvent,
  }
}

/** Whatever goes wrong on the way to Stripe becomes one error of ours; the cause is for the log. */
async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw new PaymentProviderError({ cause: error })
  }
}

function orNull(error: unknown): null {
  const cause = error instanceof PaymentProviderError ? error.cause : undefined
  if (cause instanceof Stripe.errors.StripeInvalidRequestError && cause.code === 'resource_missing') return null
  throw error
}

function addressOf(apiUrl: string) {
  const { hostname, port, protocol } = new URL(apiUrl)
  const isHttp = protocol === 'http:'
  return { host: hostname, port: Number(port) || (isHttp ? 80 : 443), protocol: isHttp ? 'http' : 'https' } as const
}
