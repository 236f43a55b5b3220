import type { Loaded } from '@mikro-orm/core'
import { newId } from '../../platform/database/ids.ts'
import type { BillingScope } from '../billing-scope.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'

/** A plan's price that the provider knows. */
export interface SellablePrice {
  id: string
  providerPriceId: string
  productId: string
  priceCents: number
}

/**
 * The plan's current price with its objects at the provider, made on first use, once, whoever asks at the same time:
 * the row comes first, and its id is the key under which the provider makes its own.
 *
 * @throws {PaymentProviderError} {InvalidInput} for a currency that the provider does not take.
 */
export async function ensurePlanPrice(scope: BillingScope, plan: Plan): Promise<SellablePrice> {
  const { em } = scope
  const { provider } = scope.billing
  const { id: planId, code, name } = plan
  const price = await currentPrice(scope, plan)
  const { id, providerPriceId, priceCents, currency, billingPeriod } = price
  if (providerPriceId && plan.providerProductId) {
    return { id, providerPriceId, productId: plan.providerProductId, priceCents }
  }

  const productId = await provider.ensureProduct({ planId, code, name })
  await em.nativeUpdate(Plan, { id: planId, providerProductId: null }, { providerProductId: productId })

  const made = await provider.ensurePrice({ key: id, productId, priceCents, currency, billingPeriod })
  await em.nativeUpdate(PlanPrice, { id, providerPriceId: null }, { providerPriceId: made })
  return { id, providerPriceId: made, productId, priceCents }
}

/**
 * The plan is held from reading its terms until its price is read back: a change of them would leave a row with the old
 * ones behind, and the repeat of a draft with other terms would take the row away before it is read.
 */
async function currentPrice({ em, clock }: BillingScope, { id: plan }: Plan): Promise<Loaded<PlanPrice>> {
  const current = await em.findOne(PlanPrice, { plan, archivedAt: null }, { refresh: true })
  if (current) return current
  return em.transactional(async (em) => {
    await em.execute(
      `insert into plan_prices (id, plan_id, price_cents, currency, billing_period, created_at)
       select ?::uuid, id, price_cents, currency, billing_period, ?::timestamptz from plans where id = ? for share
       on conflict (plan_id) where archived_at is null do nothing`,
      [newId(), clock.now(), plan],
    )
    return em.findOneOrFail(PlanPrice, { plan, archivedAt: null }, { refresh: true })
  })
}
