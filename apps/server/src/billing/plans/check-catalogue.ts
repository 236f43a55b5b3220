import type { EntityManager } from '@mikro-orm/postgresql'
import { PlanPrice } from '../plan-price.entity.ts'
import type { PaymentProvider } from '../providers/payment-provider.ts'

export interface CatalogueCheck {
  /** How many prices were looked up at the provider. */
  asked: number
  /** Codes of plans whose price is missing at the provider: it was created with another account's key or mode. */
  unknown: string[]
  /** Codes of plans that are for sale here but not at the provider. */
  withdrawn: string[]
}

/**
 * Looks up the current price of every active plan of the provider there. Plans that have no price there yet are left out.
 *
 * @throws {PaymentProviderError}
 */
export async function checkCatalogue(em: EntityManager, provider: PaymentProvider): Promise<CatalogueCheck> {
  const prices = await em.find(
    PlanPrice,
    { archivedAt: null, providerPriceId: { $ne: null }, plan: { status: 'active', provider: provider.name } },
    { populate: ['plan'], orderBy: { plan: { code: 'asc' } } },
  )
  const found = await Promise.all(
    prices.flatMap(({ providerPriceId: id, plan }) => (id ? lookUp(provider, { id, code: plan.$.code }) : [])),
  )
  return {
    asked: found.length,
    unknown: found.filter(({ fetched }) => fetched === null).map(({ code }) => code),
    withdrawn: found.filter(({ fetched }) => fetched?.isActive === false).map(({ code }) => code),
  }
}

async function lookUp(provider: PaymentProvider, { id, code }: { id: string; code: string }) {
  return { code, fetched: await provider.fetchCatalogueItem({ kind: 'price', id }) }
}
