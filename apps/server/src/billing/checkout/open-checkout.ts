import { countMembers, isAccountOpen } from '../../accounts/index.ts'
import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { HOUR, MINUTE } from '../../platform/durations.ts'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import { Busy } from '../../platform/limits/limits.errors.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import type { CheckoutView } from '../billing.schemas.ts'
import { Checkout } from '../checkout.entity.ts'
import { forgetDeletedCustomer } from '../converge/forget-deleted-customer.ts'
import { ensureCustomer, type ProviderCustomer } from '../customers/ensure-customer.ts'
import { hasUsedTrial } from '../customers/has-used-trial.ts'
import { readContact } from '../customers/read-contact.ts'
import { promotionOf } from '../discounts/promotion-of.ts'
import { ON_OFFER } from '../plan-price.entity.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { ensureOverage } from '../plans/ensure-overage.ts'
import { ensurePlanPrice, replacePrice, type SellablePrice } from '../plans/ensure-plan-price.ts'
import { lacksSeats } from '../plans/require-seats.ts'
import { costOfMembers, quantityFor } from '../plans/seat-terms.ts'
import { syncPlan } from '../plans/sync-plan.ts'
import type { ProviderOverage } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { expireCheckout } from './expire-checkout.ts'
import { syncCheckout } from './sync-checkout.ts'

/** How long a checkout page stays open. The provider takes 30 minutes to 24 hours. */
const PAGE_LIFETIME = 12 * HOUR
/** A checkout page this close to its end is not handed out again. */
const TOO_LATE = 10 * MINUTE
/** Maximum number of attempts to open a page. An attempt fails only if something changed since the page was opened. */
const ATTEMPTS = 5

/** The account that a purchase is for, and the user who makes it. */
export interface Buyer {
  accountId: string
  userId: string
}

/** What a page is to sell. */
export interface Purchase {
  plan: Plan
  /** One of its prices. */
  offer: Offer
  /** The subscription at the provider that is to be replaced. */
  upgradeFrom: string | null
  /** Whether that one has a price per member, so that its quantity is no one's decision. */
  leavesSeats: boolean
  members: number
  /** When the subscription begins; null for at once. */
  startsAt: Date | null
  /** What the customer redeems. Without one, a discount of the subscription that is replaced goes on. */
  promotionCode?: string | undefined
}

/**
 * Opens the checkout page for a plan. Simultaneous calls for the same plan get the same page, as long as it is open at
 * the provider and sells the same thing.
 *
 * @param judge decides what may be sold now, or throws. It is called before each attempt, because the last one may have
 *   found that the page was paid, or that the plan changed.
 * @throws {ProviderUnsupported} if the plan's provider is not configured, or has no promotion codes.
 * @throws {CodeNotValid}
 * @throws {AccountDisabled} when the account was closed since the call began.
 * @throws {PaymentProviderError}
 * @throws {Busy} when something has changed during every attempt.
 */
export async function openCheckout(
  scope: CallingScope,
  buyer: Buyer,
  judge: () => Promise<Purchase>,
): Promise<CheckoutView> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (!(await isAccountOpen(scope.em, buyer.accountId))) throw new AccountDisabled()
    const purchase = await judge()
    const page = await tryCheckout(atProvider(scope, purchase.offer.provider), buyer, purchase)
    if (page) return page
  }
  throw new Busy()
}

/**
 * @returns null if the page can't be handed out. By then, the reason is applied here: it is paid, expired, or outdated.
 */
async function tryCheckout(scope: CallingScope, buyer: Buyer, purchase: Purchase): Promise<CheckoutView | null> {
  const { accountId, userId } = buyer
  const { provider } = scope.billing
  const { plan, offer, upgradeFrom, leavesSeats, members, startsAt } = purchase
  const price = await ensurePlanPrice(scope, plan, offer)
  const overage = await ensureOverage(scope, plan, offer)
  const customer = await ensureCustomer(scope, accountId)
  const isTrial = plan.trialDays > 0 && !upgradeFrom && !startsAt && !(await hasUsedTrial(scope.em, accountId))
  const trialDays = isTrial ? plan.trialDays : 0
  // Members may come and go while the page is open. Then the convergence after the payment corrects the quantity.
  const quantity = quantityFor(price, { leavesSeats, members })
  const { providerCustomerId } = customer
  const code = purchase.promotionCode
  const promotionCodeId = await promotionOf(scope, { code, providerCustomerId, price, quantity })
  const sold = { upgradeFrom, trialDays, quantity, startsAt, promotionCodeId }
  const checkout = await claimCheckout(scope, { customer, price, ...sold })
  if (!checkout) return null

  const isAsWanted =
    checkout.trialDays === trialDays &&
    (checkout.upgradeFrom ?? null) === upgradeFrom &&
    (checkout.quantity ?? null) === quantity &&
    (checkout.promotionCodeId ?? null) === promotionCodeId &&
    checkout.startsAt?.getTime() === startsAt?.getTime()
  const page: Page = isAsWanted
    ? await pageOf(scope, { checkout, customer, price, overage, userId })
    : { state: 'gone' }
  switch (page.state) {
    case 'customer-gone':
      await forgetDeletedCustomer(scope, { accountId, providerCustomerId })
      return null
    case 'paid':
      await syncCheckout(scope, { accountId, sessionId: page.sessionId })
      return null
    case 'gone':
      await expireCheckout(scope, checkout.id)
      return null
    case 'price-unknown':
      await replacePrice(scope, { priceId: price.id })
      return null
    case 'withdrawn':
      await expireCheckout(scope, checkout.id)
      await syncPlan(scope, { planId: plan.id })
      return null
    case 'open': {
      const { checkoutUrl, sessionId } = page
      if (await isOnOffer(scope, { checkout, customer, plan })) return { checkoutUrl, sessionId }
      // The page is expired by its id: another call may have expired the row before the row had that id.
      await provider.expireCheckout(sessionId)
      await expireCheckout(scope, checkout.id)
      return null
    }
  }
}

/** The provider's page of a checkout. */
type Page =
  | { state: 'open'; checkoutUrl: string; sessionId: string }
  | { state: 'paid'; sessionId: string }
  /** It has expired, or sells something other than what is wanted now. */
  | { state: 'gone' }
  /** The provider refuses to open it, because the price is not on offer there. */
  | { state: 'withdrawn' }
  /** The price was created in another account or mode. */
  | { state: 'price-unknown' }
  /** The provider has deleted the customer, and we missed the event. */
  | { state: 'customer-gone' }

interface Sale {
  checkout: Checkout
  customer: ProviderCustomer
  price: SellablePrice
  overage: ProviderOverage
  /** Who buys it. */
  userId: string
}

/** Finds the checkout's page at the provider, or creates it. */
async function pageOf(scope: CallingScope, sale: Sale): Promise<Page> {
  const { url, providerSessionId: sessionId } = sale.checkout
  if (!url || !sessionId) return createPage(scope, sale)
  const page = await scope.billing.provider.fetchCheckout(sessionId)
  if (page?.status === 'open')
    return page.isCustomerGone ? { state: 'customer-gone' } : { state: 'open', checkoutUrl: url, sessionId }
  return page?.status === 'complete' ? { state: 'paid', sessionId } : { state: 'gone' }
}

async function createPage(scope: CallingScope, sale: Sale): Promise<Page> {
  const { em, billing } = scope
  const { checkout, customer, price, overage, userId } = sale
  const { settings, provider } = billing
  const upgradeFrom = checkout.upgradeFrom ?? null
  const old = upgradeFrom && (await em.findOne(Subscription, { providerSubscriptionId: upgradeFrom }))
  const page = await provider.startCheckout({
    checkoutId: checkout.id,
    accountId: customer.account.id,
    userId,
    readContact: async () => readContact(em, customer.account.id),
    upgradeFrom,
    upgradeFromItemId: old ? (old.providerItemId ?? null) : null,
    providerCustomerId: customer.providerCustomerId,
    providerPriceId: price.providerPriceId,
    productId: price.productId,
    planName: price.planName,
    priceCents: price.priceCents,
    currency: price.currency,
    promotionCodeId: checkout.promotionCodeId ?? null,
    now: await billing.time.now(),
    trialDays: checkout.trialDays,
    startsAt: checkout.startsAt ?? null,
    quantity: checkout.quantity ?? null,
    overage,
    isFree: overage.wanted.length === 0 && costOfMembers(price.priceCents, price.seats, checkout.quantity ?? 1) === 0,
    successUrl: settings.successUrl,
    cancelUrl: settings.cancelUrl,
    expiresAt: checkout.expiresAt,
  })
  if (page.state !== 'open') return page
  const { sessionId, url } = page
  const own = { id: checkout.id, providerSessionId: null }
  const stored = await em.nativeUpdate(Checkout, own, { providerSessionId: sessionId, url })
  // Another process was faster, and the provider has no idempotency keys. No one gets to see this page.
  if (stored === 0) return storedPage(scope, sale)
  return { state: 'open', checkoutUrl: url, sessionId }
}

async function storedPage(scope: CallingScope, sale: Sale): Promise<Page> {
  const checkout = await scope.em.findOneOrFail(Checkout, { id: sale.checkout.id }, { refresh: true })
  return pageOf(scope, { ...sale, checkout })
}

/**
 * Checked after the page was created. If the plan was retired or repriced before this query, the account closed or
 * grown too large, or the page expired, that is seen here. A later change finds the page and expires it.
 */
async function isOnOffer(
  { em }: CallingScope,
  { checkout: { id }, customer, plan }: { checkout: Checkout; customer: ProviderCustomer; plan: Plan },
): Promise<boolean> {
  const accountId = customer.account.id
  const offers = await em.count(Checkout, {
    id,
    status: 'open',
    price: { ...ON_OFFER, plan: { status: 'active' } },
  })
  if (offers === 0 || lacksSeats(plan, await countMembers(em, accountId))) return false
  return isAccountOpen(em, accountId)
}

interface Claim {
  customer: ProviderCustomer
  price: SellablePrice
  upgradeFrom: string | null
  trialDays: number
  quantity: number | null
  startsAt: Date | null
  promotionCodeId: string | null
}

/**
 * Gets the customer's one open checkout of this price. When several calls insert it at once, the unique index lets one
 * of them through.
 *
 * @returns null when another call has expired it between the two statements.
 */
async function claimCheckout(
  { em, clock }: CallingScope,
  { customer, price, upgradeFrom, trialDays, quantity, startsAt, promotionCodeId }: Claim,
): Promise<Checkout | null> {
  const now = clock.now()
  await em.nativeUpdate(
    Checkout,
    { customer: customer.id, status: 'open', expiresAt: { $lt: after(now, TOO_LATE) } },
    { status: 'expired' },
  )
  await em.execute(
    `insert into checkouts
       (id, customer_id, price_id, trial_days, upgrade_from, quantity, starts_at, promotion_code_id, status, created_at,
        expires_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?) on conflict (customer_id, price_id) where status = 'open' do nothing`,
    [
      ...[newId(), customer.id, price.id, trialDays, upgradeFrom, quantity, startsAt, promotionCodeId, now],
      after(now, PAGE_LIFETIME),
    ],
  )
  return em.findOne(Checkout, { customer: customer.id, price: price.id, status: 'open' }, { refresh: true })
}
