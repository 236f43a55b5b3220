import type { Loaded } from '@mikro-orm/core'
import { newId } from '../../platform/database/ids.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import type { SeatTerms } from '../providers/payment-provider.ts'
import { seatTermsOf } from './seat-terms.ts'

/** A plan's price that exists at the provider. */
export interface SellablePrice {
  id: string
  providerPriceId: string
  productId: string
  priceCents: number
  currency: string
  planName: string
  /** Null if it does not charge per member. */
  seats: SeatTerms | null
}

/**
 * Returns the plan's current price. On first use, creates the price's row, and its product and price at the provider.
 * Simultaneous calls create them once: the row is written first, and its id is the key of the provider calls.
 *
 * @throws {ProviderUnsupported} if the plan's provider is not configured
 * @throws {InvalidInput} for a currency that the provider does not accept
 * @throws {PaymentProviderError}
 */
export async function ensurePlanPrice(caller: CallingScope, plan: Plan): Promise<SellablePrice> {
  const scope = atProvider(caller, plan.provider)
  const { em } = scope
  const { provider } = scope.billing
  const { id: planId, code, name } = plan
  const price = await knownPrice(scope, plan)
  const { id, providerPriceId, priceCents, currency, billingPeriod } = price
  const seats = seatTermsOf(price)
  if (providerPriceId && plan.providerProductId) {
    return { id, providerPriceId, productId: plan.providerProductId, priceCents, currency, planName: name, seats }
  }

  const productId = await provider.ensureProduct({ planId, code, name })
  await em.nativeUpdate(Plan, { id: planId, providerProductId: null }, { providerProductId: productId })

  const made = await provider.ensurePrice({
    key: id,
    planId,
    name,
    productId,
    priceCents,
    currency,
    billingPeriod,
    seats,
  })
  const providerAccount = await provider.account()
  await em.nativeUpdate(PlanPrice, { id, providerPriceId: null }, { providerPriceId: made, providerAccount })
  return { id, providerPriceId: made, productId, priceCents, currency, planName: name, seats }
}

/** Returns the plan's current price. If its id belongs to another account or mode, replaces it by a new row first. */
async function knownPrice(scope: CallingScope, plan: Plan): Promise<Loaded<PlanPrice>> {
  const price = await currentPrice(scope, plan)
  const { provider } = scope.billing
  const account = await provider.account()
  const { id, providerPriceId, providerAccount } = price
  if (!providerPriceId || !account || providerAccount === account) return price

  const isUnknown = !providerAccount
  if (isUnknown && (await provider.fetchCatalogueItem({ kind: 'price', id: providerPriceId }))) {
    await scope.em.nativeUpdate(PlanPrice, { id }, { providerAccount: account })
    return price
  }
  await replacePrice(scope, { priceId: id })
  return currentPrice(scope, plan)
}

/**
 * Replaces a price whose id belongs to another account or mode by a row with the same terms, for which the price is
 * created in the current account. The old row stays, for the subscriptions that have its price.
 */
export async function replacePrice({ em, clock }: CallingScope, { priceId }: { priceId: string }): Promise<void> {
  await em.transactional(async (em) => {
    const now = clock.now()
    const archived = await em.nativeUpdate(PlanPrice, { id: priceId, archivedAt: null }, { archivedAt: now })
    if (archived === 0) return
    await em.execute(
      `insert into plan_prices
         (id, plan_id, price_cents, currency, billing_period, included_seats, per_seat_cents, created_at)
       select ?::uuid, plan_id, price_cents, currency, billing_period, included_seats, per_seat_cents, ?::timestamptz
       from plan_prices where id = ?`,
      [newId(), now, priceId],
    )
  })
}

/**
 * Locks the plan from reading its terms until its price is read back. Without the lock, a changed plan could get a
 * price with its old terms, and a repeated draft with other terms could delete the new row before it is read.
 */
async function currentPrice({ em, clock }: CallingScope, { id: plan }: Plan): Promise<Loaded<PlanPrice>> {
  const current = await em.findOne(PlanPrice, { plan, archivedAt: null }, { refresh: true })
  if (current) return current
  return em.transactional(async (em) => {
    await em.execute(
      `insert into plan_prices
         (id, plan_id, price_cents, currency, billing_period, included_seats, per_seat_cents, created_at)
       select ?::uuid, id, price_cents, currency, billing_period,
         case when per_seat_cents is not null then included_seats end, per_seat_cents, ?::timestamptz
       from plans where id = ? for share
       on conflict (plan_id) where archived_at is null do nothing`,
      [newId(), clock.now(), plan],
    )
    return em.findOneOrFail(PlanPrice, { plan, archivedAt: null }, { refresh: true })
  })
}
