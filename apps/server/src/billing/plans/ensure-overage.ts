import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../../platform/database/ids.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { OveragePrice } from '../overage-price.entity.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { NO_OVERAGE, type ProviderOverage } from '../providers/payment-provider.ts'
import { overagesOf, type PlanOverage } from './plan-overage.ts'

/**
 * Returns what a plan bills by use when it is sold at one of its prices. On first use, creates the prices' rows, and the
 * prices at the provider. The row is written first, and its id is the key of the provider calls, so simultaneous calls
 * create each price once.
 *
 * @throws {PaymentProviderError}
 */
export async function ensureOverage(caller: CallingScope, plan: Plan, offer: Offer): Promise<ProviderOverage> {
  const scope = atProvider(caller, offer.provider)
  const wanted: string[] = []
  for (const overage of overagesOf(plan)) wanted.push(await ensurePrice(scope, { plan, offer, ...overage }))
  const known = await knownOverage(scope.em)
  return wanted.length + known.length === 0 ? NO_OVERAGE : { known: [...new Set([...known, ...wanted])], wanted }
}

/** The provider's ids of all prices that are or were a plan's overage. */
async function knownOverage(em: EntityManager): Promise<string[]> {
  const prices = await em.find(OveragePrice, { providerPriceId: { $ne: null } }, { fields: ['providerPriceId'] })
  return prices.flatMap(({ providerPriceId }) => providerPriceId ?? [])
}

async function ensurePrice(
  scope: CallingScope,
  { plan, offer, feature, unitPrice }: PlanOverage & { plan: Plan; offer: Offer },
): Promise<string> {
  const { em } = scope
  const { provider } = scope.billing
  const { currency, billingPeriod } = offer
  const terms = { plan: plan.id, feature, unitPrice, currency, billingPeriod }
  const account = await provider.account()
  const known = await currentPrice(scope, terms)
  // Its id belongs to another account or mode.
  const isForeign = known.providerPriceId !== null && account !== null && known.providerAccount !== account
  if (isForeign) await em.nativeUpdate(OveragePrice, { id: known.id }, { archivedAt: scope.clock.now() })
  const { id, providerPriceId } = isForeign ? await currentPrice(scope, terms) : known
  if (providerPriceId) return providerPriceId

  const name = `${plan.name}: ${feature} above the limit`
  const made = await provider.ensureOveragePrice({
    ...{ key: id, planId: plan.id, feature, name, unitPrice, currency, billingPeriod },
  })
  await em.nativeUpdate(
    OveragePrice,
    { id, providerPriceId: null },
    { providerPriceId: made, providerAccount: account },
  )
  return made
}

async function currentPrice(
  { em, clock }: CallingScope,
  terms: { plan: string; feature: string; unitPrice: string; currency: string; billingPeriod: Offer['billingPeriod'] },
): Promise<{ id: string; providerPriceId: string | null; providerAccount: string | null }> {
  const { plan, feature, unitPrice, currency, billingPeriod } = terms
  await em.execute(
    `insert into overage_prices (id, plan_id, feature, unit_price, currency, billing_period, created_at)
     values (?, ?, ?, ?, ?, ?, ?)
     on conflict (plan_id, feature, unit_price, currency, billing_period) where archived_at is null do nothing`,
    [newId(), plan, feature, unitPrice, currency, billingPeriod, clock.now()],
  )
  const row = await em.findOneOrFail(OveragePrice, { ...terms, archivedAt: null }, { refresh: true })
  return { id: row.id, providerPriceId: row.providerPriceId ?? null, providerAccount: row.providerAccount ?? null }
}
