import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { HOUR, MINUTE } from '../../platform/durations.ts'
import type { CallingScope } from '../billing-scope.ts'
import type { CheckoutView } from '../billing.schemas.ts'
import { Checkout } from '../checkout.entity.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { ensureCustomer, type Payer } from '../customers/ensure-customer.ts'
import { underLock } from '../customers/under-lock.ts'
import type { Plan } from '../plan.entity.ts'
import { ensurePlanPrice, type SellablePrice } from '../plans/ensure-plan-price.ts'
import { syncPlan } from '../plans/sync-plan.ts'
import { expireCheckout } from './expire-checkout.ts'

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
 * @returns null when everything is to be judged anew: the page turned out to be paid, and what that has changed is known
 *   here now; or what it sells, or to whom, has changed while it was opened.
 * @throws {PaymentProviderError}
 */
export async function openCheckout(
  scope: CallingScope,
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
      await expireCheckout(scope, checkout.id)
      continue
    }
    const page = await pageOf(scope, payer, { checkout, customer, price })
    if (page === 'gone') {
      await expireCheckout(scope, checkout.id)
      continue
    }
    if (page === 'not on offer') await syncPlan(scope, { planId: purchase.plan.id })
    if (page === 'paid' || page === 'not on offer') return null
    if (await isOnOffer(scope, checkout)) return page
    // By its session: whoever has closed the row may not have known that yet.
    await scope.billing.provider.expireCheckout(page.sessionId)
    await expireCheckout(scope, checkout.id)
    return null
  }
}

type Page = CheckoutView | 'gone' | 'paid' | 'not on offer'

/** The provider's page of a checkout, made on first use. */
async function pageOf(scope: CallingScope, payer: Payer, sale: Sale): Promise<Page> {
  const { id, url, providerSessionId } = sale.checkout
  if (!url || !providerSessionId) {
    const page = await startCheckoutPage(scope, payer, sale)
    if (page) return page
    await expireCheckout(scope, id)
    return 'not on offer'
  }
  const page = await scope.billing.provider.fetchCheckout(providerSessionId)
  if (page?.status === 'open') return { checkoutUrl: url, sessionId: providerSessionId }
  if (page?.status !== 'complete') return 'gone'
  await settleCheckout(scope, payer.userId, providerSessionId)
  return 'paid'
}

interface Sale {
  checkout: Checkout
  customer: Buyer
  price: SellablePrice
}

/**
 * Looked at after the page was made: whoever retires the plan, gives it another price or closes the customer's pages
 * before this is seen here, and whoever does so later finds the page.
 */
async function isOnOffer({ em }: CallingScope, { id }: Checkout): Promise<boolean> {
  const offers = await em.count(Checkout, {
    id,
    status: 'open',
    price: { archivedAt: null, plan: { status: 'active' } },
  })
  return offers > 0
}

/** The customer's one open checkout of this price: of those who insert at the same time, the unique index takes one. */
async function claimCheckout(
  scope: CallingScope,
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

async function settleCheckout(scope: CallingScope, userId: string, sessionId: string): Promise<void> {
  await underLock(scope, userId, async (locked, customer) => {
    await convergeCustomer(locked, customer, { kind: 'checkout', id: sessionId })
  })
}

async function startCheckoutPage(
  { em, billing }: CallingScope,
  payer: Payer,
  { checkout, customer, price }: Sale,
): Promise<CheckoutView | null> {
  const { settings, provider } = billing
  const page = await provider.startCheckout({
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
  if (!page) return null
  const { sessionId, url } = page
  await em.nativeUpdate(Checkout, { id: checkout.id, providerSessionId: null }, { providerSessionId: sessionId, url })
  return { checkoutUrl: url, sessionId }
}
