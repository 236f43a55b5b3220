import { createHash } from 'node:crypto'
import Stripe from 'stripe'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import type { PaymentProvider, ProviderPriceInput } from './payment-provider.ts'
import type { CallStripe } from './stripe-calls.ts'
import { createOnce } from './stripe-keys.ts'

/**
 * The part of the port for plans: products and prices.
 *
 * Stripe forgets idempotency keys after a day. So each object also gets a unique name from us (a product's id, a
 * price's lookup key), and a later repeat finds the object by that name.
 */
export function createStripeCatalogue(
  call: CallStripe,
): Pick<PaymentProvider, 'ensureProduct' | 'ensurePrice' | 'syncPlan'> {
  return {
    ensureProduct: ({ planId, code, name }) =>
      call(async (stripe) => {
        const id = `plan_${planId}`
        const product = { id, name, metadata: { plan_id: planId, plan_code: code } }
        try {
          await createOnce({
            key: `product:${planId}:${digest(name)}`,
            make: async (idempotencyKey) => stripe.products.create(product, { idempotencyKey }),
            // If the product exists, the next attempt fails with `resource_already_exists`.
            find: async () => null,
          })
        } catch (error) {
          if (!(error instanceof Stripe.errors.StripeError && error.code === 'resource_already_exists')) throw error
        }
        return id
      }),

    ensurePrice: (input) => call((stripe) => makePrice(stripe, input)).catch(orBadCurrency),

    syncPlan: ({ productId, name, isActive, priceId }) =>
      call(async (stripe) => {
        await stripe.products.update(productId, { name, active: isActive })
        const offered: string[] = []
        for await (const { id } of stripe.prices.list({ product: productId, active: true, limit: 100 })) {
          offered.push(id)
        }
        for (const id of offered) {
          if (!isActive || id !== priceId) await stripe.prices.update(id, { active: false })
        }
        if (isActive && priceId && !offered.includes(priceId)) await stripe.prices.update(priceId, { active: true })
      }),
  }
}

async function makePrice(stripe: Stripe, input: ProviderPriceInput): Promise<string> {
  const { key, productId, priceCents, currency, billingPeriod } = input
  const terms = {
    product: productId,
    unit_amount: priceCents,
    currency,
    recurring: { interval: billingPeriod === 'monthly' ? 'month' : 'year' },
    lookup_key: key,
  } as const
  const find = async () => (await stripe.prices.list({ lookup_keys: [key] })).data[0]?.id ?? null
  try {
    return await createOnce({
      key: `price:${key}`,
      make: async (idempotencyKey) => (await stripe.prices.create(terms, { idempotencyKey })).id,
      find,
    })
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError && error.param === 'lookup_key')) throw error
    const made = await find()
    if (!made) throw error
    return made
  }
}

/** Which currencies Stripe accepts depends on the account, so only Stripe can refuse one. */
function orBadCurrency(error: unknown): never {
  const cause = error instanceof PaymentProviderError ? error.cause : undefined
  if (cause instanceof Stripe.errors.StripeInvalidRequestError && cause.param === 'currency') {
    throw new InvalidInput({ currency: 'is not accepted by the payment provider' })
  }
  throw error
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')
