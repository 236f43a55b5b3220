import type { EntityManager } from '@mikro-orm/postgresql'
import { collectedBy, ON_OFFER, PlanPrice } from '../plan-price.entity.ts'
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
 * Looks up the provider's prices of every active plan there. Prices that are not there yet are left out.
 *
 * @throws {PaymentProviderError}
 */
export async function checkCatalogue(em: EntityManager, provider: PaymentProvider): Promise<CatalogueCheck> {
  const prices = await em.find(
    PlanPrice,
    { $and: [ON_OFFER, collectedBy(provider.name)], providerPriceId: { $ne: null }, plan: { status: 'active' } },
    { populate: ['plan'], orderBy: { plan: { code: 'asc' } } },
  )
  const found = await Promise.all(
    prices.flatMap(({ providerPriceId: id, plan }) => (id ? lookUp(provider, { id, code: plan.$.code }) : [])),
  )
  return {
    asked: found.length,
    unknown: codesOf(found.filter(({ fetched }) => fetched === null)),
    withdrawn: codesOf(found.filter(({ fetched }) => fetched?.isActive === false)),
  }
}

const codesOf = (found: readonly { code: string }[]): string[] => [...new Set(found.map(({ code }) => code))]

async function lookUp(provider: PaymentProvider, { id, code }: { id: string; code: string }) {
  return { code, fetched: await provider.fetchCatalogueItem({ kind: 'price', id }) }
}
