import { after } from '../platform/clock.ts'
import { HOUR, MINUTE } from '../platform/durations.ts'
import { newId } from '../platform/ids.ts'
import { AlreadySubscribed, PlanNotFound } from './billing.errors.ts'
import type { BillingScope } from './billing-scope.ts'
import type { CheckoutView, SubscribeInput } from './billing.schemas.ts'
import { Checkout } from './checkout.entity.ts'
import { ensureCustomer, type Payer } from './ensure-customer.ts'
import { ensurePlanPrice, type SellablePrice } from './ensure-plan-price.ts'
import { Plan } from './plan.entity.ts'
import { Subscription } from './subscription.entity.ts'

/** How long a payment page stays open; the provider takes 30 minutes to 24 hours. */
const PAGE_LIFETIME = 12 * HOUR
/** A page this close to its end is not handed out again. */
const TOO_LATE = 10 * MINUTE

/**
 * Opens the hosted page on which a plan is paid; simultaneous calls for the same plan get the same page.
 *
 * @throws {PlanNotFound} unknown or retired. {AlreadySubscribed} {PaymentProviderError}
 */
export async function startCheckout(scope: BillingScope, payer: Payer, input: SubscribeInput): Promise<CheckoutView> {
  const { em } = scope
  const plan = await em.findOne(Plan, { code: input.planCode, status: 'active' })
  if (!plan) throw new PlanNotFound()
  const live = await em.count(Subscription, {
    user: payer.userId,
    status: { $ne: 'canceled' },
    provider: { $ne: 'manual' },
  })
  if (live > 0) throw new AlreadySubscribed()

  const price = await ensurePlanPrice(scope, plan)
  const customer = await ensureCustomer(scope, payer)
  const checkout = await openCheckout(scope, customer, plan, price)
  if (checkout.url && checkout.providerSessionId) {
    return { checkoutUrl: checkout.url, sessionId: checkout.providerSessionId }
  }

  const { settings, provider } = scope.billing
  const { sessionId, url } = await provider.startCheckout({
    checkoutId: checkout.id,
    userId: payer.userId,
    providerCustomerId: customer.providerCustomerId,
    providerPriceId: price.providerPriceId,
    trialDays: checkout.trialDays,
    isFree: plan.priceCents === 0,
    successUrl: settings.successUrl,
    cancelUrl: settings.cancelUrl,
    expiresAt: checkout.expiresAt,
  })
  await em.nativeUpdate(Checkout, { id: checkout.id, providerSessionId: null }, { providerSessionId: sessionId, url })
  return { checkoutUrl: url, sessionId }
}

/** The customer's one open checkout of this price: of those who insert at the same time, the unique index takes one. */
async function openCheckout(
  { em, clock }: BillingScope,
  customer: { id: string; trialUsedAt?: Date | null },
  plan: Plan,
  price: SellablePrice,
): Promise<Checkout> {
  const now = clock.now()
  await em.nativeUpdate(
    Checkout,
    { customer: customer.id, status: 'open', expiresAt: { $lt: after(now, TOO_LATE) } },
    { status: 'expired' },
  )
  await em.execute(
    `insert into checkouts (id, customer_id, price_id, trial_days, status, created_at, expires_at)
     values (?, ?, ?, ?, 'open', ?, ?) on conflict (customer_id, price_id) where status = 'open' do nothing`,
    [newId(), customer.id, price.id, customer.trialUsedAt ? 0 : plan.trialDays, now, after(now, PAGE_LIFETIME)],
  )
  return em.findOneOrFail(Checkout, { customer: customer.id, price: price.id, status: 'open' })
}
