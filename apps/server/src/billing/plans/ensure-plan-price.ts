import type { Loaded } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../../platform/database/ids.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PlanNotFound } from '../billing.errors.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan, type Offer } from '../plan.entity.ts'
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
 * Returns what the plan is sold for at one of its prices. On first use, creates the price's row, and its product and price
 * at the provider. Simultaneous calls create them once: the row is written first, and its id is the key of the provider
 * calls.
 *
 * @throws {PlanNotFound} if the plan is no longer sold for this period in this currency.
 * @throws {ProviderUnsupported} if the price's provider is not configured
 * @throws {InvalidInput} for a currency that the provider does not accept
 * @throws {PaymentProviderError}
 */
export async function ensurePlanPrice(
  caller: CallingScope,
  plan: Plan,
  offer: Offer = plan.firstOffer(),
): Promise<SellablePrice> {
  const scope = atProvider(caller, offer.provider)
  const { em } = scope
  const { provider } = scope.billing
  const { id: planId, code, name } = plan
  const price = await knownPrice(scope, plan, offer)
  const { id, providerPriceId, priceCents, currency, billingPeriod } = price
  const seats = seatTermsOf(price)
  const known = plan.provider === offer.provider ? plan.providerProductId : null
  if (providerPriceId && known) {
    return { id, providerPriceId, productId: known, priceCents, currency, planName: name, seats }
  }

  const productId = await provider.ensureProduct({ planId, code, name })
  if (plan.provider === offer.provider) {
    await em.nativeUpdate(Plan, { id: planId, providerProductId: null }, { providerProductId: productId })
  }
  if (providerPriceId) return { id, providerPriceId, productId, priceCents, currency, planName: name, seats }

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

/** Returns the row of a plan's price. If its id belongs to another account or mode, replaces it by a new row first. */
async function knownPrice(scope: CallingScope, plan: Plan, offer: Offer): Promise<Loaded<PlanPrice>> {
  const price = await currentPrice(scope, plan, offer)
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
  return currentPrice(scope, plan, offer)
}

/**
 * Replaces a price whose id belongs to another account or mode by a row with the same terms, for which the price is
 * created in the current account. The old row stays, for the subscriptions that have its price.
 */
export async function replacePrice({ em, clock }: CallingScope, { priceId }: { priceId: string }): Promise<void> {
  await em.transactional(async (em) => {
    const now = clock.now()
    const [former] = await em.execute<{ is_further: boolean }[]>(
      'select is_further from plan_prices where id = ? and (archived_at is null or is_further) for update',
      [priceId],
    )
    if (!former) return
    await em.execute('update plan_prices set archived_at = coalesce(archived_at, ?), is_further = false where id = ?', [
      now,
      priceId,
    ])
    await em.execute(
      `insert into plan_prices (id, plan_id, price_cents, currency, billing_period, included_seats, per_seat_cents,
         provider, created_at, archived_at, is_further)
       select ?::uuid, plan_id, price_cents, currency, billing_period, included_seats, per_seat_cents, provider,
         ?::timestamptz, case when ? then ?::timestamptz end, ?
       from plan_prices where id = ?`,
      [newId(), now, former.is_further, now, former.is_further, priceId],
    )
  })
}

/**
 * Locks the plan from reading its terms until its price is read back. Without the lock, a changed plan could get a
 * price with its old terms, and a repeated draft with other terms could delete the new row before it is read.
 *
 * @throws {PlanNotFound}
 */
async function currentPrice(scope: CallingScope, plan: Plan, offer: Offer): Promise<Loaded<PlanPrice>> {
  const { em, clock } = scope
  const { billingPeriod, currency } = offer
  const read = async (em: EntityManager) => {
    const further = { plan: plan.id, isFurther: true, billingPeriod, currency }
    const found = await em.findOne(PlanPrice, isFirst(plan, offer) ? { plan: plan.id, archivedAt: null } : further, {
      refresh: true,
    })
    return found
  }
  const current = await read(em)
  if (current) return current
  return em.transactional(async (em) => {
    if (isFirst(plan, offer)) {
      await em.execute(
        `insert into plan_prices
           (id, plan_id, price_cents, currency, billing_period, included_seats, per_seat_cents, created_at)
         select ?::uuid, id, price_cents, currency, billing_period,
           case when per_seat_cents is not null then included_seats end, per_seat_cents, ?::timestamptz
         from plans where id = ? for share
         on conflict (plan_id) where archived_at is null do nothing`,
        [newId(), clock.now(), plan.id],
      )
    } else {
      const now = clock.now()
      await em.execute('select 1 from plans where id = ? for share', [plan.id])
      await em.execute(
        `insert into plan_prices (id, plan_id, price_cents, currency, billing_period, included_seats, per_seat_cents,
           provider, created_at, archived_at, is_further)
         select ?::uuid, plan.id, sold."priceCents", sold.currency, sold."billingPeriod",
           case when sold."perSeatCents" is not null then plan.included_seats end, sold."perSeatCents", sold.provider,
           ?::timestamptz, ?::timestamptz, true
         from plans plan, jsonb_to_recordset(plan.further_prices) as sold
           ("billingPeriod" text, currency text, "priceCents" int, "perSeatCents" int, provider text)
         where plan.id = ? and sold."billingPeriod" = ? and sold.currency = ?
         on conflict (plan_id, billing_period, currency) where is_further = true do nothing`,
        [newId(), now, now, plan.id, billingPeriod, currency],
      )
    }
    const made = await read(em)
    if (!made) throw new PlanNotFound()
    return made
  })
}

function isFirst(plan: Plan, { billingPeriod, currency }: Offer): boolean {
  return plan.billingPeriod === billingPeriod && plan.currency === currency
}
