import type { EntityManager } from '@mikro-orm/postgresql'
import { PlanPrice } from '../plan-price.entity.ts'
import type { PaymentProvider } from '../providers/payment-provider.ts'

export interface CatalogueCheck {
  /** How many prices of plans on offer the provider was asked about. */
  asked: number
  /** Codes of plans whose price the provider does not have: it was made with another account's key, or in another mode. */
  unknown: string[]
  /** Codes of plans that are on offer here, and not there. */
  withdrawn: string[]
}

/**
 * Asks the provider about the current price of every plan on offer. One that nobody has wanted yet has none there.
 *
 * @throws {PaymentProviderError}
 */
export async function checkCatalogue(em: EntityManager, provider: PaymentProvider): Promise<CatalogueCheck> {
  const prices = await em.find(
    PlanPrice,
    { archivedAt: null, providerPriceId: { $ne: null }, plan: { status: 'active' } },
    { populate: ['plan'], orderBy: { plan: { code: 'asc' } } },
  )
  const found = await Promise.all(
    prices.map(async ({ providerPriceId, plan }) => ({
      code: plan.$.code,
      truth: await provider.fetchCatalogueItem({ kind: 'price', id: providerPriceId ?? '' }),
    })),
  )
  return {
    asked: found.length,
    unknown: found.filter(({ truth }) => truth === null).map(({ code }) => code),
    withdrawn: found.filter(({ truth }) => truth?.isActive === false).map(({ code }) => code),
  }
}
