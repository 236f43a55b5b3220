import { createHash } from 'node:crypto'
import Stripe from 'stripe'
import { InvalidInput } from '../../../platform/errors/errors.ts'
import { PaymentProviderError } from '../../billing.errors.ts'
import type {
  CatalogueProvider,
  ProviderCatalogueItem,
  ProviderPlan,
  ProviderPriceInput,
} from '../provider-catalogue.ts'
import { nullIfMissing, type CallStripe } from './calls.ts'
import { createOnce } from './keys.ts'
import { idOf } from './objects.ts'

/**
 * The part of the port for plans: products and prices.
 *
 * Stripe forgets idempotency keys after a day. So each object also gets a unique name from us (a product's id, a
 * price's lookup key), and a later repeat finds the object by that name.
 */
export function createStripeCatalogue(call: CallStripe): CatalogueProvider {
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

    syncPlan: (plan) =>
      call(async (stripe) => syncPlan(stripe, plan)).catch((error: unknown) => void nullIfMissing(error)),

    fetchCatalogueItem: (item) => call(async (stripe) => fetchItem(stripe, item)).catch(nullIfMissing),

    archiveAgain: (item) => call(async (stripe) => archiveAgain(stripe, item)),
  }
}

async function syncPlan(stripe: Stripe, plan: ProviderPlan): Promise<void> {
  const { productId, name, isActive, priceIds } = plan
  const product = await stripe.products.update(productId, { name, active: isActive })
  const offered: Stripe.Price[] = []
  for await (const price of stripe.prices.list({ product: productId, active: true, limit: 100 })) offered.push(price)

  const sold = isActive ? priceIds : []
  const [current = null] = sold
  for (const priceId of sold) {
    if (!offered.some(({ id }) => id === priceId)) await stripe.prices.update(priceId, { active: true })
  }
  const outdated = offered.filter((price) => !sold.includes(price.id) && isOurs(price, plan))
  // Stripe refuses to archive a product's default price, so the first price becomes the default first. A retired plan
  // has no other price. There the default price stays: Stripe sells no price of an archived product.
  const defaultPrice = product.default_price ? idOf(product.default_price) : null
  const isDefaultOutdated = outdated.some(({ id }) => id === defaultPrice)
  if (isDefaultOutdated && current) await stripe.products.update(productId, { default_price: current })
  for (const { id } of outdated) {
    if (id !== defaultPrice || current) await stripe.prices.update(id, { active: false })
  }
}

/**
 * Whether we created this price. An operator may add prices to the product in the dashboard, and those stay.
 *
 * A price of an attempt that failed halfway may have no row. So the price itself says it, too: in its metadata or, if
 * it was created before we wrote metadata, by its lookup key, which begins with the id of one of our rows.
 */
function isOurs(
  { id, metadata, lookup_key }: Stripe.Price,
  { planId, priceIds, formerPriceIds }: ProviderPlan,
): boolean {
  if (priceIds.includes(id) || formerPriceIds.includes(id) || metadata['plan_id'] === planId) return true
  return OUR_LOOKUP_KEY.test(lookup_key ?? '')
}

const OUR_LOOKUP_KEY = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?::|$)/

async function fetchItem(
  stripe: Stripe,
  { kind, id }: { kind: 'product' | 'price'; id: string },
): Promise<ProviderCatalogueItem> {
  const { active, metadata, ...item } =
    kind === 'price' ? await stripe.prices.retrieve(id) : await stripe.products.retrieve(id)
  const name = item.object === 'product' ? item.name : null
  return { id, name, isActive: active, mustBeArchived: metadata[ARCHIVE_AGAIN] !== undefined }
}

/** In the metadata of an archived product or price while it is active, for as long as a call takes. */
export const ARCHIVE_AGAIN = 'archive_again'

async function archiveAgain(stripe: Stripe, { kind, id }: { kind: 'product' | 'price'; id: string }): Promise<boolean> {
  const items = kind === 'price' ? stripe.prices : stripe.products
  const { active, metadata } = await items.retrieve(id)
  if (metadata[ARCHIVE_AGAIN] === undefined) return false
  await items.update(id, { active: false, metadata: { [ARCHIVE_AGAIN]: '' } })
  return active
}

async function makePrice(stripe: Stripe, input: ProviderPriceInput): Promise<string> {
  const { key, planId, productId, currency, billingPeriod } = input
  const terms = {
    product: productId,
    ...amountOf(input),
    currency,
    recurring: { interval: billingPeriod === 'monthly' ? 'month' : 'year' },
    lookup_key: key,
    metadata: { plan_id: planId },
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

/** A price per member is one price with two tiers, so that a subscription has one item, and its quantity is the members. */
function amountOf({
  priceCents,
  seats,
}: ProviderPriceInput): Pick<Stripe.PriceCreateParams, 'unit_amount' | 'billing_scheme' | 'tiers_mode' | 'tiers'> {
  if (!seats) return { unit_amount: priceCents }
  const included = { up_to: seats.included, unit_amount: 0, flat_amount: priceCents }
  const further = { up_to: 'inf' as const, unit_amount: seats.perSeatCents }
  return { billing_scheme: 'tiered', tiers_mode: 'graduated', tiers: [included, further] }
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
