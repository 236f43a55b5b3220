import { after } from '../platform/clock.ts'
import { HOUR, MINUTE } from '../platform/durations.ts'
import { newId } from '../platform/ids.ts'
import type { BillingScope } from './billing-scope.ts'
import type { CheckoutView } from './billing.schemas.ts'
import { Checkout } from './checkout.entity.ts'
import { convergeCustomer } from './converge-customer.ts'
import { ensureCustomer, type Payer } from './ensure-customer.ts'
import { ensurePlanPrice, type SellablePrice } from './ensure-plan-price.ts'
import { lockCustomer } from './lock-customer.ts'
import type { Plan } from './plan.entity.ts'

/** How long a payment page stays open; the provider takes 30 minutes to 24 hours. */
const PAGE_LIFETIME = 12 * HOUR
/** A page this close to its end is not handed out again. */
const TOO_LATE = 10 * MINUTE

type Buyer = Awaited<ReturnType<typeof ensureCustomer>>

interface Purchase {
  plan: Plan
  /** The subscription at the provider that is to be replaced. */
  upgradeFrom: string | null
}

/**
 * Opens the hosted page on which a plan is paid; simultaneous calls for the same plan get the same page, as long as it
 * is open at the provider and sells the same thing.
 *
 * @returns null when the page turned out to be paid: what that has changed is known here then.
 * @throws {PaymentProviderError}
 */
export async function openCheckout(
  scope: BillingScope,
  payer: Payer,
  purchase: Purchase,
): Promise<CheckoutView | null> {
  const price = await ensurePlanPrice(scope, purchase.plan)
  const customer = await ensureCustomer(scope, payer)
  const isFirst = !purchase.upgradeFrom && !customer.trialUsedAt
  const wanted = { ...purchase, trialDays: isFirst ? purchase.plan.trialDays : 0 }
  for (;;) {
    const checkout = await claimCheckout(scope, customer, wanted, price)
    if (checkout.trialDays !== wanted.trialDays || (checkout.upgradeFrom ?? null) !== wanted.upgradeFrom) {
      await closeCheckout(scope, checkout)
      continue
    }
    if (!checkout.url || !checkout.providerSessionId)
      return startCheckoutPage(scope, payer, { checkout, customer, price })

    const page = await scope.billing.provider.fetchCheckout(checkout.providerSessionId)
    if (page?.status === 'open') return { checkoutUrl: checkout.url, sessionId: checkout.providerSessionId }
    if (page?.status === 'complete') {
      await settleCheckout(scope, payer.userId, checkout.providerSessionId)
      return null
    }
    await closeCheckout(scope, checkout)
  }
}

/** The customer's one open checkout of this price: of those who insert at the same time, the unique index takes one. */
async function claimCheckout(
  scope: BillingScope,
  customer: Buyer,
  { upgradeFrom, trialDays }: { upgradeFrom: string | null; trialDays: number },
  price: SellablePrice,
): Promise<Checkout> {
  const { em } = scope
  const now = scope.clock.now()
  await em.nativeUpdate(
    Checkout,
    { customer: customer.id, status: 'open', expiresAt: { $lt: after(now, TOO_LATE) } },
    { status: 'expired' },
  )
  await em.execute(
    `insert into checkouts (id, customer_id, price_id, trial_days, upgrade_from, status, created_at, expires_at)
     values (?, ?, ?, ?, ?, 'open', ?, ?) on conflict (customer_id, price_id) where status = 'open' do nothing`,
    [newId(), customer.id, price.id, trialDays, upgradeFrom, now, after(now, PAGE_LIFETIME)],
  )
  const open = await em.findOne(Checkout, { customer: customer.id, price: price.id, status: 'open' }, { refresh: true })
  // Closed by somebody else between the two statements: once more.
  return open ?? claimCheckout(scope, customer, { upgradeFrom, trialDays }, price)
}

/** Sells something else than what is wanted now, or is open no more. */
async function closeCheckout({ em, billing }: BillingScope, checkout: Checkout): Promise<void> {
  if (checkout.providerSessionId) await billing.provider.expireCheckout(checkout.providerSessionId)
  await em.nativeUpdate(Checkout, { id: checkout.id, status: 'open' }, { status: 'expired' })
}

async function settleCheckout(scope: BillingScope, userId: string, sessionId: string): Promise<void> {
  await scope.em.transactional(async (em) => {
    const customer = await lockCustomer({ ...scope, em }, { userId })
    await convergeCustomer({ ...scope, em }, customer, { subject: { kind: 'checkout', id: sessionId } })
  })
}

async function startCheckoutPage(
  { em, billing }: BillingScope,
  payer: Payer,
  { checkout, customer, price }: { checkout: Checkout; customer: Buyer; price: SellablePrice },
): Promise<CheckoutView> {
  const { settings, provider } = billing
  const { sessionId, url } = await provider.startCheckout({
    checkoutId: checkout.id,
    userId: payer.userId,
    upgradeFrom: checkout.upgradeFrom ?? null,
    providerCustomerId: customer.providerCustomerId,
    providerPriceId: price.providerPriceId,
    trialDays: checkout.trialDays,
    isFree: price.priceCents === 0,
    successUrl: settings.successUrl,
    cancelUrl: settings.cancelUrl,
    expiresAt: checkout.expiresAt,
  })
  await em.nativeUpdate(Checkout, { id: checkout.id, providerSessionId: null }, { providerSessionId: sessionId, url })
  return { checkoutUrl: url, sessionId }
}
