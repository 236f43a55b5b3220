import Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import { CurrencyMismatch } from '../../billing.errors.ts'
import { NO_OVERAGE, type PaymentProvider, type ProviderCheckoutInput, type ProviderPage } from '../payment-provider.ts'
import { nullIfMissing, type CallStripe } from './calls.ts'
import { isSold, refuseAddOns } from './changes/add-ons.ts'
import { carryDiscount } from './discounts/carried.ts'
import type { Coupons } from './discounts/coupons.ts'
import { refusedCode } from './discounts/refused-code.ts'
import { createOnce } from './keys.ts'
import { itemOf, LATER_START, readCheckout } from './objects.ts'
import { isOverage } from './overage-items.ts'

/** What every checkout page has. */
export interface PageSettings {
  readonly asksForCodes?: boolean
  readonly collectsTax?: boolean
}

/** The part of the port for checkout pages. */
export function createStripeCheckout(
  call: CallStripe,
  coupons: Coupons,
  settings: PageSettings,
): Pick<PaymentProvider, 'startCheckout' | 'expireCheckout' | 'fetchCheckout'> {
  return {
    startCheckout: (input) =>
      call(async (stripe) => {
        const [lines, discounts] = [await linesOf(stripe, input), await discountsOf(stripe, coupons, input)]
        const made = await createOnce({
          key: `checkout:${input.checkoutId}`,
          make: async (idempotencyKey) =>
            stripe.checkout.sessions.create(
              { ...sessionOf(input, lines), ...discountsParam(discounts, settings), ...taxParams(settings) },
              { idempotencyKey },
            ),
          find: () => findSession(stripe, input),
        }).catch(async (error: unknown) => explain(stripe, input, error))
        if ('state' in made) return made
        if (!made.url) throw new Error('Stripe returned a checkout session without a URL.')
        return { state: 'open', sessionId: made.id, url: made.url }
      }),

    expireCheckout: (id) =>
      call(async (stripe) => {
        const { status } = await stripe.checkout.sessions.retrieve(id)
        if (status === 'open') await stripe.checkout.sessions.expire(id)
      }).catch((error: unknown) => void nullIfMissing(error)),

    fetchCheckout: (id) =>
      call(async (stripe) => readCheckout(await stripe.checkout.sessions.retrieve(id, { expand: ['customer'] }))).catch(
        nullIfMissing,
      ),
  }
}

/**
 * Finds out why Stripe refused a session. The refusal has no code, so this looks at the price, at the customer, and at
 * the add-ons of the subscription that is replaced.
 *
 * @throws {CurrencyMismatch} if the customer has paid in another currency.
 * @throws {CodeNotValid} if the promotion code can't be redeemed any more, or not by this customer.
 * @throws {AddOnConflict} if an add-on of the replaced subscription can't be sold on the page.
 */
async function explain(
  stripe: Stripe,
  input: ProviderCheckoutInput,
  error: unknown,
): Promise<Exclude<ProviderPage, { state: 'open' }>> {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
  const customer = await stripe.customers.retrieve(input.providerCustomerId).catch(nullIfMissing)
  if (!customer || customer.deleted) return { state: 'customer-gone' }

  const price = await stripe.prices.retrieve(input.providerPriceId, { expand: ['product'] }).catch(nullIfMissing)
  if (!price) return { state: 'price-unknown' }
  if (!isSold(price)) return { state: 'withdrawn' }

  if (customer.currency && customer.currency !== price.currency) {
    throw new CurrencyMismatch(
      `You have paid in ${customer.currency.toUpperCase()} before and cannot use another currency. Choose a plan in that currency.`,
    )
  }
  if (input.promotionCodeId) throw refusedCode(error)
  const { upgradeFrom, upgradeFromItemId, overage = NO_OVERAGE } = input
  if (upgradeFrom)
    await refuseAddOns(stripe, { subscriptionId: upgradeFrom, itemId: upgradeFromItemId, price, overage })
  throw error
}

async function findSession(
  stripe: Stripe,
  { checkoutId, providerCustomerId }: ProviderCheckoutInput,
): Promise<Stripe.Checkout.Session | null> {
  for await (const session of stripe.checkout.sessions.list({ customer: providerCustomerId, limit: 100 })) {
    if (session.metadata?.['checkout_id'] === checkoutId) return session
  }
  return null
}

type Lines = Stripe.Checkout.SessionCreateParams.LineItem[]

/** What is bought: the plan. An upgrade replaces a subscription, and so buys its quantity and its add-ons again. */
async function linesOf(
  stripe: Stripe,
  { providerPriceId, quantity, overage = NO_OVERAGE, upgradeFrom, upgradeFromItemId }: ProviderCheckoutInput,
): Promise<Lines> {
  const used = overage.wanted.map((price) => ({ price }))
  if (!upgradeFrom) return [{ price: providerPriceId, quantity: quantity ?? 1 }, ...used]
  const old = await stripe.subscriptions.retrieve(upgradeFrom)
  const plan = itemOf(old, upgradeFromItemId)
  const addOns = old.items.data.filter((item) => item.id !== plan.id && !isOverage(overage, item))
  const bought = { price: { id: providerPriceId }, quantity: quantity ?? plan.quantity }
  const lines = [bought, ...addOns].map(({ price, quantity }) => ({
    price: price.id,
    ...(quantity !== undefined && { quantity }),
  }))
  return [...lines, ...used]
}

type Discounts = Stripe.Checkout.SessionCreateParams.Discount[]

/** A code that the customer has given, or else what runs on the subscription that is replaced. A page takes one. */
async function discountsOf(stripe: Stripe, coupons: Coupons, input: ProviderCheckoutInput): Promise<Discounts> {
  const { promotionCodeId, upgradeFrom, upgradeFromItemId, checkoutId, productId, priceCents, quantity, now } = input
  if (promotionCodeId) return [{ promotion_code: promotionCodeId }]
  if (!upgradeFrom) return []
  const replaced = { subscriptionId: upgradeFrom, itemId: upgradeFromItemId, checkoutId, productId, now }
  const coupon = await carryDiscount(stripe, coupons, { ...replaced, priceCents: priceCents * (quantity ?? 1) })
  return coupon ? [{ coupon }] : []
}

/** Stripe takes a discount, or lets people enter a code, but not both. */
function discountsParam(discounts: Discounts, { asksForCodes }: PageSettings) {
  if (discounts.length > 0) return { discounts }
  return asksForCodes ? { allow_promotion_codes: true } : {}
}

/**
 * Taxes depend on where the customer is, and on their number. Stripe keeps what they enter on the page.
 *
 * @see https://docs.stripe.com/tax/checkout
 */
function taxParams({ collectsTax }: PageSettings): Partial<Stripe.Checkout.SessionCreateParams> {
  if (!collectsTax) return {}
  return {
    automatic_tax: { enabled: true },
    billing_address_collection: 'required',
    customer_update: { address: 'auto', name: 'auto' },
    tax_id_collection: { enabled: true },
  }
}

/** Stripe does not copy a session's metadata to the subscription, so both get it here. */
function sessionOf(input: ProviderCheckoutInput, line_items: Lines): Stripe.Checkout.SessionCreateParams {
  const upgrade: Record<string, string> = input.upgradeFrom ? { upgrade_from_subscription_id: input.upgradeFrom } : {}
  return {
    mode: 'subscription',
    customer: input.providerCustomerId,
    client_reference_id: input.accountId,
    line_items,
    payment_method_collection: input.isFree ? 'if_required' : 'always',
    subscription_data: {
      metadata: {
        account_id: input.accountId,
        user_id: input.userId,
        ...upgrade,
        ...(input.startsAt && { [LATER_START]: 'true' }),
      },
      ...(input.trialDays > 0 ? { trial_period_days: input.trialDays } : {}),
      // A trial until then is Stripe's way to begin later. It must be 48 hours away when the page is opened.
      ...(input.startsAt && { trial_end: Math.floor(input.startsAt.getTime() / SECOND) }),
    },
    metadata: { checkout_id: input.checkoutId, ...upgrade },
    success_url: input.successUrl,
    cancel_url: input.cancelUrl,
    expires_at: Math.floor(input.expiresAt.getTime() / SECOND),
  }
}
